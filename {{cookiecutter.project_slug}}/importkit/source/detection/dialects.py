"""Step 1, import: the dialect by which a sample reads as a table."""

import io
import re
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from importkit.display_names import shown_name
from importkit.errors import SourceError, visible
from importkit.source.delimited.records import line_end, records_of
from importkit.source.delimited.text import decoded_head, encoding_sample
from importkit.source.detection.encodings import Encoding, detect_encoding
from importkit.source.detection.headers import find_start
from importkit.source.detection.separators import find_separator
from importkit.source.detection.whole_lines import (
    is_aligned,
    is_table,
    without_quotes,
)
from importkit.source.dialect import DEFAULT_DIALECT, NOTHING, Dialect, Stated
from importkit.source.heads import Record
from importkit.source.sheets.sheet import Sheet

# The part of a sample in which separator and header are sought.
HEAD_CHARACTERS = 1_000_000
HEAD_RECORDS = 200
EXAMPLES = 10_000  # Words from which the most doubtful one is chosen.
# A word with a character that is not ASCII, at most 12 characters on each side of it.
EXAMPLE = re.compile(r"[\w\x80-\x9f]{,12}(?!\s)[^\0-\x7f][\w\x80-\x9f]{,12}")


@dataclass(frozen=True)
class Detected:
    """How a sample is written, and why its encoding was chosen.

    Attributes:
        dialect: How the sample is written.
        reason: Why this encoding was chosen; empty where there is no doubt.
        example: The word of the sample that looks most doubtful in this encoding, by
            which a person sees whether it is right; empty where there is no reason, or
            no word beyond ASCII.
        doubt: What may be meant, and what to do, where rows and header do not fit each
            other; empty where they do.
    """

    dialect: Dialect
    reason: str = ""
    example: str = ""
    doubt: str = ""


def detect_dialect(path: Path | str, encoding: str | None = None) -> Dialect:
    """Return the dialect by which a sample reads as a table.

    Args:
        path: The sample.
        encoding: The name of a codec of Python, if the encoding is known.

    Raises:
        SourceError: The file is missing, a folder, unreadable, empty or not text.
    """
    return detect(path, encoding).dialect


def detect(
    path: Path | str, encoding: str | None = None, stated: Stated = NOTHING
) -> Detected:
    """Return the dialect of a sample, and why its encoding was chosen.

    The encoding is sought in the whole sample, all else in its head. Arguments and errors
    are those of ``detect_dialect``; what the user states about the dialect is not sought.
    """
    path = Path(path)
    data = encoding_sample(path)
    found = Encoding(encoding) if encoding else detect_encoding(path, data)
    head = _head(path, data, found)
    if not head.strip():
        raise SourceError(f'"{shown_name(path)}" is empty.')
    above = stated.skip or 0
    body = "".join(islice(io.StringIO(head, newline=line_end(head)), above, None))
    if not body.strip():
        raise SourceError(
            f'"{shown_name(path)}" has no table behind its first {above:,} lines.'
        )
    dialect = _find_marks(body, Dialect(encoding=found.name), stated)
    if stated.separator is None:
        _refuse_fixed_width(path, body, dialect)
    dialect = replace(dialect, skip=above + dialect.skip)
    start = find_start(_records(head, dialect), dialect.separator, stated)
    dialect = replace(
        dialect,
        skip=start.skip if stated.skip is None else dialect.skip,
        header=start.header,
        header_rows=start.header_rows,
        trailing=start.rows.trailing,
        row_names=start.rows.row_names,
        short_rows=start.rows.short_rows,
        long_rows=start.rows.long_rows,
    )
    return Detected(dialect, found.reason, _example(head, found), start.rows.doubt)


def detect_sheet(sheet: Sheet, stated: Stated = NOTHING) -> Dialect:
    """Return where the table of a sheet starts, and how many rows are its header.

    Raises:
        SourceError: No row is left behind those that are stated to be skipped.
    """
    above = stated.skip or 0
    records = list(islice(sheet.records(above), HEAD_RECORDS))
    if not records:
        raise SourceError(
            f'The sheet "{visible(sheet.name)}" of "{shown_name(sheet.path)}" has no table behind '
            f"its first {above:,} rows."
        )
    start = find_start(records, DEFAULT_DIALECT.separator, stated)
    # Empty rows above a header are no lines that have to be skipped.
    is_skipped = start.skip >= records[0].line and stated.skip is None
    return replace(
        DEFAULT_DIALECT,
        skip=start.skip if is_skipped else above,
        header=start.header,
        header_rows=start.header_rows,
    )


def _refuse_fixed_width(path: Path, text: str, dialect: Dialect) -> None:
    """Refuse a text whose cells blanks align, and whose first line has no separator."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    is_separated = dialect.separator != " " and dialect.separator in first
    if is_separated or not is_aligned(text):
        return
    raise SourceError(
        f'"{shown_name(path)}" has columns of fixed width: blanks bring its cells under each '
        "other, and no separator stands between them. Open it in a spreadsheet as text "
        "of fixed width, and save it as CSV. If it is one column, state a separator that "
        "it does not hold: --separator tab."
    )


def _find_marks(text: str, base: Dialect, stated: Stated) -> Dialect:
    """Return the dialect whose marks read a text best, which may stand in quotes as a whole."""
    if stated.quote is None and (inside := without_quotes(text)):
        found = find_separator(inside, base, stated)
        if is_table(inside, found):
            return replace(found, quote='"', quoted_lines=True)
    return find_separator(text, base, stated)


def _example(head: str, found: Encoding) -> str:
    """Return the word of a sample that looks most doubtful in its encoding."""
    words = islice(EXAMPLE.finditer(head), EXAMPLES) if found.reason else ()
    doubtful = set(found.doubtful)
    return max(
        (word[0] for word in words),
        key=lambda word: sum(char in doubtful for char in word),
        default="",
    )


def _records(head: str, dialect: Dialect) -> list[Record]:
    lines = io.StringIO(head, newline=line_end(head))
    behind = islice(lines, dialect.skip, None)
    return list(islice(records_of(behind, dialect, 1 + dialect.skip), HEAD_RECORDS))


def _head(path: Path, data: bytes, found: Encoding) -> str:
    if found.name == "utf-8":  # A broken byte is a problem of its row, not of the file.
        head = data[:HEAD_CHARACTERS].decode(errors="surrogateescape")
        return head.removeprefix("\ufeff")
    # A character has four bytes at most.
    return decoded_head(path, data[: 4 * HEAD_CHARACTERS], found.name)[:HEAD_CHARACTERS]
