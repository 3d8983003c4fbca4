"""Step 1, import: the table of a sheet becomes a frame, each row with its row in the sheet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import polars as pl

from importkit.errors import SourceError, visible
from importkit.problems import ROWS, Code, listed
from importkit.source.dialect import Dialect
from importkit.source.frames import LINE, PROBLEM, column_names
from importkit.source.heads import (
    AreNames,
    Header,
    Record,
    describe_found,
    joined_names,
    with_header_found,
)
from importkit.source.sheets.marks import Area, Cell, Marks
from importkit.source.sheets.text_numbers import FindTexts, find_doubtful
from importkit.source.sheets.values import as_seen, moments_of, typed_values
from importkit.source.tables import BATCH_ROWS, TableFile

COMMA = "[0-9],[0-9]"  # What a text with a decimal comma has.
LISTED = 3  # Areas and columns that a text names.


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet.

    Attributes:
        path: The workbook.
        name: The name of the sheet.
        values: The values of its cells as text, from its first row and from ``first`` on.
        first: The number, from 0, of its first column with a value or a formula.
        marks: What its cells show besides their values.
        load: Returns the columns with their types, without some rows above.
        find_texts: Returns which cells of columns hold texts.
    """

    path: Path
    name: str
    values: pl.DataFrame
    first: int
    marks: Marks
    load: Callable[[int], pl.DataFrame]
    find_texts: FindTexts

    @cached_property
    def texts(self) -> pl.DataFrame:
        """The cells as a person sees them, formulas without a value as formulas."""
        values = self.values.select(as_seen(name) for name in self.values.columns)
        marks = self.marks
        cells = marks.texts
        more = max((cell.row + 1 for cell in cells), default=0) - values.height
        columns = [_longer(column, more) for column in values]
        for place, seen in self.by_column(marks.moments).items():
            columns[place] = columns[place].scatter(list(seen), list(seen.values()))
        for place, seen in self.by_column(marks.in_doubt).items():
            if place < len(columns) and columns[place].str.contains(COMMA).any():
                columns[place] = columns[place].scatter(list(seen), list(seen.values()))
        for place, seen in self.by_column(cells).items():
            while place >= len(columns):
                columns.append(pl.Series([None] * len(columns[0]), dtype=pl.String))
            columns[place] = columns[place].scatter(list(seen), list(seen.values()))
        return pl.DataFrame([column.alias(str(n)) for n, column in enumerate(columns)])

    def by_column(
        self, cells: Iterable[Cell], above: int = 0
    ) -> dict[int, dict[int, str]]:
        """Return cells as texts by their place among the columns and their row.

        Args:
            cells: The cells.
            above: How many rows are left out.
        """
        found: dict[int, dict[int, str]] = {}
        for cell in cells:
            if cell.row >= above:
                found.setdefault(cell.column - self.first, {})[cell.row] = cell.text
        return found

    def records(self, above: int = 0) -> Iterator[Record]:
        """Yield the rows that are not empty, without some rows above, as records."""
        rows = self.texts.slice(above).iter_rows()
        for line, row in enumerate(rows, above + 1):
            if any(row):
                yield Record(line, line, [cell or "" for cell in row], "")

    def header(self, dialect: Dialect) -> Header:
        """Return where a dialect has the header, and the columns that it names.

        Raises:
            SourceError: There is no row that is not empty.
        """
        rows = list(islice(self.records(dialect.skip), dialect.header_rows))
        if not rows:
            raise SourceError(
                f'The sheet "{visible(self.name)}" of "{self.path.name}" has no header '
                f"behind the {dialect.skip:,} rows that its Dialect skips."
            )
        first, last = rows[0].line, rows[-1].line
        if not dialect.header:
            names = column_names([""] * len(rows[0].fields))
            return Header("", tuple(names), range(0), first - 1, (len(names),))
        names = column_names(joined_names([row.fields for row in rows]))
        lines = range(first, last + 1)
        return Header("", tuple(names), lines, last, (len(names),))


class SheetFile(TableFile):
    """The table of a sheet.

    Attributes:
        dialect: Where its header is: more or fewer rows may stand above it than stated.
        header: Its header.
        warnings: What is otherwise than its dialect says, and what a person does not see
            or sees otherwise, a sentence each.
        long: The rows of numbers of more digits than a spreadsheet keeps, by column.
        doubtful: The columns with texts among numbers that may be decimals or thousands.
    """

    def __init__(
        self, sheet: Sheet, dialect: Dialect, are_names: AreNames | None = None
    ) -> None:
        """Read the table.

        Args:
            sheet: The sheet.
            dialect: Where its header is, and whether merged cells are filled.
            are_names: Tells whether names are those of the columns. If those where the
                dialect has the header are not, rows above and below are tried.

        Raises:
            SourceError: The sheet has no header, or cannot be read.
        """
        self.dialect = dialect
        if are_names and dialect.header:
            self.dialect = with_header_found(
                dialect, sheet.header, sheet.records, are_names
            )
        self.header = sheet.header(self.dialect)
        df = _table(sheet, self.header, self.dialect)
        super().__init__(sheet.path, df.schema, lambda: df.iter_slices(BATCH_ROWS))
        if PROBLEM in df.columns:
            self.misfits = df.height - df[PROBLEM].null_count()
        self.long = _long(sheet, self.header, df)
        doubtful = _doubtful(sheet, self.header, df)
        self.doubtful = doubtful.keys()
        found = [describe_found(dialect, self.dialect, self.header)]
        self.warnings = (
            *(found if self.dialect != dialect else ()),
            *_unlike_seen(sheet, self.header, self.dialect),
            *_warnings_of_doubtful(doubtful),
        )


def _table(sheet: Sheet, header: Header, dialect: Dialect) -> pl.DataFrame:
    """Return typed columns, columns of text as a person sees it, and the rows."""
    above = header.above
    below = sheet.texts.slice(above)
    has_values = above < sheet.values.height
    columns = _typed(sheet, sheet.load(above), above) if has_values else [*below]
    some = below.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    if dialect.fill_merged:
        columns = _filled(columns, sheet, above)
    lines = pl.int_range(
        above + 1, above + 1 + below.height, dtype=pl.Int64, eager=True
    )
    head = sheet.texts.slice(header.lines.start - 1, len(header.lines))
    # A column without a name and without values holds only formats.
    kept = [
        column.alias(name)
        for column, name, names in zip(columns, header.names, head, strict=True)
        if names.null_count() < len(names) or column.null_count() < len(column)
    ]
    problems = _problems(sheet, header, lines)
    if problems is not None:
        kept.append(problems)
    return pl.DataFrame([*kept, lines.alias(LINE)]).filter(some)


def _typed(sheet: Sheet, values: pl.DataFrame, above: int) -> list[pl.Series]:
    """Return each column with its type, if it has one and a person sees it so."""
    marks = sheet.marks
    otherwise = sheet.by_column([*marks.seen, *marks.uncalculated], above)
    long = sheet.by_column(marks.long, above)
    moments = sheet.by_column(marks.moments, above)
    columns = []
    for place, text in enumerate(sheet.texts.slice(above)):
        column = typed_values(values[text.name]) if place < values.width else None
        if column is None and place in moments:
            column = moments_of(text)
        if column is None:
            columns.append(text)
            continue
        column = _longer(column, len(text) - len(column))
        is_text = place in otherwise or (place in long and not _is_quantity(column))
        # In a column of numbers the reader of workbooks takes words such as n/a for null.
        is_cut = column.null_count() > text.null_count()
        # And true for 1.
        is_cut |= column.dtype.is_numeric() and text.is_in(["true", "false"]).any()
        columns.append(text if is_text or is_cut else column)
    return columns


def _is_quantity(column: pl.Series) -> bool:
    """Return whether a column holds fractions: its large numbers are no codes."""
    return column.dtype.is_float() and bool((column != column.round()).any())


def _longer(column: pl.Series, more: int) -> pl.Series:
    return column.extend_constant(None, more) if more > 0 else column


def _filled(columns: list[pl.Series], sheet: Sheet, above: int) -> list[pl.Series]:
    """Give each row of merged cells the value of their first cell."""
    filled = list(columns)
    for area in _merged(sheet, above):
        place = area.left - sheet.first
        rows = list(
            range(area.top - above, min(area.bottom - above + 1, len(columns[0])))
        )
        column = filled[place]
        filled[place] = column.scatter(rows, column[rows[0]])
    return filled


def _merged(sheet: Sheet, above: int) -> list[Area]:
    """Return the areas of merged cells that begin in the rows of the table."""
    columns = range(sheet.first, sheet.first + sheet.texts.width)
    return [
        area
        for area in sorted(sheet.marks.merged)
        if above <= area.top < sheet.texts.height and area.left in columns
    ]


def _problems(sheet: Sheet, header: Header, lines: pl.Series) -> pl.Series | None:
    """Return what is wrong with each row; None if nothing is wrong with any."""
    reasons: dict[int, str] = {}
    for cell in sheet.marks.uncalculated:
        row = cell.row - header.above
        if row < 0:
            continue
        name = header.names[cell.column - sheet.first]
        what = f'"{visible(name)}" ({_place(cell.row, cell.column)}) is a formula'
        reasons[row] = f"{Code.UNCALCULATED}: {what} whose value nobody calculated"
    if not reasons:
        return None
    nothing = pl.Series(PROBLEM, [None] * len(lines), dtype=pl.String)
    return nothing.scatter(list(reasons), list(reasons.values()))


def _long(sheet: Sheet, header: Header, df: pl.DataFrame) -> dict[str, list[int]]:
    places = sheet.by_column(sheet.marks.long, header.above)
    rows = {
        header.names[place]: [n + 1 for n in seen] for place, seen in places.items()
    }
    return {n: lines for n, lines in rows.items() if df.schema.get(n) == pl.String}


def _doubtful(sheet: Sheet, header: Header, df: pl.DataFrame) -> dict[str, list[Cell]]:
    """Return the texts among numbers that may be decimals or thousands, by column."""
    names = [name for name in header.names if name in df.columns]
    found: dict[str, list[Cell]] = {}
    columns = [*sheet.texts.slice(header.above)]
    for cell in find_doubtful(columns, header.above, sheet.first, sheet.find_texts):
        name = header.names[cell.column - sheet.first]
        if name in names and df.schema[name] == pl.String:
            found.setdefault(name, []).append(cell)
    return found


def _warnings_of_doubtful(doubtful: Mapping[str, Sequence[Cell]]) -> Iterator[str]:
    for name, cells in doubtful.items():
        shown = [f'"{visible(c.text)}" in {_place(c.row, c.column)}' for c in cells]
        yield (
            f'"{visible(name)}" has texts among its numbers that may be decimals or '
            f"thousands: {_listed(shown)}. Ask for numbers in these cells."
        )


def _unlike_seen(sheet: Sheet, header: Header, dialect: Dialect) -> Iterator[str]:
    """Yield what a person who looks at the sheet does not see, or sees otherwise."""
    marks, above = sheet.marks, header.above
    rows = [n + 1 for n in marks.hidden_rows if above <= n < sheet.texts.height]
    if rows:
        yield f"The sheet hides {listed(rows, ROWS)}; an import reads hidden rows, too."
    hidden = [
        f'"{visible(name)}"'
        for place, name in enumerate(header.names)
        if name and any(a <= place + sheet.first <= b for a, b in marks.hidden_columns)
    ]
    if hidden:
        yield f"The sheet hides {_listed(hidden)}; an import reads hidden columns, too."
    areas = [
        f"{_place(area.top, area.left)}:{_place(area.bottom, area.right)}"
        for area in _merged(sheet, above)
    ]
    if areas:
        which = (
            "each row has its value"
            if dialect.fill_merged
            else (
                "only the first cell has the value (fill_merged=True in a Dialect gives it to "
                "each row)"
            )
        )
        yield f"Cells are merged, {_listed(areas)}: {which}."


def _listed(texts: Sequence[str]) -> str:
    more = len(texts) - LISTED
    return ", ".join(texts[:LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _place(row: int, column: int) -> str:
    """Return a place as sheets name it: ``AB12``."""
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
