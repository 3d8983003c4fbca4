"""Step 1, import: what is wrong with a row of a delimited file that cannot be read."""

from collections.abc import Sequence

from importkit.problems import Code
from importkit.source.delimited.records import CUT, ENDLESS, OPEN, RECORD_CHARACTERS
from importkit.source.delimited.text import broken_in
from importkit.source.heads import Record

IS_CUT = ": is the file cut off?"


def problem_of(
    row: Record, widths: Sequence[int], encoding: str, added: int = 0
) -> str | None:
    """Return what is wrong with a row, as its code and its reason; None if nothing is.

    Args:
        row: The row.
        widths: How many fields rows have, the usual number first.
        encoding: The encoding of the file.
        added: How many of them a file of rejects has added at the end of each row.
    """
    if row.error:
        return ": ".join(error_of(row))
    if what := broken_in(row.text):
        return f"{Code.ENCODING}: {what} is not {encoding}"
    found = len(row.fields)
    is_cut = found < widths[0] and not row.text.endswith(("\n", "\r"))
    if found in widths and not is_cut:
        return None
    hint = IS_CUT if is_cut else ""
    wanted = " or ".join(f"{width - added:,}" for width in sorted(widths))
    own = found - added
    if own < 1:  # Someone has taken away what was added, or more.
        own, wanted = found, " or ".join(f"{width:,}" for width in sorted(widths))
        wanted += f", the last {added} of which are those of rejects"
    plural = "" if own == 1 else "s"
    return f"{Code.FIELDS}: {own:,} field{plural} instead of {wanted}{hint}"


def error_of(row: Record) -> tuple[str, str]:
    """Return the code and the reason for an error of the csv module."""
    if row.error in (OPEN, CUT):
        hint = IS_CUT if row.error == CUT else ""
        return Code.QUOTE, f"the quote is never closed{hint}"
    if row.error == ENDLESS:
        within = f"within {RECORD_CHARACTERS:,} characters"
        return Code.QUOTE, f"the quote is not closed {within}"
    if "new-line" in row.error:
        return Code.LINE_END, "a line end of another kind than those of the file"
    return Code.QUOTE, f"a quote that is not doubled ({row.error})"
