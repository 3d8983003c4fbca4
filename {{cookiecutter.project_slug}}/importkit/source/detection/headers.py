"""Step 1, import: where the table of a sample starts, and which rows are its header."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from importkit.source.detection.evidence import (
    NULL_WORD,
    YEAR,
    are_values,
    is_value,
    names_column,
)
from importkit.source.detection.name_words import is_unit
from importkit.source.detection.row_widths import (
    AS_HEADER,
    RowWidth,
    compare_widths,
    is_only_name,
)
from importkit.source.dialect import NOTHING, Stated
from importkit.source.heads import Record

LEAST_COUNTED = 3  # Numbers that count columns, 1, 2, 3: two may do so by chance.
LOOK_AHEAD = 5  # Rows in which a fuller header is sought, below the first full width.
MOST_ROWS = 4  # Rows that a header may have.
# Four of five files have a header, as a logarithm of odds: log(4 / 1).
HEADER = 1.4
# What a further row of a header must show, of what ``_more`` counts. One column may be a
# coincidence, so that two have to speak for it, or one that holds a unit.
LEAST_MORE = 2

type Row = Sequence[str]


class Start(NamedTuple):
    """Where a table starts.

    Attributes:
        skip: How many lines of the file stand above the table.
        header: Whether its first record names the columns.
        header_rows: How many records name the columns.
        rows: How all rows differ from the header in their number of cells.
    """

    skip: int
    header: bool = True
    header_rows: int = 1
    rows: RowWidth = AS_HEADER


def find_start(
    records: Sequence[Record], separator: str, stated: Stated = NOTHING
) -> Start:
    """Return where the table starts in the first records of a file.

    Args:
        records: The first records; where the user states how many lines stand above the
            table, those behind them.
        separator: The separator.
        stated: What the user states, which is not sought.
    """
    readable = [record for record in records if record.fields]
    if not readable:
        return Start(0)
    rows = [[cell.strip() for cell in record.fields] for record in readable]
    texts = [record.text for record in readable]
    is_sought = stated.header is None and not stated.header_rows
    if is_sought and is_only_name(rows, texts, separator):
        return Start(readable[0].line - 1, rows=RowWidth(row_names=True))
    first = _first_row(rows, stated) if stated.skip is None else 0
    separators = _usual_width(rows) - 1
    for record in records[: records.index(readable[first])]:
        # A record that cannot be read is not a title if it has as many separators as
        # rows have: it may be the header.
        if record.error and record.text.count(separator) >= max(separators, 1):
            return Start(record.line - 1)
    top, bottom = _rows_of_header(rows, first)
    if stated.header_rows:
        bottom = min(top + stated.header_rows, len(rows)) - 1
    if not _has_header(rows, first, bottom, stated):
        return Start(readable[first].line - 1, header=False)
    names = max(rows[top : bottom + 1], key=len)
    behind = bottom + 1
    width = compare_widths(names, rows[behind:], texts[bottom:], separator)
    if any(cell for row in rows[:top] for cell in row[len(names) :]):
        width = AS_HEADER  # The names that the header lacks stand above it.
    return Start(readable[top].line - 1, header_rows=behind - top, rows=width)


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


def _has_header(rows: Sequence[Row], first: int, bottom: int, stated: Stated) -> bool:
    if stated.header is not None:
        return stated.header
    return bool(stated.header_rows) or _is_header(rows[first], rows[bottom + 1 :])


def _first_row(rows: Sequence[Row], stated: Stated) -> int:
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
            if stated.header is False:
                return place
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
    for depth in range(MOST_ROWS - (bottom - top), 1, -1):
        if _names_more(rows, bottom, depth):
            return top, bottom + depth - 1
    return top, bottom


def _names_groups(row: Row, below: Row) -> bool:
    """Return whether a row names groups of columns over the width of the table."""
    filled = [place for place, cell in enumerate(row) if cell]
    if len(filled) < 2 or len(filled) == len(row) or len(row) != len(below):
        return False
    values = [cell for cell in row if is_value(cell) and not YEAR.fullmatch(cell)]
    return not values and 2 * filled[-1] >= len(below)


def _names_more(rows: Sequence[Row], place: int, depth: int) -> bool:
    """Return whether the rows below a row of the header are part of it, up to a depth.

    All of them are judged by the rows of the table, which stand below the last of them: a
    header of three rows is not to be judged by its own third row.
    """
    below = rows[place + depth :]
    if not below:
        return False
    columns = [_column(below, n) for n in range(len(rows[place]))]
    valued = [are_values(values) for values in columns]
    for n in range(1, depth):
        # With fewer rows than names above them, chance has to be ruled out otherwise.
        is_short = len(below) < min(depth, 2 + (n > 1))
        least = LEAST_MORE + is_short * (depth > 2)
        upper = rows[place : place + n]
        if _more(rows[place + n], upper, columns, valued) < least:
            return False
    return True


def _more(
    row: Row,
    upper: Sequence[Row],
    columns: Sequence[Sequence[str]],
    valued: Sequence[bool],
) -> int:
    """Count what speaks for a row as a further row of the header, less what speaks against.

    Units and parts of names stand above nearly all columns of values, or give names to
    columns that have none, or two of one name. A first row of the table that is unlike the
    others fills only some of them.
    """
    above = upper[-1]
    if len(row) != len(above) or any(map(is_value, row)):
        return -1
    words = [cell for cell in row if cell]
    weights = [names_column(c, values) for c, values in zip(row, columns, strict=True)]
    if min(weights) < -1:
        return -1
    named = [
        any(upper_row[n : n + 1] != [""] for upper_row in upper)
        for n in range(len(row))
    ]
    new = [bool(cell) and not known for cell, known in zip(row, named, strict=True)]
    is_named = [new[n] and any(above[:n]) for n in range(len(row))]
    twins = Counter(cell for cell in above if cell)
    parts = Counter(zip(above, row, strict=True))
    count = 0
    for n, (cell, values, is_column) in enumerate(
        zip(row, columns, valued, strict=True)
    ):
        is_part = twins[above[n]] > 1 and bool(cell) and parts[above[n], cell] == 1
        if not cell:
            # Without a name, or with a value below, a column speaks against the row.
            count -= bool(values) and (is_column or not named[n])
        elif is_column:
            count += 1 + (2 * (is_unit(cell) or is_named[n]) or is_part)
        elif not (new[n] or is_part):
            count -= bool(values) and len(words) < len(row) and not is_unit(cell)
        else:
            count += is_named[n]
    if any(new):
        return count if not row[0] and any(valued) else -1
    is_null = any(map(NULL_WORD.fullmatch, words)) and not any(map(is_unit, words))
    return -1 if is_null or not any(weight > 0 for weight in weights) else count


def _is_header(first: Row, below: Sequence[Row]) -> bool:
    """Weigh the columns: a name above values speaks for a header, a value against it."""
    # Where tables follow each other, or files were joined, names come again.
    rows = [row for row in below if not _repeats(first, row)]
    rows = rows or [row for row in below if row != first]
    if _counts(first) and not any(map(_counts, rows)):
        return True
    if not rows:
        return not any(map(is_value, first))
    return HEADER + sum(_weights(first, rows)) > 0


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


def _weights(row: Row, below: Sequence[Row]) -> list[float]:
    return [names_column(cell, _column(below, n)) for n, cell in enumerate(row)]


def _votes(row: Row, below: Sequence[Row]) -> int:
    """Count the cells that name their column, less those that are values of it."""
    weights = _weights(row, below)
    return sum((weight > 1) - (weight < -1) for weight in weights)


def _column(rows: Sequence[Row], place: int) -> list[str]:
    return [row[place] for row in rows if place < len(row) and row[place]]
