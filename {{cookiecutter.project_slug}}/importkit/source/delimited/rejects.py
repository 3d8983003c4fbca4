"""Step 4, load: the rows that were not imported, as they stand in their file, and why."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TextIO

import polars as pl

from importkit.source.delimited.file import SLICE_BYTES, DelimitedFile
from importkit.source.delimited.formulas import (
    REJECT_COLUMNS,
    guarded,
    guarded_value,
    unguarded,
)
from importkit.source.delimited.records import (
    field_spans,
    line_end,
    lines_of,
    records_of,
    unwrapped,
    wrapped,
)
from importkit.source.delimited.text import texts_of, utf_8_chunks
from importkit.source.dialect import Dialect
from importkit.source.frames import LINE, PROBLEM
from importkit.source.heads import Record
from importkit.source.tables import TableFile, as_text

# Most rows are wrong in the same few ways: so many texts of reasons are kept in memory.
REASONS = 10_000
BETWEEN = "; "  # Stands between several problems of one row.


# Opens a new file with flags of the system, and returns its number.
type Opener = Callable[[str, int], int]
# How the names of the four columns end a header, whatever its separator and quote are.
NAMES_AT_END = re.compile(r"\W+".join(REJECT_COLUMNS) + r"\W*?(?:[\r\n]|\Z)")
HEAD_BYTES = 1_000_000  # Enough for any header, and the lines above it.
HEADER_LINES = 50  # So many lines, behind those that are skipped, a header may have.
CODES = re.compile(rf"[a-z_]{{3,}}(?:{BETWEEN}[a-z_]{{3,}})*+")


def write_rejects(
    source: DelimitedFile | TableFile,
    found: pl.DataFrame,
    path: Path,
    opener: Opener | None = None,
) -> None:
    """Write the rows that have problems, with four columns more that say why.

    A row of delimited text is written as it stands in its file. Only a cell that a
    spreadsheet would run as a formula gets an apostrophe; the next import takes it away
    again, as the header says that the file holds rejects. A file without a header gets
    none. Rows of a file whose columns have types are written as CSV, in text that is
    read as the same values.

    Args:
        source: The file that was imported.
        found: The problems, as ``problems.SCHEMA`` has them, with lines of that file.
        path: The file to make; nothing may be there.
        opener: Makes the file, as for ``open``.

    Raises:
        OSError: The file cannot be written, or something is there.
    """
    if isinstance(source, TableFile):
        with open(path, "x", encoding="utf-8", newline="", opener=opener) as file:
            _write_table_rejects(source, found, file)
        return
    dialect = source.dialect
    reasons = _reasons(found)
    rows = records_at(source, reasons["line"])
    added = _reject_fields(reasons.iter_rows(), dialect)
    with open(
        path,
        "x",
        encoding=dialect.encoding,
        errors="surrogateescape",
        newline="",
        opener=opener,
    ) as file:
        file.writelines(islice(_lines(source), dialect.skip))
        if source.header.lines:
            [names] = _reject_fields([REJECT_COLUMNS], dialect)
            *upper, last = _header_records(source)
            file.writelines(_completed(row, "", source) for row in upper)
            file.write(_completed(last, names, source))
        for row, fields in zip(rows, added, strict=True):
            file.write(_extended(row, _empty_cells(row, source) + fields, source))


def are_rejects(path: Path, dialect: Dialect) -> bool:
    """Return whether a file holds rejects of an earlier import, or nothing at all.

    Args:
        path: The file.
        dialect: How the rejects of this source are written. Those of an earlier import
            may have been written otherwise, but for their names.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        return True
    for encoding in dict.fromkeys((dialect.encoding, "utf-8", "utf-16")):
        lines = head.decode(encoding, "replace").splitlines(keepends=True)
        text = "".join(lines[: dialect.skip + HEADER_LINES])
        if NAMES_AT_END.search(text):
            return True
    if dialect.header:
        return False
    text = head.decode(dialect.encoding, "replace")
    first = next(records_of(StringIO(text, newline=line_end(text)), dialect), None)
    fields = first.fields[-len(REJECT_COLUMNS) :] if first else []
    if len(fields) < len(REJECT_COLUMNS):
        return False
    return fields[0].isdecimal() and CODES.fullmatch(fields[2]) is not None


def _write_table_rejects(source: TableFile, found: pl.DataFrame, file: TextIO) -> None:
    reasons = _reasons(found)
    rows = source.rows_at(reasons["line"]).drop(LINE, PROBLEM, strict=False)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*map(guarded_value, rows.columns), *REJECT_COLUMNS])
    pairs = zip(as_text(rows).iter_rows(), reasons.iter_rows(), strict=True)
    for values, why in pairs:
        cells = ("" if value is None else str(value) for value in (*values, *why))
        writer.writerow(map(guarded_value, cells))


def _reasons(found: pl.DataFrame) -> pl.DataFrame:
    """Return the line of each row that has problems, with their columns and reasons."""
    rows = found.select("line", "column", "code", "reason").sort(
        "line", maintain_order=True
    )
    # Most rows have one problem, which leaves nothing to join.
    several = rows.select(pl.col("line").is_duplicated()).to_series()
    joined = (
        rows.filter(several)
        .group_by("line", maintain_order=True)
        .agg(pl.col("column", "code", "reason").str.join(BETWEEN))
    )
    return pl.concat([rows.filter(~several), joined]).sort("line")


def _header_records(source: DelimitedFile) -> list[Record]:
    first = source.header.lines.start
    lines = islice(_lines(source), first - 1, None)
    rows = records_of(lines, source.dialect, first)
    return list(islice(rows, source.dialect.header_rows))


def _completed(row: Record, more: str, source: DelimitedFile) -> str:
    """Return a row of the header with cells for the names that it lacks.

    The header of a file of rejects has a name for each cell of its rows.
    """
    header, dialect = source.header, source.dialect
    if header.is_rejects:
        return _extended(row, more, source)
    lacking = len(header.names) - len(row.fields) - dialect.row_names
    more = dialect.separator * lacking + more if more else ""
    first = _fields(header.names[:1] if more else [""], dialect) + dialect.separator
    return _extended(row, more, source, first * dialect.row_names)


def _empty_cells(row: Record, source: DelimitedFile) -> str:
    """Return the separators of the cells that a row lacks that ends before the header."""
    found, header = len(row.fields), source.header
    lacking = len(header.names) - found if found in header.widths else 0
    return source.dialect.separator * lacking


def _lines(source: DelimitedFile) -> Iterator[str]:
    lines = lines_of(_chunks(source), source.end.encode())
    return texts_of(lines, source.dialect.encoding)


def records_at(source: DelimitedFile, wanted: pl.Series) -> Iterator[Record]:
    """Yield the records that start on some lines, and read no further.

    Args:
        source: The file that was imported.
        wanted: The physical lines, in ascending order.

    Raises:
        SourceError: The file cannot be read any more.
    """
    chunks = _chunks(source)
    for part in source.slices(chunks):
        here = wanted.filter(wanted >= part.line)
        if here.is_empty():
            return
        if part.is_whole:
            here = here.filter(here < part.line + part.lines)
        if here.is_empty():
            continue
        lookup, last = set(here), here[-1]
        for record in source.records(part, chunks):
            if record.line in lookup:
                yield record
            if record.line >= last:
                break


def _chunks(source: DelimitedFile) -> Iterator[bytes]:
    return utf_8_chunks(source.path, source.dialect.encoding, SLICE_BYTES)


def _extended(
    record: Record, more: str, source: DelimitedFile, before: str = ""
) -> str:
    """Return the text of a record with fields added at its ends, before its line end."""
    text, dialect = record.text, source.dialect
    plain = text.removesuffix(source.end)
    # csv reads several characters as one line end: CR CR LF.
    plain = plain.rstrip("\r") if source.end == "\n" else plain
    end = text[len(plain) :] or source.end
    inside = unwrapped(plain, dialect)
    is_wrapped, plain = inside != plain, inside
    if source.header.is_rejects:
        plain = unguarded(_without_reasons(plain, record, source), dialect)
    if source.header.lines:
        plain = before + guarded(plain, dialect)
    plain += dialect.separator + more if more else ""
    return (wrapped(plain, dialect) if is_wrapped else plain) + end


def _without_reasons(text: str, record: Record, source: DelimitedFile) -> str:
    """Return a row of a file of rejects without the four columns that say why."""
    spans = field_spans(text, source.dialect)
    if not record.error and len(spans) == len(source.header.names):
        return text[: spans[-len(REJECT_COLUMNS)][0] - 1]
    # Of a row with another number of fields, only fields that look like reasons go.
    separator = re.escape(source.dialect.separator)
    quote = re.escape(source.dialect.quote or "")
    quoted = f"{quote}(?:[^{quote}]|{quote}{quote})*+{quote}|" if quote else ""
    field = f"{separator}(?:{quoted}[^{separator}{quote}\r\n]*+)"
    mark = f"(?:{quote})?"
    code = rf"{separator}{mark}[a-z_]{{3,}}(?:{BETWEEN}[a-z_]{{3,}})*+{mark}"
    return re.sub(rf"{separator}[1-9]\d*+{field}{code}{field}\Z", "", text)


def _reject_fields(
    reasons: Iterable[Sequence[object]], dialect: Dialect
) -> Iterator[str]:
    """Yield the four fields that are added to each row, as one text."""

    @lru_cache(REASONS)
    def joined(*values: object) -> str:
        return _fields([str(value) for value in values], dialect)

    for line, *why in reasons:
        yield f"{line}{dialect.separator}{joined(*why)}"


def _fields(values: Sequence[str], dialect: Dialect) -> str:
    fields = [_encodable(guarded_value(value), dialect) for value in values]
    if not dialect.quote:
        # Without quotes no field can hold a separator.
        plain = (field.replace(dialect.separator, " ") for field in fields)
        return dialect.separator.join(plain)
    text = StringIO()
    writer = csv.writer(
        text, delimiter=dialect.separator, quotechar=dialect.quote, lineterminator=""
    )
    writer.writerow(fields)
    return text.getvalue()


def _encodable(text: str, dialect: Dialect) -> str:
    """Write characters that the encoding of the file lacks as escapes: ``\\u2192``."""
    if text.isascii():
        return text
    return text.encode(dialect.encoding, "backslashreplace").decode(dialect.encoding)
