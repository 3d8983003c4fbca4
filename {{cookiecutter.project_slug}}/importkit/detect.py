"""Step 1, import: the dialect in which a sample file reads as a table."""

import io
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from importkit.dialect import Dialect
from importkit.encodings import Encoding, detect_encoding
from importkit.errors import SourceError
from importkit.files import decode, read_bytes
from importkit.headers import find_start
from importkit.records import Record, line_end, records_of
from importkit.separators import find_separator

HEAD_CHARACTERS = 1_000_000
HEAD_RECORDS = 200


@dataclass(frozen=True)
class Detected:
    """What was found out about a sample file.

    Attributes:
        dialect: How it is written.
        reason: Why it is taken to be of its encoding; empty where that is plain.
    """

    dialect: Dialect
    reason: str = ""


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
    data = read_bytes(path)
    found = Encoding(encoding) if encoding else detect_encoding(path, data)
    text = _decoded(path, data, found)
    if not text.strip():
        raise SourceError(f'"{path.name}" is empty.')
    head = text[:HEAD_CHARACTERS]
    dialect = find_separator(head, Dialect(encoding=found.name))
    start = find_start(_records(head, dialect))
    dialect = replace(dialect, **start._asdict())
    return Detected(dialect, found.reason)


def _records(head: str, dialect: Dialect) -> list[Record]:
    lines = io.StringIO(head, newline=line_end(head))
    behind = islice(lines, dialect.skip, None)
    return list(islice(records_of(behind, dialect, 1 + dialect.skip), HEAD_RECORDS))


def _decoded(path: Path, data: bytes, found: Encoding) -> str:
    if found.name == "utf-8":  # Broken bytes are problems of their rows.
        return data.decode(errors="surrogateescape").removeprefix("\ufeff")
    return decode(path, data, found.name)
