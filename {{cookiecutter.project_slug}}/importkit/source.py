"""Step 1, import: a delimited file becomes text, every row with its line in the file."""

import codecs
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from importkit.errors import SourceError

LINE = "_line"
HEAD_BYTES = 1_000_000
EXAMPLES = 3


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written.

    Attributes:
        separator: One character between the fields of a row.
        quote: The character around fields that hold separators or line ends,
            doubled inside them; None where quotes mean nothing.
        encoding: A codec of Python's. "utf-8" reads files with and without a BOM.
        header: Whether the first record names the columns.
    """

    separator: str = ","
    quote: str | None = '"'
    encoding: str = "utf-8"
    header: bool = True


DEFAULT_DIALECT = Dialect()


class Record(NamedTuple):
    """A record of the file: its first and last physical line and its fields."""

    line: int
    last_line: int
    fields: list[str]


def read_csv(path: Path | str, dialect: Dialect = DEFAULT_DIALECT) -> pl.DataFrame:
    """Read a delimited file into a frame of text; nothing is guessed.

    Args:
        path: The file.
        dialect: How it is written.

    Returns:
        One String column per field, named by the header (repeated names are numbered,
        empty ones become ``column_3``), empty cells null, and ``_line`` (Int64): the
        physical line of the file on which the row starts. Blank rows are left out.

    Raises:
        SourceError: The file cannot be read so; says at which lines.
    """
    path = Path(path)
    data = _utf8(path, read_bytes(path), dialect.encoding)
    names, skipped = _header(path, data, dialect)
    if not _quotes_are_plain(data, dialect):
        return _read_strictly(path, data, dialect, names)
    try:
        df = _read_fast(data, dialect, names, skipped)
    except pl.exceptions.PolarsError:
        return _read_strictly(path, data, dialect, names)
    # polars fills a row that is too short with nulls, so a null at the end is suspect.
    if len(names) > 1 and df[names[-1]].null_count():
        return _read_strictly(path, data, dialect, names)
    return df


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that is there and not empty.

    Raises:
        SourceError: It is missing, a folder, unreadable or empty.
    """
    if path.is_char_device() or path.is_block_device():
        raise SourceError(f'"{path}" is a device, not a file.')
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f'There is no file "{path}".') from None
    except IsADirectoryError:
        raise SourceError(f'"{path}" is a folder, not a file.') from None
    except OSError as error:
        raise SourceError(f'"{path}" cannot be read: {error.strerror}.') from error
    if not data.strip():
        raise SourceError(f'"{path.name}" is empty.')
    return data


def decode(path: Path, data: bytes, encoding: str) -> str:
    """Return the text of a file without its BOM.

    Raises:
        SourceError: The bytes are not of this encoding; names the first bad line.
    """
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise SourceError(f'Python knows no encoding "{encoding}".') from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f'"{path.name}" is not {encoding}: line {line} holds the byte '
            f"0x{data[error.start]:02x}. Name the encoding that the file has in the "
            'Dialect, for example encoding="cp1252".'
        ) from None


def records(text: str, dialect: Dialect) -> Iterator[Record]:
    """Yield the records of a text that are not blank.

    Raises:
        csv.Error: A quote is not closed, or followed by something else.
    """
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(
        _lines(text),
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=True,
    )
    line = 1
    for fields in reader:
        if any(field.strip() for field in fields):
            yield Record(line, reader.line_num, fields)
        line = reader.line_num + 1


def _lines(text: str) -> Iterator[str]:
    """Split at line feeds, as ``sed`` counts lines; at CR in a file without any."""
    end = _line_end(text)
    start = 0
    while start < len(text):
        stop = text.find(end, start) + 1 or len(text)
        yield text[start:stop]
        start = stop


def _line_end(text: str) -> str:
    return "\r" if "\r" in text and "\n" not in text else "\n"


def _utf8(path: Path, data: bytes, encoding: str) -> bytes:
    """Return the content as UTF-8 without a BOM; UTF-8 itself is not decoded here."""
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}:
        return data.removeprefix(codecs.BOM_UTF8)
    return decode(path, data, encoding).encode()


def _quotes_are_plain(data: bytes, dialect: Dialect) -> bool:
    """Say whether quotes stand only around whole fields, and doubled inside them.

    Anything else polars may read as something else without a word, as long as the
    number of quotes is even.
    """
    quote = (dialect.quote or "").encode()
    if not quote or quote not in data:
        return True
    # Without doubled quotes the others open and close by turns; of each field in
    # quotes one quote is left here, which must stand between two edges.
    parts = data.replace(quote * 2, b"").split(quote)
    outside = quote.join(parts[::2])
    edges = (dialect.separator.encode(), b"\n", b"\r")
    opened = sum(outside.count(edge + quote) for edge in edges)
    closed = sum(outside.count(quote + edge) for edge in edges)
    opened += outside.startswith(quote)
    closed += outside.endswith(quote)
    return len(parts) % 2 == 1 and opened == closed == outside.count(quote)


def _header(path: Path, data: bytes, dialect: Dialect) -> tuple[list[str], int]:
    """Return the names of the columns and how many lines stand before the rows."""
    # The head may end in the middle of a character, but not of what is no UTF-8.
    head = decode(path, data[:HEAD_BYTES].rpartition(b"\n")[0] or data, "utf-8")
    try:
        first = next(records(head, dialect))
    except csv.Error as error:
        raise SourceError(
            f'"{path.name}" has no readable header: {error}. Is a quote left open?'
        ) from None
    if not dialect.header:
        return _names([""] * len(first.fields)), first.line - 1
    return _names(first.fields), first.last_line


def _names(fields: list[str]) -> list[str]:
    """Number what repeats and name what is empty, so that every column has one name."""
    headers = [field.strip() for field in fields]
    names = {LINE: -1}
    for position, header in enumerate(headers):
        name = base = header or f"column_{position + 1}"
        number = 2
        while name in names or (name != header and name in headers):
            name = f"{base}_{number}"
            number += 1
        names[name] = position
    return [name for name in names if name != LINE]


def _read_fast(
    data: bytes, dialect: Dialect, names: list[str], skipped: int
) -> pl.DataFrame:
    """Read in parallel; polars refuses what is not plainly a table."""
    end = _line_end(data[:HEAD_BYTES].decode("latin-1"))
    df = pl.read_csv(
        # Without a line end polars takes a separator at the end for nothing.
        data if data.endswith(end.encode()) else data + end.encode(),
        has_header=False,
        skip_lines=skipped,
        schema=dict.fromkeys(names, pl.String),
        separator=dialect.separator,
        quote_char=dialect.quote,
        eol_char=end,
        raise_if_empty=False,
    )
    # All columns and no names: to polars, a name such as "^x$" is a pattern.
    line_ends = pl.sum_horizontal(
        pl.all().str.count_matches("\n", literal=True).fill_null(0)
    )
    # A line end inside a quoted field moves every row behind it one line down.
    before = pl.int_range(pl.len()) + line_ends.cum_sum().shift(fill_value=0)
    lines = df.select((skipped + 1 + before).cast(pl.Int64).alias(LINE)).to_series()
    df = df.select(_without_empty())
    blank = df.select(pl.all_horizontal(pl.all().is_null())).to_series()
    return df.with_columns(lines).filter(~blank)


def _read_strictly(
    path: Path, data: bytes, dialect: Dialect, names: list[str]
) -> pl.DataFrame:
    """Read record by record: for stray quotes, and to name what does not fit."""
    rows: list[Record] = []
    try:
        rows.extend(records(decode(path, data, "utf-8"), dialect))
    except csv.Error as error:
        line = rows[-1].last_line + 1 if rows else 1
        raise SourceError(
            f'"{path.name}" cannot be read from line {line} on: {_reason(error)}.'
        ) from None
    rows = rows[1:] if dialect.header else rows
    uneven = [row for row in rows if len(row.fields) != len(names)]
    if uneven:
        raise SourceError(_describe_uneven(path, uneven, len(rows), len(names)))
    df = pl.DataFrame(
        [row.fields for row in rows],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    )
    lines = pl.Series(LINE, [row.line for row in rows], dtype=pl.Int64)
    return df.select(_without_empty()).with_columns(lines)


def _reason(error: csv.Error) -> str:
    if "new-line" in str(error):
        return "some lines end in CR and others in LF; make them alike"
    return f"{error} (is a quote missing there, or not doubled?)"


def _without_empty() -> pl.Expr:
    return pl.when(pl.all() != "").then(pl.all())


def _describe_uneven(path: Path, uneven: list[Record], rows: int, columns: int) -> str:
    examples = ", ".join(
        f"line {row.line} has {len(row.fields)}" for row in uneven[:EXAMPLES]
    )
    more = f" and {len(uneven) - EXAMPLES:,} more" if len(uneven) > EXAMPLES else ""
    return (
        f'"{path.name}": {len(uneven):,} of {rows:,} rows do not have the {columns:,} '
        f"field{'' if columns == 1 else 's'} of the header: {examples}{more}. "
        "Is the separator right, and is text that holds it in quotes?"
    )
