"""Step 1, import: how many cells the sheets of an .xlsx workbook take up, before they are read.

The reader of workbooks makes room for all cells between the first and the last one that holds
something. A workbook of two kilobytes, with one cell in the first and one in the last corner,
would take 500 gigabytes, and end the process. Of .ods, it counts the cells itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_uppercase

import polars as pl

# The most cells of a sheet, empty ones between others included, at 32 bytes each. Sheets
# that are full reach the limit of what a workbook may unpack to before.
MOST_CELLS = 50_000_000
ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
# The tags of rows and cells; a cell that is closed at once holds nothing.
TAG = rf"<(?:[\w.-]+:)?(?:row|c)(?:\s{ATTRIBUTES}|/)?>"
REFERENCE = r"""\sr\s*=\s*["']([A-Za-z]*)(\d*)["']"""


@dataclass
class Extent:
    """The cells between the first and the last one of a sheet, as far as it was seen.

    Attributes:
        rows: The number of the last row that holds anything.
        first: The number, from 1, of the first column that holds anything.
        last: The number of the last one, by the references of cells.
        most: The most cells of a row that have no reference, and leave their place to the
            cells before them.
    """

    rows: int = 0
    first: int = 0
    last: int = 0
    most: int = 0
    _row: int = 0
    _places: int = 0

    @property
    def cells(self) -> int:
        """How many cells there are; rather more than fewer."""
        first = 1 if self.most else self.first
        last = self.last + self.most
        return self.rows * (last - first + 1) if last else 0

    def see(self, text: str) -> None:
        """Take account of whole tags."""
        tags = pl.Series([text]).str.extract_all(TAG).explode().drop_nulls()
        if tags.is_empty():
            return
        df = pl.select(
            is_row=tags.str.contains(r"^<(?:[\w.-]+:)?row"),
            is_empty=tags.str.ends_with("/>"),
            letters=tags.str.extract(REFERENCE, 1).str.to_uppercase(),
            number=tags.str.extract(REFERENCE, 2).cast(pl.Int64, strict=False),
        )
        rows, filled = (
            df.filter("is_row"),
            df.filter(~pl.col("is_row") & ~pl.col("is_empty")),
        )
        numbers = pl.concat([rows["number"], filled["number"]]).drop_nulls()
        # A row without a number is behind the one before.
        self._row = max([self._row, *numbers]) + rows["number"].null_count()
        self._count_places(df)
        if filled.is_empty():
            return
        self.rows = self._row
        columns = [_number(name) for name in filled["letters"].drop_nulls().unique()]
        columns = [column for column in columns if column]
        self.first = min([self.first, *columns] if self.first else columns, default=0)
        self.last = max([self.last, *columns])

    def _count_places(self, df: pl.DataFrame) -> None:
        is_counted = ~pl.col("is_row") & (pl.col("letters").fill_null("") == "")
        by_row = df.group_by(pl.col("is_row").cum_sum(), maintain_order=True).agg(
            is_counted.sum().alias("places")
        )
        places = by_row["places"].to_list()
        if not df["is_row"][0]:
            places[0] += self._places  # Its row has begun before.
        self._places = places[-1]
        self.most = max(self.most, *places)


def watched(chunks: Iterable[bytes]) -> Iterator[int]:
    """Yield, for each chunk of a part, how many cells its sheet takes up so far.

    A part that is not a sheet has no cells.
    """
    extent = Extent()
    rest = b""
    for chunk in chunks:
        data, rest = _cut(rest + chunk)
        extent.see(data.decode("latin-1"))
        yield extent.cells
    extent.see(rest.decode("latin-1"))
    yield extent.cells


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """Return whole tags, and the tag that has only begun."""
    start = data.rfind(b"<")
    return (data[:start], data[start:]) if start >= 0 else (data, b"")


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ascii_uppercase.index(letter) + 1
    return number
