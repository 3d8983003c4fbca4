"""The rows of a sample: the first say what its columns are, then all others are asked."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from generators.inference import (
    CHOICES,
    NULL_WORDS,
    PLAIN,
    TEXTS,
    Column,
    Kind,
    fits,
    includes,
    is_unusual,
    keeps,
    merged,
    odd,
    stripped,
    value_of,
)
from generators.sample.distinct import Distinct
from generators.sample.keys import likely_pairs
from generators.sample.rows import ahead, head_of
from generators.sample.tally import Tally, tallied, values
from importkit import cleaning
from importkit.source import LINE

HEAD_ROWS = 50_000  # From these the columns are inferred.
ODD_ROWS = 100  # So many of the rows of a batch that do not fit correct a column.
ASKED_ROWS = 100  # So many values of a column of text may make it something else.
CORRECTIONS = 12  # Of the columns, by one batch.
PASSES = 3  # Over all rows; in the last what is not settled is text.
NONE = pl.lit(value=False)

type Batches = Callable[[], Iterator[pl.DataFrame]]
type Infer = Callable[[pl.DataFrame], Sequence[Column]]
type Measure = Callable[[pl.Series], Column]


@dataclass(frozen=True)
class Surveyed:
    """What all rows of a sample say.

    Attributes:
        columns: Its columns, which all of its rows fit.
        head: The first rows, with their lines.
        known: The rows that the evidence of the columns counts: the first, and others
            from which a column was inferred as well.
        height: How many rows there are.
        repeats: For sets of headers, how many rows repeat an earlier one; of a set that
            is not there, some do, or nobody knows.
    """

    columns: tuple[Column, ...]
    head: pl.DataFrame
    known: pl.DataFrame
    height: int
    repeats: Mapping[tuple[str, ...], int]


def survey(
    batches: Batches, infer: Infer, measure: Measure, key: Sequence[str] = ()
) -> Surveyed:
    """Look at all rows of a sample, in memory that does not grow with it.

    The columns are inferred from the first rows. Each further row either fits what they
    are, or joins those that they are inferred from. Most samples are read once: again
    only where rows that were looked at before may not fit what a column has become.

    Args:
        batches: Yields the rows with their lines, each time from the first one on.
        infer: Infers the columns of text from some rows.
        measure: Says what a column is that has a type, from some of its values.
        key: The headers of a natural key that the user asks for.

    Raises:
        ValueError: Values do not fit what the user says of a column.
    """
    head, rest = head_of(batches(), HEAD_ROWS)
    state = Survey(head, infer, measure, key)
    for turn in range(PASSES):
        state.begin(is_last=turn == PASSES - 1)
        if turn == 0:
            state.add(head)
            state.ask()
        for batch in ahead(rest if turn == 0 else batches()):
            state.add(batch)
        if state.is_settled():
            break
    return state.surveyed()


class Survey:
    """What the rows that were looked at say of the columns of a sample.

    A column is known by its place.
    """

    def __init__(
        self, head: pl.DataFrame, infer: Infer, measure: Measure, key: Sequence[str]
    ) -> None:
        """Infer the columns from the first rows."""
        self._infer, self._measure = infer, measure
        self._head = self._known = head
        self._headers = {p: name for p, name in enumerate(head.columns) if name != LINE}
        self._key = [head.columns.index(header) for header in key]
        self._texts = [p for p in self._headers if head.dtypes[p] == pl.String]
        self._columns = self._inferred()
        self._maybe_unique: list[Sequence[int]] = [
            [place]
            for place in self._headers
            if place not in self._columns or _repeats_nothing(head.to_series(place))
        ]
        self._choices = {p: _few(head.to_series(p)) for p in self._texts}
        # How many values may still be asked for what else a column of text may be.
        self._left = dict.fromkeys(self._texts, 0)
        self._asked: list[pl.DataFrame] = []
        # The columns whose values fit less well than infer has it, and those that
        # are text because they do not fit at all.
        self._doubtful: set[int] = set()
        self._texts_for_good: set[int] = set()
        self._unsettled: set[int] = set()
        self._tallying: list[pl.Expr] = []

    def begin(self, *, is_last: bool) -> None:
        """Begin with the first row."""
        self._is_last = is_last
        if is_last:
            self._keep_as_text(self._unsettled)
        self._unsettled, self._tallying = set(), []
        self._tallies = dict.fromkeys(self._texts, Tally())
        self._typed: dict[int, Column] = {}
        self._height = 0
        pairs = likely_pairs(self._columns)
        self._distinct = Distinct([*self._maybe_unique, *pairs], self._key)

    def ask(self) -> None:
        """From here on, keep what may make something else of columns of text."""
        self._left = dict.fromkeys(self._texts, ASKED_ROWS)
        self._tallying = []

    def add(self, batch: pl.DataFrame) -> None:
        """Look at the next rows, and correct what they do not fit."""
        # What has a type and is padded is odd, and rare: only text is stripped at once.
        cells = _by_place(batch.with_columns(self._stripped_texts()))
        tallies = self._tallied(cells)
        if any(tally.odd for tally in tallies.values()):
            cells = _by_place(stripped(batch))
            tallies = self._corrected(batch, cells)
        for place, tally in tallies.items():
            self._tallies[place] = self._tallies[place].plus(tally)
        self._keep_asked(
            batch, cells, [p for p, tally in tallies.items() if tally.asks]
        )
        for place in self._headers.keys() - self._columns.keys():
            column = self._measure(batch.to_series(place).alias(""))
            before = self._typed.get(place)
            self._typed[place] = merged(before, column) if before else column
        self._distinct.add(cells.with_columns(self._repeatable()))
        self._height += batch.height

    def _corrected(self, batch: pl.DataFrame, cells: pl.DataFrame) -> dict[int, Tally]:
        for _ in range(CORRECTIONS):
            tallies = self._tallied(cells)
            misfits = {p: self._odd(p) for p, found in tallies.items() if found.odd}
            if not misfits:
                return tallies
            self._correct(batch, cells, misfits)
        self._keep_as_text(p for p, tally in self._tallied(cells).items() if tally.odd)
        return self._tallied(cells)

    def is_settled(self) -> bool:
        """Say whether all rows fit the columns, once all are added."""
        if self._asked:
            self._learn(pl.concat(self._asked))
            self._asked, self._left = [], dict.fromkeys(self._texts, 0)
        return not self._unsettled

    def surveyed(self) -> Surveyed:
        """Return what the rows say, once all are added."""
        repeats = self._distinct.repeats()
        columns = []
        for place in self._headers:
            column = self._typed.get(place) or self._measured(place)
            unique = repeats.get((place,)) == 0 and column.rows - column.nulls > 1
            header = self._headers[place]
            columns.append(replace(column, header=header, unique=unique))
        named = {
            tuple(self._headers[place] for place in places): count
            for places, count in repeats.items()
        }
        return Surveyed(tuple(columns), self._head, self._known, self._height, named)

    def _stripped_texts(self) -> list[pl.Expr]:
        texts = [p for p, column in self._columns.items() if column.kind is Kind.TEXT]
        return [pl.nth(p).str.strip_chars().replace("", None) for p in texts]

    def _repeatable(self) -> list[pl.Expr]:
        """Return what of the cells may repeat: values, and numbers however written."""
        found = []
        for place, column in self._columns.items():
            value = values(column, pl.nth(place))
            if column.kind is Kind.INTEGER and is_unusual(column):
                found.append(value_of(column, value).cast(pl.String).alias(str(place)))
            elif column.null_tokens:
                found.append(value)
        return found

    def _inferred(self) -> dict[int, Column]:
        return dict(zip(self._texts, self._infer(self._known), strict=True))

    def _tallied(self, cells: pl.DataFrame) -> dict[int, Tally]:
        if not self._texts:
            return {}
        # Making expressions costs as much as many rows do: they are kept.
        if not self._tallying:
            self._tallying = [self._tally(p).alias(str(p)) for p in self._texts]
        found = self._with_values(cells).select(self._tallying).collect().row(0)
        return {p: Tally(**told) for p, told in zip(self._texts, found, strict=True)}

    def _with_values(self, cells: pl.DataFrame) -> pl.LazyFrame:
        """Add what an import makes of the text of columns that are not text."""
        return cells.lazy().with_columns(
            value_of(column, values(column, pl.nth(place))).alias(_read_name(place))
            for place, column in self._columns.items()
            if column.kind not in TEXTS
        )

    def _tally(self, place: int) -> pl.Expr:
        column, cells = self._columns[place], pl.nth(place)
        value = values(column, cells)
        is_number = column.kind in {Kind.INTEGER, Kind.DECIMAL}
        return tallied(
            cleaning.unwrapped()(value) if column.wrapped else value,
            pl.col(_read_name(place)) if is_number else None,
            empty=cells.is_null(),
            words=cells.is_not_null() & value.is_null(),
            odd=self._odd(place),
            asks=self._asks(place),
        )

    def _odd(self, place: int) -> pl.Expr:
        """Say which values are not as a column is taken to be."""
        if place in self._texts_for_good:
            return NONE
        column = self._columns[place]
        read = None if column.kind in TEXTS else pl.col(_read_name(place))
        is_good = fits if place in self._doubtful else keeps
        return odd(column, values(column, pl.nth(place)), read, is_good)

    def _asks(self, place: int) -> pl.Expr:
        """Say which values of text may make it something else, or no list of choices."""
        column, value = self._columns[place], pl.nth(place)
        if column.kind is not Kind.TEXT or not self._left[place]:
            return NONE
        if column.mark:
            # Both together, 5 and 1,230 prove thousands.
            return ~value.str.contains(re.escape(column.mark) + ".*[1-9][^0-9]*$")
        if column.rows - column.nulls < ASKED_ROWS:
            return value.is_not_null()
        choices = self._choices[place]
        return ~value.is_in(choices) if choices else NONE

    def _correct(
        self, batch: pl.DataFrame, cells: pl.DataFrame, odd: Mapping[int, pl.Expr]
    ) -> None:
        """Infer the columns again, from what does not fit them as well."""
        before = dict(self._columns)
        wanted = [mask & (mask.cum_sum() <= ODD_ROWS) for mask in odd.values()]
        found = self._with_values(cells).select(pl.any_horizontal(wanted)).collect()
        self._learn(batch.filter(found.to_series()))
        same = {p for p in odd if _is_same(self._columns[p], before[p])}
        self._keep_as_text(same & self._doubtful)
        self._doubtful |= same
        self._tallying = []

    def _keep_asked(
        self, batch: pl.DataFrame, cells: pl.DataFrame, places: Sequence[int]
    ) -> None:
        """Keep the rows of values that may tell more."""
        if not places:
            return
        masks = {p: self._asks(p).fill_null(value=False) for p in places}
        wanted = [mask & (mask.cum_sum() <= self._left[p]) for p, mask in masks.items()]
        found = cells.select(wanted=pl.any_horizontal(wanted)).to_series()
        self._asked.append(batch.filter(found))
        for place, mask in masks.items():
            self._left[place] -= min(self._left[place], cells.select(mask.sum()).item())
        self._tallying = []

    def _learn(self, rows: pl.DataFrame) -> None:
        # A row may be odd in one column, and asked for another.
        known = pl.concat([self._known, rows])
        self._known = known.unique(LINE, keep="first", maintain_order=True)
        inferred = self._inferred()
        for place in inferred.keys() - self._texts_for_good:
            if not includes(inferred[place], self._columns[place]):
                self._unsettled.add(place)
            self._columns[place] = inferred[place]
        if self._is_last:
            self._keep_as_text(self._unsettled)

    def _keep_as_text(self, places: Iterable[int]) -> None:
        for place in places:
            why = "values fit no one reading"
            self._columns[place] = replace(
                PLAIN, header=self._headers[place], evidence=why
            )
            self._texts_for_good.add(place)
        self._tallying = []

    def _measured(self, place: int) -> Column:
        """Return a column with the measures of all rows."""
        column, tally = self._columns[place], self._tallies[place]
        least, most = (None if n is None else int(n) for n in (tally.low, tally.high))
        is_whole = column.kind is Kind.INTEGER
        whole_digits = str(max(abs(least or 0), abs(most or 0))).lstrip("0")
        return replace(
            column,
            rows=self._height,
            # To text that it was not at first, those words are values.
            nulls=tally.empty + (tally.words if column.null_tokens else 0),
            width=tally.width or 0,
            minimum=least if is_whole else None,
            maximum=most if is_whole else None,
            digits=len(whole_digits) if column.kind is Kind.DECIMAL else 0,
        )


def _is_same(one: Column, other: Column) -> bool:
    """Say whether two columns take the same texts for the same values."""
    return (one.reading, one.null_tokens, one.scale, one.formats, one.mark) == (
        *(other.reading, other.null_tokens, other.scale, other.formats, other.mark),
    )


def _repeats_nothing(cells: pl.Series) -> bool:
    """Say whether no value comes twice, but for words that may mean nothing."""
    # To polars, a name such as "^x$" is a pattern.
    text = cells.alias("").str.strip_chars().drop_nulls()
    found = text.filter((text != "") & ~text.str.contains(NULL_WORDS))
    return found.n_unique() == len(found)


def _by_place(cells: pl.DataFrame) -> pl.DataFrame:
    """Name columns by their places: to polars, a name such as "^x$" is a pattern."""
    return cells.rename(
        dict(zip(cells.columns, map(str, range(cells.width)), strict=True))
    )


def _read_name(place: int) -> str:
    return f"read {place}"


def _few(cells: pl.Series) -> list[str]:
    """Return the distinct values of a column, if they are few."""
    # To polars, a name such as "^x$" is a pattern.
    distinct = cells.alias("").str.strip_chars().replace("", None).drop_nulls().unique()
    return distinct.to_list() if len(distinct) <= CHOICES else []
