"""Step 1, import: how many cells the sheets of an .xlsx workbook take up, before they are read.

The reader of workbooks makes room for all cells between the first and the last one that holds
something. A workbook of two kilobytes, with one cell in the first and one in the last corner,
would take 500 gigabytes, and end the process. Of .ods, it counts the cells itself.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase
from typing import IO
from zipfile import ZipFile

import polars as pl

from importkit.source.opening import STEP_BYTES

# The most cells of a sheet, empty ones between others included, at 32 bytes each. Sheets
# that are full reach the limit of what a workbook may unpack to before.
MOST_CELLS = 50_000_000
ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
# The tags of rows and cells; a cell that is closed at once holds nothing.
TAG = rf"<(?:[\w.-]+:)?(?:row|c)(?:\s{ATTRIBUTES}|/)?>"
OF_SHARED_TEXT = r"""\st\s*=\s*["']s["']"""
SHARED_TEXTS = "xl/sharedstrings.xml"
MOST_TEXT = 2_000_000_000  # The most bytes that the texts of all cells have together.
ITEM = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
# What stands between the tag of a cell and its value, such as a formula, may be anything.
NUMBER_OF_TEXT = re.compile(
    rb"""\st\s*=\s*["']s["'][^<>]*>.{,9000}?<(?:[\w.-]+:)?v[^<>]*>\s*(\d{1,9})""",
    re.DOTALL,
)
MOST_BETWEEN = 10_000  # Bytes of such a cell that the end of a chunk may have cut.
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
        shared: How many cells have one of the texts that all sheets share.
    """

    rows: int = 0
    first: int = 0
    last: int = 0
    most: int = 0
    shared: int = 0
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
        self.shared += int(tags.str.contains(OF_SHARED_TEXT).sum())
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


def watched(chunks: Iterable[bytes], extent: Extent) -> Iterator[int]:
    """Yield, for each chunk of a part, how many cells its sheet takes up so far.

    Args:
        chunks: The part; one that is not a sheet has no cells.
        extent: What is added up.
    """
    rest = b""
    for chunk in chunks:
        data, rest = _cut(rest + chunk)
        extent.see(data.decode("latin-1"))
        yield extent.cells
    extent.see(rest.decode("latin-1"))
    yield extent.cells


def is_text_too_long(archive: ZipFile, cells: int) -> bool:
    """Return whether the texts of all cells together have more than ``MOST_TEXT`` bytes.

    A text of megabytes that a workbook holds once may be that of a million cells.

    Args:
        archive: The workbook.
        cells: How many cells have one of the shared texts.
    """
    parts = [name for name in archive.namelist() if name.lower() == SHARED_TEXTS]
    if not (cells and parts):
        return False
    data = archive.read(parts[0])
    starts = [match.start() for match in ITEM.finditer(data)]
    sizes = [stop - start for start, stop in pairwise([*starts, len(data)])]
    if max(sizes, default=0) * cells <= MOST_TEXT:
        return False
    total = 0
    for name in archive.namelist():
        with archive.open(name) as file:
            total += sum(_sizes_of_texts(file, sizes))
        if total > MOST_TEXT:
            return True
    return False


def _sizes_of_texts(file: IO[bytes], sizes: Sequence[int]) -> Iterator[int]:
    """Yield the sizes of the shared texts of the cells of a part."""
    rest = b""
    while chunk := file.read(STEP_BYTES):
        data = rest + chunk
        end = 0
        for match in NUMBER_OF_TEXT.finditer(data):
            end = match.end()
            number = int(match[1])
            yield sizes[number] if number < len(sizes) else 0
        rest = data[end:][-MOST_BETWEEN:]


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """Return whole tags, and the tag that has only begun."""
    start = data.rfind(b"<")
    return (data[:start], data[start:]) if start >= 0 else (data, b"")


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ascii_uppercase.index(letter) + 1
    return number
