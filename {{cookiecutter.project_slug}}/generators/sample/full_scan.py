"""All rows of a sample are read: the first say what its columns are, the others fit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
from polars import selectors as cs

from generators.inference import NO_VALUES, Column, Kind, merged, stripped
from generators.sample.columns_so_far import ColumnsSoFar, Infer, by_place
from generators.sample.counts import Counts
from generators.sample.distinct import Distinct
from generators.sample.keys import likely_pairs
from generators.sample.rows import ahead, head_of
from importkit.source import LINE

HEAD_ROWS = 50_000  # The columns are first inferred from these.
PASSES = 3  # Over all rows; a column that changes in the last one is text.

type Batches = Callable[[], Iterator[pl.DataFrame]]
type Measure = Callable[[pl.Series], Column]


@dataclass(frozen=True)
class Scanned:
    """What all rows of a sample show.

    Attributes:
        columns: Its columns, which all of its rows fit.
        head: The first rows, with their lines.
        known: The rows that the evidence of the columns counts: the first, and others
            from which a column was inferred as well.
        height: How many rows there are.
        repeats: For sets of headers, how many rows repeat an earlier one. A set that is
            missing here repeats, or was given up for its size.
    """

    columns: tuple[Column, ...]
    head: pl.DataFrame
    known: pl.DataFrame
    height: int
    repeats: Mapping[tuple[str, ...], int]


def scan(
    batches: Batches, infer: Infer, measure: Measure, key: Sequence[str] = ()
) -> Scanned:
    """Read all rows of a sample, in memory that does not grow with it.

    The columns are inferred from the first rows. Each further row either fits the
    columns, or is added to the rows from which they are inferred. Most samples are read
    once: again only where rows that were read before may not fit what a column has
    become.

    Args:
        batches: Yields the rows with their lines, each time from the first one on.
        infer: Infers the columns of text from some rows.
        measure: Returns what a column is that has a type, from some of its values.
        key: The headers of a natural key that the user asks for.

    Raises:
        ValueError: Values do not fit what the user states of a column.
    """
    head, rest = head_of(batches(), HEAD_ROWS)
    columns = ColumnsSoFar.inferred(head, infer)
    alone = _never_repeating(head)
    asked = [head.columns.index(header) for header in key]
    for number in range(1, PASSES + 1):
        is_last = number == PASSES
        if is_last:
            columns = columns.as_text(columns.changed)
        columns = replace(columns, changed=frozenset(), telling=None)
        distinct = Distinct([*alone, *likely_pairs(columns.columns)], asked)
        totals = Totals(distinct, measure)
        rows = rest
        if number == 1:
            columns = _read([head], columns, totals, is_last=is_last).keeping_telling()
        else:
            rows = batches()
        columns = _read(ahead(rows), columns, totals, is_last=is_last)
        if not columns.changed:
            break
    return _scanned(head, columns, totals)


class Totals:
    """What is counted of all rows in one pass over them.

    Attributes:
        height: The number of rows.
        counts: The counts of each column of text, by its place.
        typed: The measures of each column that has a type, by its place.
        distinct: The sets of columns that no two rows share.
    """

    def __init__(self, distinct: Distinct, measure: Measure) -> None:
        """Begin to count."""
        self._measure = measure
        self.distinct = distinct
        self.counts: dict[int, Counts] = {}
        self.typed: dict[int, Column] = {}
        self.height = 0

    def add(
        self, batch: pl.DataFrame, cells: pl.DataFrame, counts: Mapping[int, Counts]
    ) -> None:
        """Count the rows of a batch.

        Args:
            batch: The rows with their lines.
            cells: Their cells as what may repeat, empty ones null.
            counts: The counts of the columns of text.
        """
        for place, found in counts.items():
            self.counts[place] = self.counts.get(place, Counts()).plus(found)
        for place in _places(batch).keys() - counts.keys():
            column = self._measure(batch.to_series(place).alias(""))
            before = self.typed.get(place)
            self.typed[place] = merged(before, column) if before else column
        self.distinct.add(cells)
        self.height += batch.height


def _read(
    batches: Iterable[pl.DataFrame],
    columns: ColumnsSoFar,
    totals: Totals,
    *,
    is_last: bool,
) -> ColumnsSoFar:
    """Count the rows of batches, and correct the columns where a batch does not fit."""
    telling: list[pl.DataFrame] = []
    for batch in batches:
        cells = columns.cells_of(batch)
        counts = columns.counted(cells)
        if any(found.odd for found in counts.values()):
            cells = by_place(stripped(batch))
            columns = columns.corrected(batch, cells, is_last=is_last)
            counts = columns.counted(cells)
        totals.add(batch, cells.with_columns(columns.repeatable()), counts)
        columns, rows = columns.without_telling(batch, cells, counts)
        if rows.height:
            telling.append(rows)
    return columns.learned(pl.concat(telling), is_last=is_last) if telling else columns


def _scanned(head: pl.DataFrame, columns: ColumnsSoFar, totals: Totals) -> Scanned:
    headers = _places(head)
    repeats = totals.distinct.repeats()
    found = []
    for place, header in headers.items():
        if place in totals.typed:
            column = totals.typed[place]
        else:
            counts = totals.counts[place]
            column = _measured(columns.columns[place], counts, totals.height)
        is_distinct = repeats.get((place,)) == 0 and column.rows - column.nulls > 1
        unique = is_distinct and not column.shortened
        found.append(replace(column, header=header, unique=unique))
    named = {
        tuple(headers[place] for place in places): count
        for places, count in repeats.items()
    }
    return Scanned(tuple(found), head, columns.known, totals.height, named)


def _measured(column: Column, counts: Counts, height: int) -> Column:
    """Return a column of text with the measures of all rows."""
    least, most = (None if n is None else int(n) for n in (counts.low, counts.high))
    is_whole = column.kind is Kind.INTEGER
    whole_digits = str(max(abs(least or 0), abs(most or 0))).lstrip("0")
    return replace(
        column,
        rows=height,
        # In a column that has become text, null words and errors are values.
        nulls=counts.empty + (0 if column.kind is Kind.TEXT else counts.words),
        width=counts.width or 0,
        minimum=least if is_whole else None,
        maximum=most if is_whole else None,
        digits=len(whole_digits) if column.kind is Kind.DECIMAL else 0,
    )


def _places(batch: pl.DataFrame) -> dict[int, str]:
    """Return the headers of the columns, without the line, by their places."""
    return {p: name for p, name in enumerate(batch.columns) if name != LINE}


def _never_repeating(head: pl.DataFrame) -> list[list[int]]:
    """Return the columns, each as a set, in which no value of the first rows repeats.

    Null words may repeat; a column that has a type is not looked at.
    """
    texts = by_place(head).select(cs.string().str.strip_chars())
    value = pl.all().filter((pl.all() != "") & ~pl.all().str.contains(NO_VALUES))
    repeats = texts.select(value.n_unique() < value.len()).rows(named=True)
    repeating = {place for row in repeats for place, is_so in row.items() if is_so}
    return [[place] for place in _places(head) if str(place) not in repeating]
