"""Step 1, import: whether blanks align the cells of a sample, and no separator stands there."""

import re
from collections.abc import Sequence

LINES = 300  # Lines that are looked at.
LEAST_LINES = 3  # A header and two rows: fewer may be aligned by chance.
# A gap within a line; one blank alone stands between words.
GAP = re.compile(r"(?<=\S) {2,}(?=\S)")


def is_aligned(text: str) -> bool:
    """Return whether the lines of a text are cells that blanks bring under each other.

    The first line, which names the columns, has a gap of several blanks, as most lines do,
    and a part of it is blank in all lines. Text of one column has such gaps by chance only.
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()][:LINES]
    if len(lines) < LEAST_LINES:
        return False
    wide = sum(GAP.search(line) is not None for line in lines)
    gaps = [found.span() for found in GAP.finditer(lines[0])]
    return 2 * wide > len(lines) and any(_is_gap(lines, *gap) for gap in gaps)


def _is_gap(lines: Sequence[str], start: int, stop: int) -> bool:
    """Return whether a place is blank in all lines, and most lines go on behind it."""
    return any(
        not any(line[place : place + 1].strip() for line in lines)
        and 2 * sum(len(line) > place for line in lines) > len(lines)
        for place in range(start, stop)
    )
