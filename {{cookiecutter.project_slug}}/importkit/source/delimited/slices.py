"""Step 1, import: a file is cut into slices of whole records, which polars reads.

polars reads fast, but it reads some text wrongly without an error. A slice is *whole* if
polars reads it as the csv module does, and the lines of its rows can be counted:

- The slice starts and ends between two records.
- A quote stands only around a whole field, or doubled inside of a quoted field.
- A line end of another kind than the line ends of the file stands only inside of quotes.
- The slice holds no escape character, and its lines do not stand in quotes as a whole.

A slice that is not whole is the last one. It and all that follows it in the file are read
record by record, by the csv module, which is slower and can say what is wrong with a row.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import polars as pl

from importkit.source.delimited.records import lines_of, records_of
from importkit.source.delimited.text import texts_of
from importkit.source.dialect import Dialect
from importkit.source.frames import LINE, PROBLEM
from importkit.source.heads import Record

# Blanks before a quote that polars reads; a slice with more is read by the csv module.
MOST_BLANKS = 40


class Slice(NamedTuple):
    """A part of a file that starts with a record.

    Attributes:
        line: The physical line on which it starts, from 1.
        lines: How many physical lines it has.
        data: The part as UTF-8.
        is_whole: Whether polars may read it, as the docstring of this module says.
    """

    line: int
    lines: int
    data: bytes
    is_whole: bool


def slices(
    chunks: Iterator[bytes], dialect: Dialect, end: str, skip: int
) -> Iterator[Slice]:
    """Yield the slices of a file, each about as large as a chunk or as one record.

    Args:
        chunks: The file as UTF-8. Behind a slice that is not whole, the chunks that are
            left are the rest of the file.
        dialect: How the file is written.
        end: Its line end.
        skip: How many physical lines at its beginning are in no slice.
    """
    data, line = _without_lines(chunks, skip, end), 1 + skip
    chunks = chain([data], chunks) if data else chunks
    data = b""
    while chunk := next(chunks, b""):
        data += chunk
        match = _plain(dialect, _other_line_end(data, end)).match(data)
        cut = _end_of_records(data, match, end, dialect)
        if not cut:
            break
        lines = data.count(end.encode(), 0, cut)
        yield Slice(line, lines, data[:cut], is_whole=True)
        line += lines
        data = data[cut:]
    if data:
        plain = _plain(dialect, _other_line_end(data, end))
        is_whole = not chunk and plain.fullmatch(data) is not None
        lines = data.count(end.encode()) + (not data.endswith(end.encode()))
        yield Slice(line, lines, data, is_whole)


def records_in(
    part: Slice, chunks: Iterable[bytes], dialect: Dialect, end: str
) -> Iterator[Record]:
    """Yield the records of a slice, and of what follows a slice that is not whole.

    Args:
        part: The slice.
        chunks: The chunks that ``slices`` has not taken.
        dialect: How the file is written.
        end: Its line end.
    """
    # A chunk may end in the middle of a character; a line does not.
    pieces = [part.data] if part.is_whole else chain([part.data], chunks)
    texts = texts_of(lines_of(pieces, end.encode()), dialect.encoding)
    return records_of(texts, dialect, part.line)


def read_whole(
    part: Slice, names: Sequence[str], dialect: Dialect, end: str
) -> pl.DataFrame | None:
    """Read a whole slice with polars.

    Args:
        part: The slice.
        names: The columns of the file.
        dialect: How the file is written.
        end: Its line end.

    Returns:
        The rows that are not blank, as text with empty cells null, and the columns
        ``_line`` and ``_problem``, which is null. None where a row has too few or too
        many fields: polars does not say which.
    """
    try:
        df = _parsed(part, names, dialect, end)
    except (pl.exceptions.PolarsError, OSError):
        # An OSError is for text that polars takes for packed: rows that begin with x^.
        return None
    quote = (dialect.quote or "").encode()
    is_quoted = bool(quote) and quote in part.data
    # polars fills a short row up with nulls, so only a null at the end is suspect.
    is_suspect = bool(df.height) and bool(df[names[-1]].null_count())
    if is_suspect and _has_short_row(df, part, dialect, is_quoted=is_quoted):
        return None
    lines = _lines(df, part, end)
    if is_quoted:  # Elsewhere an empty cell is null already.
        df = df.select(without_empty())
    rows = df.with_columns(lines, pl.lit(None, pl.String).alias(PROBLEM))
    if len(names) > 1 and not all(cells.null_count() for cells in df):
        return rows  # No row is blank where a column has a value in each.
    cells = pl.all().str.strip_chars() if len(names) == 1 else pl.all()
    blank = df.select(pl.all_horizontal(cells.is_null() | (cells == ""))).to_series()
    return rows.filter(~blank) if blank.any() else rows


def _parsed(
    part: Slice, names: Sequence[str], dialect: Dialect, end: str
) -> pl.DataFrame:
    # Without a line end polars drops the separator at the end.
    data = _without_blanks(part.data, dialect) if dialect.skip_blanks else part.data
    return pl.read_csv(
        data if data.endswith(end.encode()) else data + end.encode(),
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        separator=dialect.separator,
        quote_char=dialect.quote,
        eol_char=end,
        raise_if_empty=False,
    )


def without_empty() -> pl.Expr:
    """Return all columns, which are text, with null for empty text."""
    return pl.when(pl.all() != "").then(pl.all())


def _has_short_row(
    df: pl.DataFrame, part: Slice, dialect: Dialect, *, is_quoted: bool
) -> bool:
    """Return whether a slice has fewer separators than its rows need."""
    found = part.data.count(dialect.separator.encode())
    if is_quoted:
        inside = pl.all().str.count_matches(dialect.separator, literal=True)
        found -= int(df.select(pl.sum_horizontal(inside.sum())).item())
    return found != df.height * (df.width - 1)


def _lines(df: pl.DataFrame, part: Slice, end: str) -> pl.Series:
    """Return the physical line on which each row of a slice starts."""
    stop = part.line + df.height
    lines = pl.int_range(part.line, stop, dtype=pl.Int64, eager=True).alias(LINE)
    if part.lines == df.height:
        return lines
    # All columns and no names: to polars, a name such as "^x$" is a pattern.
    inside = pl.sum_horizontal(
        pl.all().str.count_matches(end, literal=True).fill_null(0)
    )
    # A line end inside of a quoted field moves all rows below one line down.
    above = df.select(inside.cum_sum().shift(fill_value=0).cast(pl.Int64)).to_series()
    return lines + above


def _without_lines(chunks: Iterator[bytes], count: int, end: str) -> bytes:
    """Take lines from the chunks; return the rest of the chunk in which they end."""
    data = b""
    while count and (chunk := next(chunks, b"")):
        *lines, data = (data + chunk).split(end.encode(), count)
        count -= len(lines)
    return b"" if count else data


def _other_line_end(data: bytes, end: str) -> bytes:
    """Return the character of line ends of another kind; nothing where there is none."""
    if end == "\r":
        return b"\n" if b"\n" in data else b""
    # Most files have no CR at all, which is found out at once.
    return b"\r" if b"\r" in data and re.search(rb"\r[^\n]", data) else b""


def _plain(dialect: Dialect, other_end: bytes) -> re.Pattern[bytes]:
    """Return the pattern of the longest part that may be a whole slice."""
    if dialect.quoted_lines:
        return re.compile(b"(?!)")  # Only the csv module reads what is inside of them.
    quote = re.escape(dialect.quote or "").encode()
    escape = re.escape(dialect.escape or "").encode()
    special = quote + escape + other_end
    text = rb"[^%b]*+" % special if special else rb"[\s\S]*+"
    outside = rb"%b(?:\r\n%b)*+" % (text, text) if other_end == b"\r" else text
    if not quote:
        return re.compile(outside)
    edge = re.escape(dialect.separator).encode() + rb"\r\n"
    inside = rb"[^%b]*+" % (quote + escape)
    start = b"(?<![^%b])" % edge
    if dialect.skip_blanks:
        start = b"(?:%b)" % b"|".join(_behind_blanks(edge))
    field = rb"%b%b%b(?:%b%b%b)*+%b(?![^%b])" % (
        *(start, quote, inside, quote, quote, inside, quote, edge),
    )
    return re.compile(rb"%b(?:%b%b)*+" % (outside, field, outside))


def _behind_blanks(edge: bytes) -> Iterator[bytes]:
    """Yield patterns of places behind an edge and some blanks."""
    for count in range(MOST_BLANKS + 1):
        blanks = b" " * count
        yield b"(?<=%b)(?<![^%b]%b)" % (blanks, edge, blanks)


def _without_blanks(data: bytes, dialect: Dialect) -> bytes:
    """Leave out the blanks before fields, not those inside of quotes."""
    if b" " not in data:
        return data
    quote = re.escape(dialect.quote or "").encode()
    edge = re.escape(dialect.separator).encode() + rb"\r\n"
    inside = rb"(%b[^%b]*+%b)|" % (quote, quote, quote) if quote else b"()"
    return re.sub(rb"%b(?<![^%b]) +" % (inside, edge), rb"\1", data)


def _end_of_records(
    data: bytes, match: re.Match[bytes] | None, end: str, dialect: Dialect
) -> int:
    """Return where the last line ends that is known to end outside of quotes."""
    stop = match.end() if match else 0
    quote = (dialect.quote or end).encode()
    cut = data.rfind(end.encode(), 0, stop) + 1
    quotes = data.count(quote, cut, stop) if dialect.quote else 0
    while quotes % 2:
        below = cut
        cut = data.rfind(end.encode(), 0, below - 1) + 1
        quotes += data.count(quote, cut, below)
    return cut
