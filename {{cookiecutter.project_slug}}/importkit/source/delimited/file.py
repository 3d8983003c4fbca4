"""Step 1, import: a delimited file becomes frames of text, one for each slice of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

import polars as pl

from importkit.errors import SourceError
from importkit.problems import Code
from importkit.source.delimited.dialect import DEFAULT_DIALECT, Dialect
from importkit.source.delimited.formulas import (
    REJECT_COLUMNS,
    unguarded_cells,
    unguarded_value,
)
from importkit.source.delimited.records import (
    CUT,
    ENDLESS,
    OPEN,
    RECORD_CHARACTERS,
    Record,
    line_end,
    lines_of,
    records_of,
)
from importkit.source.delimited.slices import (
    Slice,
    read_whole,
    records_in,
    slices,
    without_empty,
)
from importkit.source.delimited.text import (
    broken_in,
    not_of_encoding,
    texts_of,
    utf_8_chunks,
)
from importkit.source.frames import LINE, PROBLEM, column_names
from importkit.source.heads import (
    AreNames,
    Header,
    describe_found,
    joined_names,
    with_header_found,
)

IS_CUT = ": is the file cut off?"
HEAD_BYTES = 1_000_000  # The header, and the first line end, stand in these.
# Bytes that are read at a time, and rows of a frame that is read record by record: many
# enough for polars to use all cores, few enough for memory to stay small.
SLICE_BYTES = 4_000_000
RECORDS = 20_000


class DelimitedFile:
    """A delimited file whose header has been read.

    Attributes:
        path: The file.
        stated: How it should be written.
        dialect: How it is written: more or fewer lines may stand above its header.
        header: Its header.
        misfits: How many rows could not be read when the file was last read.
    """

    def __init__(
        self, path: Path, dialect: Dialect, are_names: AreNames | None = None
    ) -> None:
        """Read the header.

        Args:
            path: The file.
            dialect: How it is written.
            are_names: Tells whether names are those of the columns. If those where the
                dialect has the header are not, lines above and below are tried.

        Raises:
            SourceError: The file cannot be read, or it has no header that can be read.
        """
        self.path = path
        self.stated = self.dialect = _of_rejects(path, dialect)
        if are_names and dialect.header:
            self.dialect = with_header_found(
                self.stated,
                partial(read_header, path),
                lambda: _head(path, replace(dialect, skip=0))[1],
                are_names,
            )
        self.header = read_header(path, self.dialect)
        self.misfits = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is otherwise in the file than its dialect says, a sentence each."""
        if self.dialect == self.stated:
            return ()
        return (describe_found(self.stated, self.dialect, self.header),)

    @property
    def end(self) -> str:
        """The line end of the file."""
        return self.header.end

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns of all frames: text, the line, and what is wrong with a row."""
        names = dict.fromkeys(self.header.names, pl.String())
        return {**names, LINE: pl.Int64(), PROBLEM: pl.String()}

    def slices(self, chunks: Iterator[bytes]) -> Iterator[Slice]:
        """Yield the slices of the rows, of chunks of the file as UTF-8."""
        return slices(chunks, self.dialect, self.end, self.header.above)

    def records(self, part: Slice, chunks: Iterator[bytes]) -> Iterator[Record]:
        """Yield the records of a slice, and of what follows one that is not whole."""
        return records_in(part, chunks, self.dialect, self.end)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows that are not blank, as frames of ``schema``.

        A row that cannot be read, or that has another number of fields than the header,
        has null in its columns, and its ``_problem`` says what is wrong with it.

        Raises:
            SourceError: The file cannot be read any further.
        """
        self.misfits = 0
        chunks = utf_8_chunks(self.path, self.dialect.encoding, SLICE_BYTES)
        for part in self.slices(chunks):
            for df in self._frames(part, chunks):
                self.misfits += df.height - df[PROBLEM].null_count()
                is_rejects = self.header.is_rejects
                yield df.with_columns(unguarded_cells()) if is_rejects else df

    def _frames(self, part: Slice, chunks: Iterator[bytes]) -> Iterator[pl.DataFrame]:
        names = self.header.names
        if part.is_whole:
            df = read_whole(part, names, self.dialect, self.end)
            if df is not None:
                yield df
                return
        rows = self.records(part, chunks)
        while group := list(islice(rows, RECORDS)):
            yield _frame(group, names, self.dialect.encoding)


def _of_rejects(path: Path, dialect: Dialect) -> Dialect:
    """Return the dialect of a file, which may be the rejects of a sheet.

    These are CSV, with one row of names and nothing above it, however the sheet is.
    """
    if not (dialect.skip or dialect.header_rows > 1):
        return dialect
    try:
        header = read_header(path, DEFAULT_DIALECT)
    except SourceError:
        return dialect
    is_first = header.lines.start == 1
    return DEFAULT_DIALECT if header.is_rejects and is_first else dialect


def read_header(path: Path, dialect: Dialect) -> Header:
    """Read the header of a delimited file.

    Raises:
        SourceError: The file cannot be read, or it has no header that can be read.
    """
    end, records = _head(path, dialect)
    first = next(records, None)
    if first is None:
        raise _no_header(path, dialect)
    if not dialect.header:
        readable = next(
            (row for row in chain([first], records) if not row.error), first
        )
        _check_is_readable(readable, path)
        names = column_names([""] * len(readable.fields))
        return Header(end, tuple(names), range(0), first.line - 1)
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
    names = column_names(joined_names(fields))
    return Header(end, tuple(names), range(first.line, last + 1), last, is_rejects)


def _head(path: Path, dialect: Dialect) -> tuple[str, Iterator[Record]]:
    """Return the line end of a file, and the records in its first bytes."""
    chunks = utf_8_chunks(path, dialect.encoding, HEAD_BYTES)
    data = next(chunks)
    end = line_end(data.decode("latin-1"))
    if end.encode() not in data and next(chunks, b""):
        raise SourceError(
            f'"{path.name}" has no line end in its first {HEAD_BYTES:,} bytes.'
        )
    if not data.strip():
        raise SourceError(f'"{path.name}" is empty.')
    # The data may end in the middle of a line.
    whole = data[: data.rfind(end.encode()) + 1]
    lines = lines_of([whole if whole.strip() else data], end.encode())
    texts = texts_of(islice(lines, dialect.skip, None), dialect.encoding)
    return end, records_of(texts, dialect, 1 + dialect.skip)


def _no_header(path: Path, dialect: Dialect) -> SourceError:
    if dialect.skip:
        return SourceError(
            f'"{path.name}" has no header behind the {dialect.skip:,} lines that its '
            "Dialect skips."
        )
    return SourceError(f'"{path.name}" has no header: its cells are empty.')


def _check_is_readable(row: Record, path: Path) -> None:
    if row.error:
        raise SourceError(
            f'"{path.name}" has no readable header: line {row.line}: {_error(row)[1]}.'
        )


def _check_encoding(row: Record, path: Path, dialect: Dialect, end: str) -> None:
    for number, line in enumerate(row.text.split(end), row.line):
        if what := broken_in(line):
            raise not_of_encoding(path, dialect.encoding, number, what)


def _frame(rows: list[Record], names: Sequence[str], encoding: str) -> pl.DataFrame:
    """Make a frame of records; one with a problem has null in its columns."""
    width = len(names)
    problems = [_problem(row, width, encoding) for row in rows]
    nothing = [None] * width
    df = pl.DataFrame(
        [
            nothing if problem else row.fields
            for row, problem in zip(rows, problems, strict=True)
        ],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    )
    return df.select(without_empty()).with_columns(
        pl.Series(LINE, [row.line for row in rows], dtype=pl.Int64),
        pl.Series(PROBLEM, problems, dtype=pl.String),
    )


def _problem(row: Record, width: int, encoding: str) -> str | None:
    """Return what is wrong with a row, as its code and its reason; None if nothing is."""
    if row.error:
        return ": ".join(_error(row))
    if what := broken_in(row.text):
        return f"{Code.ENCODING}: {what} is not {encoding}"
    found = len(row.fields)
    if found == width:
        return None
    is_cut = found < width and not row.text.endswith(("\n", "\r"))
    hint = IS_CUT if is_cut else ""
    plural = "" if found == 1 else "s"
    return f"{Code.FIELDS}: {found:,} field{plural} instead of {width:,}{hint}"


def _error(row: Record) -> tuple[str, str]:
    """Return the code and the reason for an error of the csv module."""
    if row.error in (OPEN, CUT):
        hint = IS_CUT if row.error == CUT else ""
        return Code.QUOTE, f"the quote is never closed{hint}"
    if row.error == ENDLESS:
        within = f"within {RECORD_CHARACTERS:,} characters"
        return Code.QUOTE, f"the quote is not closed {within}"
    if "new-line" in row.error:
        return Code.LINE_END, "a line end of another kind than those of the file"
    return Code.QUOTE, f"a quote that is not doubled ({row.error})"
