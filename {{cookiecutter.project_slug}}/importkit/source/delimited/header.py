"""Step 1, import: the head of a delimited file: its line end, its header, its columns."""

from collections.abc import Iterator, Sequence
from itertools import chain, count, islice
from pathlib import Path

from importkit.display_names import shown_name
from importkit.errors import SourceError
from importkit.source.delimited.formulas import REJECT_COLUMNS, unguarded_value
from importkit.source.delimited.misfits import error_of
from importkit.source.delimited.records import line_end, lines_of, records_of
from importkit.source.delimited.text import (
    broken_in,
    not_of_encoding,
    texts_of,
    utf_8_chunks,
)
from importkit.source.dialect import Dialect
from importkit.source.frames import column_names
from importkit.source.heads import Header, Record, joined_names

# The name of the column of names of rows, which have none in the file.
ROW_NAME = "row_name"
HEAD_BYTES = 1_000_000  # The header, and the first line end, stand in these.


def read_header(path: Path, dialect: Dialect) -> Header:
    """Read the header of a delimited file.

    Raises:
        SourceError: The file cannot be read, or it has no header that can be read.
    """
    end, records = head_records(path, dialect)
    first = next(records, None)
    if first is None:
        raise _no_header(path, dialect)
    if not dialect.header:
        readable = next(
            (row for row in chain([first], records) if not row.error), first
        )
        _check_is_readable(readable, path)
        names = column_names([""] * len(readable.fields))
        return Header(end, tuple(names), range(0), first.line - 1, (len(names),))
    rows = [first, *islice(records, dialect.header_rows - 1)]
    for row in rows:
        _check_is_readable(row, path)
        _check_encoding(row, path, dialect, end)
    fields = [[field.strip() for field in row.fields] for row in rows]
    width = len(REJECT_COLUMNS)
    is_rejects = (
        tuple(fields[-1][-width:]) == REJECT_COLUMNS and len(fields[-1]) > width
    )
    if is_rejects:
        fields = [[unguarded_value(field) for field in row.fields] for row in rows]
    elif dialect.trailing:
        fields[-1].append("")
    last = rows[-1].last_line
    lines = range(first.line, last + 1)
    if is_rejects:  # Their header has all names, and each row has all cells.
        names = column_names(joined_names(fields))
        return Header(end, tuple(names), lines, last, (len(names),), is_rejects)
    names = column_names(_completed(joined_names(fields), dialect))
    return Header(end, tuple(names), lines, last, _widths(len(names), dialect))


def _completed(names: Sequence[str], dialect: Dialect) -> list[str]:
    """Add the names that a header lacks."""
    first = next(
        name
        for name in chain([ROW_NAME], (f"{ROW_NAME}_{n}" for n in count(2)))
        if name not in names
    )
    return [*([first] * dialect.row_names), *names, *([""] * dialect.long_rows)]


def _widths(total: int, dialect: Dialect) -> tuple[int, ...]:
    """Return how many fields rows have: as usual, or as many as the header."""
    usual = total - dialect.short_rows
    widths = (usual, total, total - dialect.long_rows)
    return tuple(dict.fromkeys(width for width in widths if width > 0))


def head_records(path: Path, dialect: Dialect) -> tuple[str, Iterator[Record]]:
    """Return the line end of a file, and the records in its first bytes."""
    chunks = utf_8_chunks(path, dialect.encoding, HEAD_BYTES)
    data = next(chunks)
    end = line_end(data.decode("latin-1"))
    if end.encode() not in data and next(chunks, b""):
        raise SourceError(
            f'"{shown_name(path)}" has no line end in its first {HEAD_BYTES:,} bytes.'
        )
    if not data.strip():
        raise SourceError(f'"{shown_name(path)}" is empty.')
    # The data may end in the middle of a line.
    whole = data[: data.rfind(end.encode()) + 1]
    lines = lines_of([whole if whole.strip() else data], end.encode())
    texts = texts_of(islice(lines, dialect.skip, None), dialect.encoding)
    return end, records_of(texts, dialect, 1 + dialect.skip)


def _no_header(path: Path, dialect: Dialect) -> SourceError:
    if dialect.skip:
        return SourceError(
            f'"{shown_name(path)}" has no header behind the {dialect.skip:,} lines that its '
            "Dialect skips."
        )
    return SourceError(f'"{shown_name(path)}" has no header: its cells are empty.')


def _check_is_readable(row: Record, path: Path) -> None:
    if row.error:
        raise SourceError(
            f'"{shown_name(path)}" has no readable header: line {row.line}: {error_of(row)[1]}.'
        )


def _check_encoding(row: Record, path: Path, dialect: Dialect, end: str) -> None:
    for number, line in enumerate(row.text.split(end), row.line):
        if what := broken_in(line):
            raise not_of_encoding(path, dialect.encoding, number, what)
