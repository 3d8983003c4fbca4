"""The sample: which of its rows hold control characters, that an import refuses."""

from collections.abc import Iterator

import polars as pl
import polars.selectors as cs

from importkit.source import LINE
from importkit.texts import first_control, with_controls

# What Windows has curly quotes, dashes and letters at.
LEAST, MOST = "\x80", "\x9f"
MISREAD = ": text of cp1252 that was read as latin-1?"


def notes_on_controls(rows: pl.DataFrame, height: int, encoding: str) -> Iterator[str]:
    """Say how many rows hold a control character, and where the first of them is.

    Args:
        rows: The first rows of the sample, with their lines.
        height: How many rows it has.
        encoding: Its own; one that is wrong makes control characters by itself.
    """
    names = with_controls(rows.select(cs.string()))
    if not names:
        return
    # Space at the ends is stripped before an import looks, and may be a control, too.
    # By place: to polars, a name such as "^x$" is a pattern.
    places = (rows.columns.index(name) for name in names)
    cells = (first_control(pl.nth(place).str.strip_chars()) for place in places)
    found = rows.select(LINE, _sign=pl.coalesce(cells)).drop_nulls()
    if found.is_empty():
        return
    line, sign = found.row(0)
    verb, where = ("holds a", "line") if len(found) == 1 else ("hold a", "first line")
    is_misread = encoding != "latin-1" and LEAST <= sign <= MOST
    among = f" of the first {len(rows):,}" if len(rows) < height else ""
    noun = "row" if len(found) == 1 and not among else "rows"
    yield (
        f"{len(found):,}{among} {noun} {verb} control character, which an import refuses, "
        f"{where} {line:,} (U+{ord(sign):04X}){MISREAD if is_misread else ''}"
    )
