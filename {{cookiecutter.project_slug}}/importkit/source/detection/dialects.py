"""Step 1, import: the dialect in which a sample file reads as a table."""

import io
import re
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from importkit.errors import SourceError
from importkit.source.delimited.dialect import Dialect
from importkit.source.delimited.records import Record, line_end, records_of
from importkit.source.delimited.text import decoded_head, read_telling
from importkit.source.detection.encodings import Encoding, detect_encoding
from importkit.source.detection.headers import find_start
from importkit.source.detection.separators import find_separator

HEAD_CHARACTERS = 1_000_000
HEAD_RECORDS = 200
EXAMPLE = re.compile(r"[\w\x80-\x9f]{,12}(?!\s)[^\0-\x7f][\w\x80-\x9f]{,12}")


@dataclass(frozen=True)
class Detected:
    """What was found out about a sample file.

    Attributes:
        dialect: How it is written.
        reason: Why it is taken to be of its encoding; empty where that is plain.
        example: A word of it that is not ASCII, to see whether the encoding is right.
    """

    dialect: Dialect
    reason: str = ""
    example: str = ""


def detect_dialect(path: Path | str, encoding: str | None = None) -> Dialect:
    """Return the dialect that reads a sample file as a table.

    Args:
        path: The file.
        encoding: A codec of Python's, if the encoding is known.

    Raises:
        SourceError: The file is missing, a folder, unreadable, empty or not text.
    """
    return detect(path, encoding).dialect


def detect(path: Path | str, encoding: str | None = None) -> Detected:
    """Return the dialect of a sample file, and what speaks for it.

    Only the encoding is sought in the whole file, all else in its head. Takes and
    raises what ``detect_dialect`` does.
    """
    path = Path(path)
    data = read_telling(path)
    found = Encoding(encoding) if encoding else detect_encoding(path, data)
    head = _head(path, data, found)
    if not head.strip():
        raise SourceError(f'"{path.name}" is empty.')
    dialect = find_separator(head, Dialect(encoding=found.name))
    start = find_start(_records(head, dialect), dialect.separator)
    dialect = replace(dialect, **start._asdict())
    example = EXAMPLE.search(head) if found.reason else None
    return Detected(dialect, found.reason, example[0] if example else "")


def _records(head: str, dialect: Dialect) -> list[Record]:
    lines = io.StringIO(head, newline=line_end(head))
    behind = islice(lines, dialect.skip, None)
    return list(islice(records_of(behind, dialect, 1 + dialect.skip), HEAD_RECORDS))


def _head(path: Path, data: bytes, found: Encoding) -> str:
    if found.name == "utf-8":  # Broken bytes are problems of their rows.
        head = data[:HEAD_CHARACTERS].decode(errors="surrogateescape")
        return head.removeprefix("\ufeff")
    # A character has four bytes at most.
    return decoded_head(path, data[: 4 * HEAD_CHARACTERS], found.name)[:HEAD_CHARACTERS]
