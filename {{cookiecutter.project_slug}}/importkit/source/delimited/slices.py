"""Step 1, import: a file is cut into slices of whole records."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from importkit.source.delimited.dialect import Dialect


class Slice(NamedTuple):
    """Some records as UTF-8, the line on which they start, and how many lines they take.

    The lines that a dialect skips are in none. In a whole slice quotes stand only around whole fields, and doubled inside them, and
    line ends of another kind than those of the file only inside of quotes, and nothing is
    escaped; anything else polars may read as something else without a word. A slice that is not whole is
    the last one: what comes behind it has to be read record by record.
    """

    line: int
    lines: int
    data: bytes
    is_whole: bool


def slices(chunks: Iterator[bytes], dialect: Dialect, end: str) -> Iterator[Slice]:
    """Yield slices of a file, as large as its chunks or one record.

    Args:
        chunks: The file as UTF-8, in pieces.
        dialect: How it is written.
        end: Its line end.
    """
    data = _behind(chunks, dialect.skip, end)
    line = 1 + dialect.skip
    while chunk := next(chunks, b""):
        data += chunk
        match = _plain(dialect, _odd(data, end)).match(data)
        cut = _end_of_records(data, match, end, dialect)
        if not cut:
            break
        lines = data.count(end.encode(), 0, cut)
        yield Slice(line, lines, data[:cut], is_whole=True)
        line += lines
        data = data[cut:]
    if data:
        plain = _plain(dialect, _odd(data, end))
        is_whole = not chunk and plain.fullmatch(data) is not None
        lines = data.count(end.encode()) + (not data.endswith(end.encode()))
        yield Slice(line, lines, data, is_whole)


def _behind(chunks: Iterator[bytes], skip: int, end: str) -> bytes:
    """Take some lines from a file; return what came with the last of them."""
    data = b""
    while skip and (chunk := next(chunks, b"")):
        *lines, data = (data + chunk).split(end.encode(), skip)
        skip -= len(lines)
    return b"" if skip else data


def _odd(data: bytes, end: str) -> bytes:
    """Return the character of line ends of another kind, if there are some."""
    if end == "\r":
        return b"\n" if b"\n" in data else b""
    # Most files have no CR at all, which is known at once.
    return b"\r" if b"\r" in data and re.search(rb"\r[^\n]", data) else b""


def _plain(dialect: Dialect, odd: bytes) -> re.Pattern[bytes]:
    """Return what matches as far as a slice may be whole."""
    quote = re.escape(dialect.quote or "").encode()
    escape = re.escape(dialect.escape or "").encode()
    none = quote + escape + odd
    text = rb"[^%b]*+" % none if none else rb"[\s\S]*+"
    outside = rb"%b(?:\r\n%b)*+" % (text, text) if odd == b"\r" else text
    if not quote:
        return re.compile(outside)
    edge = re.escape(dialect.separator).encode() + rb"\r\n"
    inside = rb"[^%b]*+" % (quote + escape)
    field = rb"(?<![^%b])%b%b(?:%b%b%b)*+%b(?![^%b])" % (
        *(edge, quote, inside, quote, quote, inside, quote, edge),
    )
    return re.compile(rb"%b(?:%b%b)*+" % (outside, field, outside))


def _end_of_records(
    data: bytes, match: re.Match[bytes] | None, end: str, dialect: Dialect
) -> int:
    """Return where the last line ends that is known to end outside of quotes."""
    stop = match.end() if match else 0
    quote = (dialect.quote or end).encode()
    cut = data.rfind(end.encode(), 0, stop) + 1
    quotes = data.count(quote, cut, stop) if dialect.quote else 0
    while quotes % 2:
        behind = cut
        cut = data.rfind(end.encode(), 0, behind - 1) + 1
        quotes += data.count(quote, cut, behind)
    return cut
