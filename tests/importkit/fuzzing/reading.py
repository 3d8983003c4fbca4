"""Step 4 of fuzzing: the records of a file, read without importkit.

A record that cannot be read is one line, and reading resumes on the next line. One that
can be read, but holds bytes that are not of the encoding, is a record all the same.
"""

import csv
import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from importkit.source import Dialect
from importkit.source.delimited.records import FIELD_CHARACTERS

# Of what cannot be decoded, "surrogateescape" keeps the bytes.
UNDECODABLE = re.compile("[\ud800-\udfff]")
# What one or another language takes for blank.
BLANK = "\ufeff\x1c\x1d\x1e\x1f"


@dataclass(frozen=True)
class Record:
    """Some lines of the file.

    Attributes:
        line: The first of them, from 1.
        text: All of them, with their ends.
        fields: What they hold; None where that cannot be told.
    """

    line: int
    text: str
    fields: tuple[str, ...] | None

    @cached_property
    def is_readable(self) -> bool:
        """Say whether it has fields, all of the encoding of the file."""
        return self.fields is not None and not UNDECODABLE.search(self.text)

    @cached_property
    def is_blank(self) -> bool:
        """Say whether it may be left out without a word."""
        if self.fields is None:
            return False
        return not any(map(stripped, self.fields))


@dataclass(frozen=True)
class Reading:
    """A file as records.

    Attributes:
        end: Its line end.
        header: The record that names the columns, None if there is none.
        width: How many fields a row has; None where that cannot be told.
        records: The rows, blank ones included.
    """

    end: str
    header: Record | None
    width: int | None
    records: tuple[Record, ...]


def stripped(text: str) -> str:
    """Return a text without what is blank, or cannot be seen, at its ends."""
    before = ""
    while text != before:
        before, text = text, text.strip().strip(BLANK)
        while text and unicodedata.category(text[0]) == "Cf":
            text = text[1:]
        while text and unicodedata.category(text[-1]) == "Cf":
            text = text[:-1]
    return text


def seen(text: str) -> str:
    """Return a text without characters that cannot be seen, also inside of it."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def decoded(data: bytes, encoding: str) -> str | None:
    """Return a text of which every byte is kept, None where there is no such text."""
    if encoding.startswith("utf-8"):
        encoding, data = "utf-8", data.removeprefix(b"\xef\xbb\xbf")
    if encoding != "utf-16":
        return data.decode(encoding, "surrogateescape")
    if not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return None  # Python guesses here, but not where it reads piece by piece.
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def read(text: str, dialect: Dialect) -> Reading:
    """Read all records of a text, as the csv module does where that can read it."""
    end = "\r" if "\r" in text and "\n" not in text else "\n"
    rows = list(_records(text, dialect, end))
    if not UNDECODABLE.search(text):
        by_csv = _read_by_csv(text, dialect, end)
        here = [(row.line, row.fields) for row in rows]
        assert by_csv is None or by_csv == here, (by_csv, here)
    filled = [row for row in rows if not row.is_blank]
    header = filled[0] if filled and dialect.header else None
    # Without a header any row can say how many columns there are.
    first = header or next((row for row in filled if row.fields), None)
    width = len(first.fields) if first and first.fields else None
    if header and not header.is_readable:
        width = None
    below = rows[rows.index(header) + 1 :] if header else rows
    return Reading(end, header, width, tuple(below))


def read_record(
    text: str, start: int, dialect: Dialect, end: str
) -> tuple[tuple[str, ...], int] | None:
    """Return the fields of the record at a place, and where the next one is.

    None where it cannot be read: a quote in it is not closed, or followed by something
    else, or it holds another line end than the file.
    """
    plain, quoted, closing = _patterns(dialect, end)
    fields: list[str] = []
    while True:
        field = quoted.match(text, start) if quoted else None
        if field:
            doubled = (dialect.quote or "") * 2
            fields.append(field[1].replace(doubled, dialect.quote or ""))
        else:
            field = plain.match(text, start)
            if field is None:
                return None
            fields.append(field[0])
        start = field.end()
        if text.startswith(dialect.separator, start):
            start += 1
            continue
        closed = closing.match(text, start)
        return (tuple(fields), closed.end()) if closed else None


def _patterns(
    dialect: Dialect, end: str
) -> tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str]]:
    separator, quote = re.escape(dialect.separator), re.escape(dialect.quote or "")
    closing = re.compile(r"\r|\Z" if end == "\r" else r"\r*\n|\r*\Z")
    if not quote:
        return re.compile(rf"[^{separator}\r\n]*+"), None, closing
    # A field that starts with a quote is never a plain one.
    plain = re.compile(rf"(?!{quote})[^{separator}\r\n]*+")
    quoted = re.compile(rf"{quote}((?:[^{quote}]|{quote}{quote})*+){quote}")
    return plain, quoted, closing


def _records(text: str, dialect: Dialect, end: str) -> Iterator[Record]:
    start, line = 0, 1
    while start < len(text):
        found = read_record(text, start, dialect, end)
        one_line = (text.find(end, start) + 1) or len(text)
        fields, stop = found or (None, one_line)
        yield Record(line, text[start:stop], fields)
        line += text.count(end, start, stop)
        start = stop


def _read_by_csv(
    text: str, dialect: Dialect, end: str
) -> list[tuple[int, tuple[str, ...] | None]] | None:
    """Return line and fields of each record, None if one of them cannot be read."""
    csv.field_size_limit(FIELD_CHARACTERS)
    lines = re.findall(f"[^{end}]*{end}|[^{end}]+", text)
    reader = csv.reader(
        lines,
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=True,
    )
    found: list[tuple[int, tuple[str, ...] | None]] = []
    line = 1
    try:
        for fields in reader:
            found.append((line, tuple(fields or [""])))
            line = reader.line_num + 1
    except csv.Error:
        return None
    return found
