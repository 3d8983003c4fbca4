"""Step 1, import: a file is cut into slices of whole records."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from importkit.dialect import Dialect


class Slice(NamedTuple):
    """Some records as UTF-8, and the line of the file on which they start.

    In a whole slice quotes stand only around whole fields, and doubled inside them;
    anything else polars may read as something else without a word. A slice that is
    not whole is the last one: what comes behind it has to be read record by record.
    """

    line: int
    data: bytes
    is_whole: bool


def slices(chunks: Iterator[bytes], dialect: Dialect, end: str) -> Iterator[Slice]:
    """Yield slices of a file, as large as its chunks or one record.

    Args:
        chunks: The file as UTF-8, in pieces.
        dialect: How it is written.
        end: Its line end.
    """
    plain = _plain(dialect)
    data = b""
    line = 1
    while chunk := next(chunks, b""):
        data += chunk
        cut = _end_of_records(data, plain.match(data), end, dialect)
        if not cut:
            break
        yield Slice(line, data[:cut], is_whole=True)
        line += data.count(end.encode(), 0, cut)
        data = data[cut:]
    if data:
        # Without a line end polars takes a separator at the end for nothing.
        closed = data if chunk or data.endswith(end.encode()) else data + end.encode()
        is_whole = not chunk and plain.fullmatch(closed) is not None
        yield Slice(line, closed, is_whole)


def _plain(dialect: Dialect) -> re.Pattern[bytes]:
    """Return what matches as far as quotes stand only around whole fields."""
    if not dialect.quote:
        return re.compile(rb"[\s\S]*+")
    quote = re.escape(dialect.quote).encode()
    edge = re.escape(dialect.separator).encode() + rb"\r\n"
    text = rb"[^%b]*+" % quote
    field = rb"(?<![^%b])%b%b(?:%b%b%b)*+%b(?![^%b])" % (
        *(edge, quote, text, quote, quote, text, quote, edge),
    )
    return re.compile(rb"%b(?:%b%b)*+" % (text, field, text))


def _end_of_records(
    data: bytes, match: re.Match[bytes] | None, end: str, dialect: Dialect
) -> int:
    """Return where the last line ends that is known to end outside of quotes."""
    stop = match.end() if match else 0
    quote = (dialect.quote or end).encode()
    cut = data.rfind(end.encode(), 0, stop) + 1
    while dialect.quote and data.count(quote, cut, stop) % 2:
        cut = data.rfind(end.encode(), 0, cut - 1) + 1
    return cut
