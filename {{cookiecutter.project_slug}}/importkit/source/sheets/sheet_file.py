"""Step 1, import: the table of a sheet becomes a frame, each row with its row in the sheet."""

import polars as pl

from importkit.errors import visible
from importkit.problems import Code
from importkit.source.dialect import Dialect
from importkit.source.frames import LINE, PROBLEM
from importkit.source.heads import (
    AreNames,
    Header,
    describe_found,
    with_header_found,
)
from importkit.source.sheets.marks import Cell
from importkit.source.sheets.remarks import (
    place_of,
    remarks_on_doubts,
    remarks_on_sheet,
)
from importkit.source.sheets.sheet import Sheet
from importkit.source.sheets.text_numbers import find_doubtful
from importkit.source.sheets.values import longer, moments_of, typed_values
from importkit.source.tables import BATCH_ROWS, TableFile


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
            *remarks_on_sheet(sheet, self.header, self.dialect),
            *remarks_on_doubts(doubtful),
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
        column = longer(column, len(text) - len(column))
        is_text = place in otherwise or (place in long and not _is_quantity(column))
        # In a column of numbers the reader of workbooks takes words such as n/a for null,
        # and true for 1.
        is_cut = column.null_count() > text.null_count()
        is_cut |= column.dtype.is_numeric() and text.is_in(["true", "false"]).any()
        columns.append(text if is_text or is_cut else column)
    return columns


def _is_quantity(column: pl.Series) -> bool:
    """Return whether a column holds fractions: its large numbers are no codes."""
    return column.dtype.is_float() and bool((column != column.round()).any())


def _filled(columns: list[pl.Series], sheet: Sheet, above: int) -> list[pl.Series]:
    """Give each row of merged cells the value of their first cell."""
    filled = list(columns)
    for area in sheet.merged(above):
        place = area.left - sheet.first
        rows = list(
            range(area.top - above, min(area.bottom - above + 1, len(columns[0])))
        )
        column = filled[place]
        filled[place] = column.scatter(rows, column[rows[0]])
    return filled


def _problems(sheet: Sheet, header: Header, lines: pl.Series) -> pl.Series | None:
    """Return what is wrong with each row; None if nothing is wrong with any."""
    found: dict[int, list[str]] = {}
    for cell in sheet.marks.uncalculated:
        if cell.row >= header.above:
            name = visible(header.names[cell.column - sheet.first])
            what = f'"{name}" ({place_of(cell.row, cell.column)}) is a formula'
            reasons = found.setdefault(cell.row - header.above, [])
            reasons.append(f"{what} whose value nobody calculated")
    if not found:
        return None
    problems = [f"{Code.UNCALCULATED}: {'; '.join(why)}" for why in found.values()]
    nothing = pl.Series(PROBLEM, [None] * len(lines), dtype=pl.String)
    return nothing.scatter(list(found), problems)


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
