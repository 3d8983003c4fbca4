"""Step 1, import: text becomes records, one by one, exactly as the csv module reads."""

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from importkit.dialect import Dialect

OPEN = "unexpected end of data"  # What csv says of a quote that is never closed.


class Record(NamedTuple):
    """A record of the file: its first and last physical line and its fields.

    Attributes:
        line: The first line.
        last_line: The last line.
        fields: Its fields; none where it cannot be read.
        text: The record as it stands, with its line end.
        error: Why it cannot be read, if so.
    """

    line: int
    last_line: int
    fields: list[str]
    text: str
    error: str = ""


def records(text: str, dialect: Dialect) -> Iterator[Record]:
    """Yield the records of a text that are not blank.

    Raises:
        csv.Error: A quote is not closed, or followed by something else.
    """
    for record in records_of(io.StringIO(text, newline=line_end(text)), dialect):
        if record.error:
            raise csv.Error(record.error)
        yield record


def records_of(
    lines: Iterable[str], dialect: Dialect, first_line: int = 1
) -> Iterator[Record]:
    """Yield the records that are not blank of lines that keep their ends.

    Blank is a record of empty fields, or of one field with nothing but blanks. Where a
    record cannot be read, reading goes on with the line behind its first one.

    Raises:
        csv.Error: A quote is not closed.
    """
    csv.field_size_limit(sys.maxsize)
    feed = _Feed(lines)
    reader = csv.reader(
        feed,
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=True,
    )
    line = first_line
    while True:
        error = ""
        try:
            fields = next(reader, None)
        except csv.Error as problem:
            error, fields = str(problem), []
            if OPEN in error:
                raise
            feed.take_back_all_but_one()
        taken = feed.handed_out()
        if fields is None:
            return
        last = line + len(taken) - 1
        if error or (any(fields) and (len(fields) > 1 or fields[0].strip())):
            yield Record(line, last, fields, "".join(taken), error)
        line = last + 1


class _Feed:
    """Lines on their way to a reader, which may have to read some of them again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: list[str] = []
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self._taken.append(line)
        return line

    def take_back_all_but_one(self) -> None:
        """Hand out all lines again but the first of those that were taken."""
        self._again += reversed(self._taken[1:])
        del self._taken[1:]

    def handed_out(self) -> list[str]:
        """Return the lines that were taken since the last call."""
        taken, self._taken = self._taken, []
        return taken


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


def field_spans(text: str, dialect: Dialect) -> list[tuple[int, int]]:
    """Return where the fields of a record stand in its text, with their quotes.

    A stray quote ends nothing: whatever follows it up to the next separator belongs
    to its field.
    """
    separator, quote = re.escape(dialect.separator), re.escape(dialect.quote or "")
    plain = rf"[^{separator}\r\n]*"
    quoted = rf"{quote}(?:[^{quote}]|{quote}{quote})*(?:{quote}{plain}|\Z)|"
    field = re.compile(f"{quoted if quote else ''}{plain}")
    spans: list[tuple[int, int]] = []
    start = 0
    while match := field.match(text, start):
        spans.append(match.span())
        if not text.startswith(dialect.separator, match.end()):
            break
        start = match.end() + 1
    return spans
