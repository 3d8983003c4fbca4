"""Step 1, import: the cells of a sheet as a person sees them, and where their table starts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import polars as pl

from importkit.display_names import shown_name
from importkit.errors import SourceError, visible
from importkit.source.dialect import Dialect
from importkit.source.frames import column_names
from importkit.source.heads import Header, Record, joined_names
from importkit.source.sheets.marks import Area, Cell, Marks
from importkit.source.sheets.text_numbers import FindTexts
from importkit.source.sheets.values import as_seen, longer

COMMA = "[0-9],[0-9]"  # What a text with a decimal comma has.


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
        columns = [longer(column, more) for column in values]
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
                f'The sheet "{visible(self.name)}" of "{shown_name(self.path)}" has no header '
                f"behind the {dialect.skip:,} rows that its Dialect skips."
            )
        first, last = rows[0].line, rows[-1].line
        if not dialect.header:
            names = column_names([""] * len(rows[0].fields))
            return Header("", tuple(names), range(0), first - 1, (len(names),))
        names = column_names(joined_names([row.fields for row in rows]))
        lines = range(first, last + 1)
        return Header("", tuple(names), lines, last, (len(names),))

    def merged(self, above: int) -> list[Area]:
        """Return the areas of merged cells that begin below some rows."""
        columns = range(self.first, self.first + self.texts.width)
        return [
            area
            for area in sorted(self.marks.merged)
            if above <= area.top < self.texts.height and area.left in columns
        ]
