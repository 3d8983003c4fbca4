"""Step 1, import: how the rows of a sample differ from its header in their number of cells."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from importkit.source.detection.evidence import are_values, is_value
from importkit.source.detection.name_words import is_key

# Rows that have to agree: one alone may be broken.
LEAST_ROWS = 2
# Digits behind a comma, of amounts in most currencies; a single one is often a number.
DECIMALS = re.compile(r"\d{2,3}")
WHOLE = re.compile(r"[+-]?\d+")
BRACKETS = ("()", "[]", "{}")
POINT = re.compile(r"\d\.\d")
IN_DOUBT = (
    "Each row has one cell more than the header. If the first cells are names of the rows, "
    "write a name for them in front of the header; if the last column has no name, write "
    "one behind it."
)
COMMAS = (
    "Each row has more cells than the header, and its commas may be decimal marks. Write "
    "the file with another separator, or such numbers in quotes; if columns have no name, "
    "write one for each into the header."
)


class RowWidth(NamedTuple):
    """How all rows differ from their header in their number of cells.

    Attributes:
        trailing: Whether they end with a separator that the header lacks.
        row_names: Whether their first cell has no name.
        short_rows: By how many cells they end before the header does.
        long_rows: How many cells they have beyond the header.
        doubt: What could be meant, and what to do, where that cannot be told; empty where
            it can.
    """

    trailing: bool = False
    row_names: bool = False
    short_rows: int = 0
    long_rows: int = 0
    doubt: str = ""


AS_HEADER = RowWidth()


def compare_widths(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    texts: Sequence[str],
    separator: str,
) -> RowWidth:
    """Return how all rows of a sample differ from their header.

    Args:
        header: The names.
        rows: The rows below, without blanks around their cells.
        texts: The last row of the header and the same rows, as they stand in the file.
        separator: The separator.
    """
    if _are_trailing(header, rows):
        return RowWidth(trailing=True)
    widths = {len(row) for row in rows}
    # A row of one cell is written with another separator, or is a note.
    if len(rows) < LEAST_ROWS or len(widths) > 1 or widths == {1}:
        return AS_HEADER
    more = widths.pop() - len(header)
    if more <= 0:
        return RowWidth(short_rows=-more)
    return _beyond(header, rows, more, texts, separator)


def _beyond(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    more: int,
    texts: Sequence[str],
    separator: str,
) -> RowWidth:
    """Return what the cells are that all rows have beyond their header."""
    if more == 1 and _are_names_of_r(rows, texts[1:], separator):
        return RowWidth(row_names=True)
    if separator == "," and _count_decimals(rows) >= more:
        return RowWidth(doubt=COMMAS)
    if _are_pieces(rows, texts, separator):
        return AS_HEADER
    has_names = _have_names(header, rows) if more == 1 else False
    if has_names is None:
        return RowWidth(doubt=IN_DOUBT)
    return RowWidth(row_names=True) if has_names else RowWidth(long_rows=more)


def is_only_name(
    rows: Sequence[Sequence[str]], texts: Sequence[str], separator: str
) -> bool:
    """Return whether the first row is the name of one column, above rows with names.

    A single cell is a title, unless it stands in quotes as the names of the rows do.
    """
    (header, *below), (text, *others) = rows, texts
    is_alone = len(header) == 1 and text.lstrip()[:1] in {'"', "'"}
    is_named = is_alone and len(below) >= LEAST_ROWS and {*map(len, below)} == {2}
    return is_named and _are_numbers_in_quotes(below, others, separator)


def _are_trailing(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether most rows have one cell more than the header, and it is empty."""
    longer = [row for row in rows if len(row) == len(header) + 1]
    is_most = 2 * len(longer) > len(rows)
    return is_most and bool(header[-1]) and not any(row[-1] for row in longer)


def _are_numbers_in_quotes(
    rows: Sequence[Sequence[str]], texts: Sequence[str], separator: str
) -> bool:
    """Return whether only the first numbers of rows stand in quotes: names, to R."""
    return _are_different(rows) and all(
        is_value(row[0])
        and text.lstrip()[:1] in {'"', "'"}
        and any(is_value(cell) and f"{separator}{cell}" in text for cell in row[1:])
        for row, text in zip(rows, texts, strict=True)
    )


def _are_names_of_r(
    rows: Sequence[Sequence[str]], texts: Sequence[str], separator: str
) -> bool:
    """Return whether rows begin with names in quotes as R writes them, if not told otherwise."""
    if separator != " ":
        return _are_numbers_in_quotes(rows, texts, separator)
    return _are_different(rows) and all(text.lstrip()[:1] == '"' for text in texts)


def _are_pieces(
    rows: Sequence[Sequence[str]], texts: Sequence[str], separator: str
) -> bool:
    """Return whether some cells are parts of a text that holds separators without quotes.

    A blank follows those in each row, and none in the header, or brackets stand around them.
    """
    header, *below = texts
    before_blank = f"{separator} "
    is_sentence = before_blank not in header and all(
        before_blank in text for text in below
    )
    return (is_sentence and separator != " ") or any(
        cell.count(pair[0]) != cell.count(pair[1])
        for row in rows
        for cell in row
        for pair in BRACKETS
    )


def _are_different(rows: Sequence[Sequence[str]]) -> bool:
    firsts = {row[0] for row in rows}
    return len(firsts) == len(rows) and "" not in firsts


def _have_names(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool | None:
    """Return whether the first cells are names of rows; None if it cannot be told.

    Names of rows are different. They count the rows, or are words in front of numbers. But
    such cells may also stand under the first name, if it is one for them, as "id" is.
    """
    firsts = [row[0] for row in rows]
    if not header[0] or not _are_different(rows) or not any(row[-1] for row in rows):
        return False
    if firsts == [str(number) for number in range(1, len(rows) + 1)]:
        return None if is_key(header[0]) else True
    if is_key(header[0]):
        return False
    if not any(map(is_value, firsts)):
        others = ([row[place] for row in rows] for place in range(1, len(rows[0])))
        return True if all(map(are_values, others)) else None
    if not all(map(WHOLE.fullmatch, firsts)):
        return False if all(map(POINT.search, firsts)) else None
    is_rising = all(int(a) < int(b) for a, b in pairwise(firsts))
    return None if is_rising else False


def _count_decimals(rows: Sequence[Sequence[str]]) -> int:
    """Count the columns that may hold the decimals of the column before them."""
    if any(POINT.search(cell) for row in rows for cell in row):
        return 0
    found, place = 0, 1
    while place < len(rows[0]):
        wholes, decimals = ([row[n] for row in rows] for n in (place - 1, place))
        is_pair = (
            all(map(WHOLE.fullmatch, wholes))
            and all(map(DECIMALS.fullmatch, decimals))
            and len(set(map(len, decimals))) == 1
        )
        found += is_pair
        place += 2 if is_pair else 1
    return found
