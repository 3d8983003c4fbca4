"""What is unusual in how a sample is written, and which of its rows cannot be read."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from generators.sample.notes import LEAST_ROWS, is_table_below
from generators.sample.rows import Readable
from importkit.errors import visible
from importkit.source import LINE, SEPARATORS, Dialect
from importkit.source.detection import Detected


def notes_on_dialect(found: Detected) -> Iterator[str]:
    """Yield what a dialect has beside its separator, quote and encoding."""
    dialect = found.dialect
    if dialect.skip:
        plural = "" if dialect.skip == 1 else "s"
        before = "header" if dialect.header else "first row"
        yield f"skip={dialect.skip}: {dialect.skip} line{plural} before the {before}"
    if dialect.header_rows > 1:
        yield f"header_rows={dialect.header_rows}: the names in each column are joined"
    if dialect.trailing:
        yield "trailing=True: rows end with a separator, the header does not"
    yield from _notes_on_width(dialect)
    if dialect.quoted_lines:
        yield (
            "quoted_lines=True: each line is one quoted field that holds several, which are "
            "read from inside of it"
        )
    if dialect.escape:
        yield f"escape: a quote or a separator after {dialect.escape} is text"
    if dialect.skip_blanks:
        yield "skip_blanks=True: blanks before a field, and before its quote, are left out"
    if not dialect.last_line_end:
        yield "last_line_end=False: the last row has no line end: is the file whole?"
    if found.reason:
        example = f' ("{visible(found.example)}")' if found.example else ""
        yield f"{dialect.encoding}{example}: {found.reason}"
    if dialect.separator not in SEPARATORS:
        yield f'separator "{visible(dialect.separator)}" is unusual: check it'


def notes_on_last_mark(rows: pl.DataFrame) -> Iterator[str]:
    """Yield that all values of the last column end with one mark, as lines may do."""
    column = rows.drop(LINE).to_series(-1)
    ends = column.alias("").str.strip_chars_end().str.slice(-1).drop_nulls()
    if len(ends) < LEAST_ROWS or ends.n_unique() > 1 or ends[0] not in SEPARATORS:
        return
    yield (
        f'"{visible(column.name)}": each value ends with "{ends[0]}", which may be a mark at '
        "the end of each line"
    )


def _notes_on_width(dialect: Dialect) -> Iterator[str]:
    """Yield how rows differ from the header in their number of cells."""
    if dialect.row_names:
        yield (
            "row_names=True: each row has one cell more than the header, and the first cells "
            "are different: names of rows, as R writes them, without a name in the header"
        )
    if count := dialect.short_rows:
        cells = f"{count:,} cell{'' if count == 1 else 's'}"
        yield f"short_rows={count}: rows end {cells} before the header, which are empty"
    if count := dialect.long_rows:
        cells = f"{count:,} cell{'' if count == 1 else 's'}"
        yield f"long_rows={count}: rows have {cells} beyond the header, without a name"


def notes_on_rows(path: Path, dialect: Dialect, readable: Readable) -> Iterator[str]:
    """Yield which rows are left out of the sample because an import refuses them."""
    for text in notes_on_misfits(readable):
        line = readable.first[0] if readable.first else 0
        is_last = readable.last.is_empty() or line > readable.last[LINE][-1]
        end = ""
        if is_last and is_table_below(path, dialect, line):
            end = ": another table starts there, which is not read; cut the file there"
        elif is_last:
            end = ", at the end of the file: a footer, or another table?"
        yield text + end


def notes_on_misfits(readable: Readable) -> Iterator[str]:
    """Yield how many rows an import refuses, and the first of them."""
    if readable.first is None:
        return
    line, what = readable.first
    one = readable.misfits == 1
    rows = (
        "an import refuses 1 row"
        if one
        else f"an import refuses {readable.misfits:,} rows"
    )
    where = "line" if one else "the first in line"
    yield f"{rows}, left out here: {where} {line} ({what})"
