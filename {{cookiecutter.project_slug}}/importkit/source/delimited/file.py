"""Step 1, import: a delimited file becomes frames of text, one for each slice of it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import polars as pl

from importkit.errors import SourceError
from importkit.problems import Code
from importkit.source.delimited.dialect import Dialect
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
from importkit.source.delimited.slices import Slice, slices
from importkit.source.delimited.text import (
    broken_in,
    not_of_encoding,
    texts_of,
    utf_8_chunks,
)
from importkit.source.frames import LINE, PROBLEM, column_names

IS_CUT = ": is the file cut off?"
HEAD_BYTES = 1_000_000
SLICE_BYTES = 4_000_000  # What is read at a time: polars is fast, and memory small.
RECORDS = 20_000  # The same, where it is read record by record.


class DelimitedFile:
    """A delimited file whose header has been read.

    Attributes:
        path: Where it is.
        dialect: How it is written.
        end: Its line end.
        header: The first and last line of its header; no lines where it has none.
        schema: The columns of its frames: text, the line, and what is wrong with a row.
        is_rejects: Whether it is a file of rejects, with the reasons in its last columns.
        misfits: How many rows had something wrong when it was last read.

    Raises:
        SourceError: It has no header that can be read.
    """

    def __init__(self, path: Path, dialect: Dialect) -> None:
        """Read the header of a file."""
        self.path = path
        self.dialect = dialect
        self.is_rejects = False
        chunks = utf_8_chunks(path, dialect.encoding, HEAD_BYTES)
        head = next(chunks)
        self.end = line_end(head.decode("latin-1"))
        if self.end.encode() not in head and next(chunks, b""):
            raise SourceError(
                f'"{path.name}" has no line end in its first {HEAD_BYTES:,} bytes.'
            )
        self._names, self.header, self._skipped = self._header(head)
        self.schema = {
            **dict.fromkeys(self._names, pl.String()),
            LINE: pl.Int64(),
            PROBLEM: pl.String(),
        }
        self.misfits = 0

    @property
    def width(self) -> int:
        """How many fields a row has."""
        return len(self._names)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows that are not blank.

        A row that cannot be read, or of another width than the header, has nothing in
        its columns, and says so as its problem.

        Raises:
            SourceError: The file cannot be read on.
        """
        self.misfits = 0
        chunks = utf_8_chunks(self.path, self.dialect.encoding, SLICE_BYTES)
        for part in slices(chunks, self.dialect, self.end):
            df = self._read_fast(part) if part.is_whole else None
            if df is not None:
                yield self._undone(
                    df.with_columns(pl.lit(None, pl.String).alias(PROBLEM))
                )
                continue
            for group in self._groups(part, () if part.is_whole else chunks):
                rows = self._frame(group)
                self.misfits += rows.height - rows[PROBLEM].null_count()
                yield self._undone(rows)

    def _header(self, data: bytes) -> tuple[list[str], range, int]:
        """Return the columns, the lines of the header, and how many are before rows."""
        if not data.strip():
            raise SourceError(f'"{self.path.name}" is empty.')
        # The head may end in the middle of a line.
        end = self.end.encode()
        whole = data[: data.rfind(end) + 1]
        skip = self.dialect.skip
        lines = islice(lines_of([whole if whole.strip() else data], end), skip, None)
        texts = texts_of(lines, self.dialect.encoding)
        rows = records_of(texts, self.dialect, 1 + skip)
        first = next(rows, None)
        if first is None and skip:
            raise SourceError(
                f'"{self.path.name}" has no header behind the {skip:,} lines that its '
                "Dialect skips."
            )
        if first is None:
            raise SourceError(f'"{self.path.name}" has no header: its cells are empty.')
        if not self.dialect.header:
            readable = next(
                (row for row in chain([first], rows) if not row.error), first
            )
            self._check_header(readable)
            return column_names([""] * len(readable.fields)), range(0), first.line - 1
        head = [first, *islice(rows, self.dialect.header_rows - 1)]
        for row in head:
            self._check_header(row)
        fields = [[field.strip() for field in row.fields] for row in head]
        if tuple(fields[-1][-4:]) == REJECT_COLUMNS and len(fields[-1]) > 4:
            self.is_rejects = True
            fields = [[unguarded_value(field) for field in row.fields] for row in head]
        elif self.dialect.trailing:
            fields[-1].append("")
        last = head[-1].last_line
        return column_names(_joined(fields)), range(first.line, last + 1), last

    def _check_header(self, row: Record) -> None:
        if row.error:
            raise SourceError(
                f'"{self.path.name}" has no readable header: line {row.line}: '
                f"{_error(row)[1]}."
            )
        if not self.dialect.header:
            return
        for number, line in enumerate(row.text.split(self.end), row.line):
            if what := broken_in(line):
                raise not_of_encoding(self.path, self.dialect.encoding, number, what)

    def _undone(self, df: pl.DataFrame) -> pl.DataFrame:
        return df.with_columns(unguarded_cells()) if self.is_rejects else df

    def _read_fast(self, part: Slice) -> pl.DataFrame | None:
        """Read a slice in parallel, unless it is not plainly a table."""
        skipped = max(self._skipped + 1 - part.line, 0)
        # Without a line end polars takes a separator at the end for nothing.
        is_closed = part.data.endswith(self.end.encode())
        try:
            df = pl.read_csv(
                part.data if is_closed else part.data + self.end.encode(),
                has_header=False,
                skip_lines=skipped,
                schema=dict.fromkeys(self._names, pl.String),
                separator=self.dialect.separator,
                quote_char=self.dialect.quote,
                eol_char=self.end,
                raise_if_empty=False,
            )
        except pl.exceptions.PolarsError:
            return None
        # polars fills a row that is too short with nulls, so a null at the end is
        # suspect.
        quote = (self.dialect.quote or "").encode()
        is_quoted = bool(quote) and quote in part.data
        is_suspect = df.height and df[self._names[-1]].null_count()
        if is_suspect and self._is_short(df, part, is_quoted=is_quoted):
            return None
        lines = _lines(df, part.line + skipped, part.lines - skipped, self.end)
        if is_quoted:  # Otherwise what is empty is null already.
            df = df.select(_without_empty())
        cells = pl.all().str.strip_chars() if len(self._names) == 1 else pl.all()
        is_empty = cells.is_null() | (cells == "")
        blank = df.select(pl.all_horizontal(is_empty)).to_series()
        return df.with_columns(lines).filter(~blank)

    def _is_short(self, df: pl.DataFrame, part: Slice, *, is_quoted: bool) -> bool:
        """Say whether some rows have fewer separators than they have to have."""
        separator = self.dialect.separator.encode()
        inside = self._separators_inside(df) if is_quoted else 0
        header = part.data.split(
            self.end.encode(), max(self._skipped + 1 - part.line, 0)
        )
        found = part.data.count(separator) - sum(
            line.count(separator) for line in header[:-1]
        )
        return found - inside != df.height * (len(self._names) - 1)

    def _separators_inside(self, df: pl.DataFrame) -> int:
        separators = pl.all().str.count_matches(self.dialect.separator, literal=True)
        return int(df.select(pl.sum_horizontal(separators.sum())).item())

    def _groups(self, part: Slice, behind: Iterable[bytes]) -> Iterator[list[Record]]:
        """Read record by record: for stray quotes, and to name what does not fit."""
        # What comes behind may be cut in the middle of a character; its lines are not.
        lines = lines_of(chain([part.data], behind), self.end.encode())
        texts = texts_of(lines, self.dialect.encoding)
        rows = records_of(texts, self.dialect, part.line)
        while group := list(islice(rows, RECORDS)):
            yield [row for row in group if row.line > self._skipped]

    def _frame(self, rows: list[Record]) -> pl.DataFrame:
        width = len(self._names)
        encoding = self.dialect.encoding
        problems = [_problem(row, width, encoding) for row in rows]
        nothing = [None] * width
        df = pl.DataFrame(
            [
                nothing if problem else row.fields
                for row, problem in zip(rows, problems, strict=True)
            ],
            schema=dict.fromkeys(self._names, pl.String),
            orient="row",
        )
        return df.select(_without_empty()).with_columns(
            pl.Series(LINE, [row.line for row in rows], dtype=pl.Int64),
            pl.Series(PROBLEM, problems, dtype=pl.String),
        )


def _problem(row: Record, width: int, encoding: str) -> str | None:
    """Return the code of what is wrong with a row, and what that is; or nothing."""
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
    """Return the code and the reason of what csv says of a record."""
    if row.error in (OPEN, CUT):
        hint = IS_CUT if row.error == CUT else ""
        return Code.QUOTE, f"the quote is never closed{hint}"
    if row.error == ENDLESS:
        within = f"within {RECORD_CHARACTERS:,} characters"
        return Code.QUOTE, f"the quote is not closed {within}"
    if "new-line" in row.error:
        return Code.LINE_END, "a line end of another kind than those of the file"
    return Code.QUOTE, f"a quote that is not doubled ({row.error})"


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join the names of a header of several rows, column by column."""
    *upper, last = rows
    names = [field.strip() for field in last]
    for row in reversed(upper):
        above = ""
        width = max(len(row), len(names))
        names += [""] * (width - len(names))
        for place, field in enumerate(row):
            above = field.strip() or (above if names[place] else "")
            names[place] = f"{above} {names[place]}".strip()
    return names


def _lines(df: pl.DataFrame, first: int, count: int, end: str) -> pl.Series:
    """Return the line on which each row starts, of rows that take so many lines."""
    lines = pl.int_range(first, first + df.height, dtype=pl.Int64, eager=True)
    if count == df.height:
        return lines.alias(LINE)
    # All columns and no names: to polars, a name such as "^x$" is a pattern.
    inside = pl.sum_horizontal(
        pl.all().str.count_matches(end, literal=True).fill_null(0)
    )
    # A line end inside a quoted field moves every row behind it one line down.
    above = df.select(inside.cum_sum().shift(fill_value=0).cast(pl.Int64)).to_series()
    return (lines + above).alias(LINE)


def _without_empty() -> pl.Expr:
    return pl.when(pl.all() != "").then(pl.all())
