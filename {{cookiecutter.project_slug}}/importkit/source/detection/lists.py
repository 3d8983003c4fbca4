"""Step 1, import: whether the lines of a sample are a list: values of one column."""

import re
from collections.abc import Sequence

CLOCK = r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?"
ZONE = r"( ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?"
DAY = r"\d{1,4}([-./])\d{1,2}\1\d{1,4}"
# Values that hold separators themselves: moments, times, links and paths.
WHOLE = re.compile(
    rf"(?:{DAY}(?:[T ]{CLOCK}{ZONE})?|{CLOCK}{ZONE}|[a-z][a-z0-9+.-]*://\S+"
    r"|(?:[A-Za-z]:|\.{1,2}|~)?[/\\][^\s,;|]*)"
)
# A number with a comma before decimals, or before thousands.
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]{3})*(,[0-9]+)?( ?[€%])?")
MOST_WORDS = 3  # Of a name; more are a title.
MARKS = ",;\t|"
# The share of lines that must be such values; a few may be empty, or notes.
NEARLY_ALL = 0.9


def holds_values(head: str) -> bool:
    """Return whether nearly all lines below the first are values of one column.

    Args:
        head: The head of a sample; all its line ends are line feeds.
    """
    first, *below = _lines(head) or [""]
    # The header of a table holds its separator.
    if not below or any(mark in first for mark in MARKS):
        return False
    whole = sum(WHOLE.fullmatch(line) is not None for line in below)
    return whole >= NEARLY_ALL * len(below) or _holds_decimals(first, below)


def _holds_decimals(first: str, below: Sequence[str]) -> bool:
    """Return whether all lines are numbers, some with a comma, below one name.

    Where what stands before the commas counts the lines, it may be the names of rows.
    """
    is_name = len(first.split()) <= MOST_WORDS and not re.search("[0-9]", first)
    counts = [line.partition(",")[0] for line in below]
    is_counted = counts == [str(n) for n in range(1, len(below) + 1)]
    has_comma = any("," in line for line in below)
    return (
        is_name and has_comma and not is_counted and all(map(NUMBER.fullmatch, below))
    )


def is_text(head: str, mark: str, value: re.Pattern[str]) -> bool:
    """Return whether a mark stands in the text of one column, not between two.

    The header of a table holds its separator. Where the first line holds none, a mark
    that always stands before a blank is that of a sentence, a name or an address, and a
    blank stands between words. Columns of values, such as numbers, speak for a table
    under a title.

    Args:
        head: The head of a sample; all its line ends are line feeds.
        mark: The separator.
        value: The pattern of a cell that is a value.
    """
    first, *below = _lines(head) or [""]
    is_named = mark in first and mark != " "
    if not below or is_named or mark in "\t\"'" or '"' in head:
        return False
    marked = [line for line in below if mark in line]
    if mark != " " and " " in first:
        return False  # It may be a title above a table.
    in_sentence = mark == " " or all(
        line.count(mark) == line.count(f"{mark} ") for line in marked
    )
    if not in_sentence:
        return False
    cells = [cell.strip() for line in marked for cell in line.split(mark)]
    return not any(value.fullmatch(cell) for cell in cells)


def _lines(head: str) -> list[str]:
    return [line.strip(" ") for line in head.split("\n") if line.strip()]
