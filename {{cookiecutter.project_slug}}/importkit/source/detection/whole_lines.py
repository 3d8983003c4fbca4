"""Step 1, import: whole lines of a sample, whose cells blanks align, or which stand in quotes."""

import io
import re
from collections.abc import Sequence
from itertools import islice

from importkit.source.delimited.records import line_end, records_of, unwrapped
from importkit.source.detection.evidence import are_values
from importkit.source.detection.headers import find_start
from importkit.source.dialect import Dialect

LINES = 300  # Lines that are looked at.
LEAST_ALIGNED = 3  # A header and two rows: fewer may be aligned by chance.
# A gap within a line; one blank alone stands between words.
GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
LEAST_IN_QUOTES = 2  # A header and a row.
IN_QUOTES = Dialect(quoted_lines=True)
WHOLE = re.compile(r"[+-]?\d+")


def is_aligned(text: str) -> bool:
    """Return whether the lines of a text are cells that blanks bring under each other.

    The first line, which names the columns, has a gap of several blanks, as most lines do,
    and a part of it is blank in all lines. Text of one column has such gaps by chance only.
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()][:LINES]
    if len(lines) < LEAST_ALIGNED:
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


def without_quotes(text: str) -> str:
    """Return a text without the quotes around each line; empty if a row has none.

    Some programs write the header as it is, and quote what they take for values.
    """
    lines = io.StringIO(text, newline=line_end(text))
    filled = [line for line in islice(lines, LINES) if line.strip()]
    inside = [unwrapped(line, IN_QUOTES) for line in filled]
    rows = [*zip(filled, inside, strict=True)][1:]
    is_whole = all(line != plain for line, plain in rows)
    return "".join(inside) if is_whole and len(filled) >= LEAST_IN_QUOTES else ""


def is_table(text: str, dialect: Dialect) -> bool:
    """Return whether lines without their quotes are rows, and not the texts of one column.

    Args:
        text: What ``without_quotes`` returned.
        dialect: The dialect that reads it best.
    """
    mark = dialect.separator
    records = list(records_of(io.StringIO(text, newline=line_end(text)), dialect))
    rows = [record.fields for record in records]
    if {len(row) for row in rows} in ({0}, {1}) or len({*map(len, rows)}) > 1:
        return False
    texts = [record.text for record in records]
    if all(f"{mark} " in text for text in texts):
        return False  # Sentences, or names such as "Smith, John".
    # Only a writer that took a row for a value doubles the quotes around a field.
    if any(text[0] == '"' or f'{mark}"' in text for text in texts):
        return True
    start = find_start(records, mark)
    return start.header and _have_values(rows[1:], mark)


def _have_values(rows: Sequence[Sequence[str]], mark: str) -> bool:
    columns = list(zip(*rows, strict=True))
    is_number = mark == "," and all(WHOLE.fullmatch(c) for row in rows for c in row)
    return any(map(are_values, columns)) and not (is_number and len(columns) == 2)
