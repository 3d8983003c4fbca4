"""Step 1, import: where the table of a sample starts, and which rows are its header."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from importkit.source.delimited.records import Record
from importkit.source.detection.separators import MOMENT, VALUE

ADDRESS = re.compile(r"\w+://\S+|[^@\s]+@[^@\s]+\.\w+")
YEAR = re.compile(r"(19|20)\d\d")
NULL_WORD = re.compile(r"[-.?*]*|n/?a|nan|null|none", re.IGNORECASE)
MOMENTS = re.compile(MOMENT)
LEAST_COUNTED = 3  # Numbers that count columns, 1, 2, 3: two may do so by chance.
LOOK_AHEAD = 5  # Rows in which a fuller header is sought, below the first full width.
MOST_ROWS = 4  # Rows that a header may have.
MOSTLY = 0.9  # The share of values in a column of values; a few cells may be notes.
LEAST_CODES = 3  # Cells of one shape, such as "A99": two may be alike by chance.

type Row = Sequence[str]


class Start(NamedTuple):
    """Where a table starts.

    Attributes:
        skip: How many lines of the file stand above the table.
        header: Whether its first record names the columns.
        header_rows: How many records name the columns.
        trailing: Whether rows end with a separator that the header lacks.
    """

    skip: int
    header: bool = True
    header_rows: int = 1
    trailing: bool = False


def find_start(records: Sequence[Record], separator: str) -> Start:
    """Return where the table starts in the first records of a file."""
    readable = [record for record in records if record.fields]
    if not readable:
        return Start(0)
    rows = [[cell.strip() for cell in record.fields] for record in readable]
    first = _first_row(rows)
    separators = _usual_width(rows) - 1
    for record in records[: records.index(readable[first])]:
        # A record that cannot be read is not a title if it has as many separators as
        # rows have: it may be the header.
        if record.error and record.text.count(separator) >= max(separators, 1):
            return Start(record.line - 1)
    if not _is_header(rows[first], rows[first + 1 :]):
        return Start(readable[first].line - 1, header=False)
    top, bottom = _rows_of_header(rows, first)
    trailing = _are_trailing(rows[bottom], rows[bottom + 1 :])
    return Start(
        readable[top].line - 1, header_rows=bottom - top + 1, trailing=trailing
    )


def names_columns(row: Row, below: Sequence[Row]) -> int:
    """Return how many cells of a row are names of their columns, less those that are values.

    Args:
        row: The row.
        below: The rows below it.

    Returns:
        -1 if the row holds a value or a null word.
    """
    is_row = any(is_value(cell) or NULL_WORD.fullmatch(cell) for cell in row)
    return -1 if is_row else _votes(row, below)


def _are_trailing(header: Row, rows: Sequence[Row]) -> bool:
    """Return whether most rows have one cell more than the header, and it is empty."""
    longer = [row for row in rows if len(row) == len(header) + 1]
    is_most = 2 * len(longer) > len(rows)
    return is_most and bool(header[-1]) and not any(row[-1] for row in longer)


def _first_row(rows: Sequence[Row]) -> int:
    """Return the first row that has about as many filled cells as rows of the table."""
    width = _usual_width(rows)
    if width == 1:
        return 0
    filled = [sum(map(bool, row)) for row in rows]
    typical = sorted(
        n for n, row in zip(filled, rows, strict=True) if len(row) == width
    )
    usual = typical[len(typical) // 2]
    for place, row in enumerate(rows):
        # A single cell is a title. But of two columns the first may have no name.
        is_title = filled[place] == 1 and (bool(row[0]) or width > 2)
        if 2 * filled[place] >= usual and not is_title:
            return _fuller(rows, place, width, usual)
    return 0


def _usual_width(rows: Sequence[Row]) -> int:
    """Return how many fields most rows of the table have; rows of one field count last."""
    widths = Counter(map(len, rows))
    several = {width: n for width, n in widths.items() if width > 1}
    if not several:
        return 1
    usual = max(several, key=lambda width: several[width])
    behind = len(rows) - next(
        n for n, row in enumerate(rows[::-1]) if len(row) == usual
    )
    # Many rows of two fields, a name and its value, may stand above a wider table.
    wider = Counter(len(row) for row in rows[behind:] if len(row) > usual == 2)
    fuller = [n for n in wider if n * wider[n] > usual * several[usual]]
    return min(fuller, default=usual)


def _fuller(rows: Sequence[Row], place: int, width: int, usual: int) -> int:
    """Return the row that names all columns, if it is a little below a row that does not."""
    is_short = len(rows[place]) < width
    if not is_short and 2 * sum(map(bool, rows[place])) > max(usual, width):
        return place
    wide = (n for n in range(place, len(rows)) if len(rows[n]) >= width)
    stop = min(next(wide, place) + LOOK_AHEAD, len(rows))
    for later in range(place + 1, stop):
        row = rows[later]
        if all(row) and len(row) >= usual and not any(map(is_value, row)):
            return later if _votes(row, rows[later + 1 :]) >= is_short else place
    return place


def _rows_of_header(rows: Sequence[Row], first: int) -> tuple[int, int]:
    """Return the first and the last row of a header of which one row is known."""
    top = bottom = first
    while top and first - top < MOST_ROWS and _names_groups(rows[top - 1], rows[first]):
        top -= 1
    while bottom - top + 1 < MOST_ROWS and _names_more(rows, bottom):
        bottom += 1
    return top, bottom


def _names_groups(row: Row, below: Row) -> bool:
    """Return whether a row names groups of columns over the width of the table."""
    filled = [place for place, cell in enumerate(row) if cell]
    if len(filled) < 2 or len(filled) == len(row) or len(row) != len(below):
        return False
    values = [cell for cell in row if is_value(cell) and not YEAR.fullmatch(cell)]
    return not values and 2 * filled[-1] >= len(below)


def _names_more(rows: Sequence[Row], place: int) -> bool:
    """Return whether the row below a row of the header is part of the header.

    It is if it names columns that have no name yet, or the units of columns of numbers.
    """
    if place + 2 >= len(rows):
        return False
    row, below = rows[place + 1], rows[place + 2 :]
    if any(map(is_value, row)) or len(row) != len(rows[place]):
        return False
    votes = [_vote(cell, _column(below, n)) for n, cell in enumerate(row)]
    if sum(votes) < 1 or min(votes) < 0:
        return False
    named = [bool(cell) for cell in rows[place]]
    new = [bool(cell) and not known for cell, known in zip(row, named, strict=True)]
    if any(new):
        return not row[0]
    numbers = [vote for cell, vote in zip(row, votes, strict=True) if cell]
    are_units = sum(numbers) >= 2 or (not row[0] and all(numbers))
    return are_units and not any(map(NULL_WORD.fullmatch, filter(None, row)))


def _is_header(first: Row, below: Sequence[Row]) -> bool:
    """Vote by column: a name above values speaks for a header, a value against it."""
    # Where tables follow each other, or files were joined, names come again.
    rows = [row for row in below if not _repeats(first, row)]
    rows = rows or [row for row in below if row != first]
    if _counts(first) and not any(map(_counts, rows)):
        return True
    return _votes(first, rows) >= 0 and (bool(rows) or not any(map(is_value, first)))


def _counts(row: Row) -> bool:
    """Return whether the values of a row count its columns, as months or hours do."""
    values = [cell for cell in row if is_value(cell)]
    if not LEAST_COUNTED <= len(values) < len(row) or not all(map(_is_whole, values)):
        return False
    return all(int(b) - int(a) == 1 for a, b in pairwise(values))


def _is_whole(cell: str) -> bool:
    return cell.isascii() and cell.isdigit()


def _repeats(first: Row, row: Row) -> bool:
    """Return whether most cells of a row are those of another."""
    same = sum(cell == other != "" for cell, other in zip(first, row, strict=False))
    return 2 * same > sum(map(bool, row))


def _votes(row: Row, below: Sequence[Row]) -> int:
    return sum(_vote(cell, _column(below, place)) for place, cell in enumerate(row))


def _column(rows: Sequence[Row], place: int) -> list[str]:
    return [row[place] for row in rows if place < len(row) and row[place]]


def _vote(cell: str, values: Sequence[str]) -> int:
    """Return 1 for the name of a column, -1 for a value, 0 where both are possible."""
    if not cell or not values or YEAR.fullmatch(cell):
        return 0
    if sum(map(is_value, values)) >= MOSTLY * len(values):
        is_day = MOMENTS.fullmatch(cell) and not any(map(MOMENTS.fullmatch, values))
        return -1 if is_value(cell) and not is_day else 1
    if NULL_WORD.fullmatch(cell):
        return 0
    if cell in values:
        return -1
    shapes = {_shape(value) for value in values}
    if len(values) < LEAST_CODES or len(shapes) > 1 or not re.search(r"\d", values[0]):
        return 0
    return -1 if _shape(cell) in shapes else 1


def _shape(cell: str) -> str:
    """Return the shape of a code: "A99-9" for "B17-0"."""
    return re.sub("[A-Z]", "A", re.sub("[a-z]", "a", re.sub(r"\d", "9", cell)))


def is_value(cell: str) -> bool:
    """Return whether a cell looks like a value, as no name of a column does."""
    return bool(VALUE.fullmatch(cell) or ADDRESS.fullmatch(cell))
