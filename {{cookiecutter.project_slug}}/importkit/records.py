"""Step 1, import: text becomes records, one by one, exactly as the csv module reads."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from importkit.dialect import Dialect


class Record(NamedTuple):
    """A record of the file: its first and last physical line and its fields."""

    line: int
    last_line: int
    fields: list[str]


def records(text: str, dialect: Dialect) -> Iterator[Record]:
    """Yield the records of a text that are not blank.

    Raises:
        csv.Error: A quote is not closed, or followed by something else.
    """
    return records_of(io.StringIO(text, newline=line_end(text)), dialect)


def records_of(
    lines: Iterable[str], dialect: Dialect, first_line: int = 1
) -> Iterator[Record]:
    """Yield the records that are not blank of lines that keep their ends.

    Blank is a record of empty fields, or of one field with nothing but blanks.

    Raises:
        csv.Error: A quote is not closed, or followed by something else.
    """
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(
        lines,
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=True,
    )
    before = first_line - 1
    line = first_line
    for fields in reader:
        if any(fields) and (len(fields) > 1 or fields[0].strip()):
            yield Record(line, before + reader.line_num, fields)
        line = before + reader.line_num + 1


def lines_of(pieces: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """Split what comes in pieces at one kind of line end, as ``sed`` counts lines."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(end)
        yield from (line + end for line in lines)
    if rest:
        yield rest


def line_end(text: str) -> str:
    """Return the line end of a text: a line feed; CR in a text without any."""
    return "\r" if "\r" in text and "\n" not in text else "\n"
