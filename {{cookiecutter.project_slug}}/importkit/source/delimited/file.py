"""Step 1, import: a delimited file becomes frames of text, one for each slice of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl

from importkit.display_names import shown_name
from importkit.errors import SourceError
from importkit.source.delimited.formulas import REJECT_COLUMNS, unguarded_cells
from importkit.source.delimited.header import head_records, read_header
from importkit.source.delimited.last_row import LastRow
from importkit.source.delimited.misfits import problem_of
from importkit.source.delimited.other_dialects import (
    FindDialect,
    check_rows,
    find_other_dialect,
)
from importkit.source.delimited.slices import (
    Slice,
    read_whole,
    records_in,
    slices,
    without_empty,
)
from importkit.source.delimited.text import utf_8_chunks
from importkit.source.dialect import DEFAULT_DIALECT, Dialect
from importkit.source.frames import LINE, PROBLEM
from importkit.source.heads import (
    AreNames,
    Header,
    Record,
    describe_found,
    with_header_found,
)
from importkit.source.opening import Stamp

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
        last_row: How the file ends, as far as it was read.
        stamp: What the file was before it was read, where that is known.
    """

    stamp: Stamp | None = None

    def __init__(
        self,
        path: Path,
        dialect: Dialect,
        are_names: AreNames | None = None,
        find: FindDialect = lambda _path: DEFAULT_DIALECT,
    ) -> None:
        """Read the header.

        Args:
            path: The file.
            dialect: How it is written.
            are_names: Tells whether names are those of the columns. If those where the
                dialect has the header are not, lines above and below are tried.
            find: Finds how a file seems to be written that the dialect does not read.

        Raises:
            SourceError: The file cannot be read, or it has no header that can be read.
        """
        self.path = path
        self.stated = self.dialect = _of_rejects(path, dialect)
        if are_names and dialect.header:
            self.dialect = with_header_found(
                self.stated,
                partial(read_header, path),
                lambda: head_records(path, replace(dialect, skip=0))[1],
                are_names,
            )
        self._are_names, self._find = are_names, find
        self.header, self._refusal = self._read_header()
        self.misfits = 0
        self.last_row = LastRow()
        self._is_read = False
        self._doubt = ""

    def _read_header(self) -> tuple[Header, str]:
        """Return the header, and why the rows are refused; no text if they are not."""
        if self._are_names is None:
            return read_header(self.path, self.dialect), ""
        try:
            header = read_header(self.path, self.dialect)
        except SourceError as error:
            if why := self._difference(self._are_names):
                raise SourceError(why) from error
            raise
        if self._are_names(header.names):
            return header, ""
        return header, self._difference(self._are_names)

    def _difference(self, are_names: AreNames) -> str:
        return find_other_dialect(self.path, self.dialect, are_names, self._find)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is otherwise in the file than its dialect says, a sentence each."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterator[str]:
        if self.dialect != self.stated:
            yield describe_found(self.stated, self.dialect, self.header)
        if self._doubt:
            yield self._doubt
        if self._is_read and not self.last_row.line:
            yield f'"{shown_name(self.path)}" has a header and no rows.'
        if self.last_row.may_be_cut(self.dialect) and not self.header.is_rejects:
            yield (
                f"The last row (line {self.last_row.line:,}) has no line end, but the "
                "Dialect says that files have one: is the file cut off in its last value? "
                "If files end so from now on, write last_line_end=False in the Dialect."
            )

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
            SourceError: The file cannot be read any further, or seems to be written in
                another dialect.
        """
        if self._refusal:
            raise SourceError(self._refusal)
        self.misfits, self.last_row = 0, LastRow()
        chunks = utf_8_chunks(self.path, self.dialect.encoding, SLICE_BYTES)
        chunks = self.last_row.watch(chunks)
        for part in self.slices(chunks):
            for df in self._frames(part, chunks):
                self.misfits += df.height - df[PROBLEM].null_count()
                self.last_row.see(df)
                is_rejects = self.header.is_rejects
                yield df.with_columns(unguarded_cells()) if is_rejects else df
        self._is_read = True

    def _frames(self, part: Slice, chunks: Iterator[bytes]) -> Iterator[pl.DataFrame]:
        for width in self._widths(part):
            names = self.header.names[:width]
            df = read_whole(part, names, self.dialect, self.end)
            if df is not None:
                yield df.select(_nothing_if_absent(self.schema, df))
                return
        rows = self.records(part, chunks)
        while group := list(islice(rows, RECORDS)):
            if self._are_names:
                self._doubt = self._doubt or check_rows(
                    self.path, group, self.header.widths, self.dialect, self._find
                )
            yield _frame(group, self.header, self.dialect.encoding)

    def _widths(self, part: Slice) -> Sequence[int]:
        """Return how many fields all rows of a slice may have that polars may read."""
        if not part.is_whole:
            return ()
        # With fewer fields than usual, a last row without a line end may have been cut.
        is_ended = part.data.endswith(self.end.encode())
        return self.header.widths if is_ended else self.header.widths[:1]


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


def _frame(rows: list[Record], header: Header, encoding: str) -> pl.DataFrame:
    """Make a frame of records; one with a problem has null in its columns."""
    width = len(header.names)
    added = len(REJECT_COLUMNS) if header.is_rejects else 0
    problems = [problem_of(row, header.widths, encoding, added) for row in rows]
    df = pl.DataFrame(
        [
            [None] * width if problem else row.fields + [""] * (width - len(row.fields))
            for row, problem in zip(rows, problems, strict=True)
        ],
        schema=dict.fromkeys(header.names, pl.String),
        orient="row",
    )
    return df.select(without_empty()).with_columns(
        pl.Series(LINE, [row.line for row in rows], dtype=pl.Int64),
        pl.Series(PROBLEM, problems, dtype=pl.String),
    )


def _nothing_if_absent(
    schema: Mapping[str, pl.DataType], df: pl.DataFrame
) -> list[pl.Series | pl.Expr]:
    """Return the columns of a schema, null where a frame lacks one."""
    # Series, not names: to polars, a name such as "^x$" is a pattern.
    nothing = pl.lit(None, pl.String)
    return [
        df.get_column(name) if name in df.columns else nothing.alias(name)
        for name in schema
    ]
