"""Step 4, load: the rows that did not fit, as they stand in their file, and why."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

import polars as pl

from importkit.source.delimited.dialect import Dialect
from importkit.source.delimited.file import SLICE_BYTES, DelimitedFile
from importkit.source.delimited.formulas import (
    REJECT_COLUMNS,
    guarded,
    guarded_value,
    unguarded,
)
from importkit.source.delimited.records import (
    Record,
    field_spans,
    lines_of,
    records_of,
)
from importkit.source.delimited.slices import slices
from importkit.source.delimited.text import texts_of, utf_8_chunks
from importkit.source.frames import LINE
from importkit.source.typed.tables import TableFile, as_text

MANY = 10_000  # Ways of being wrong that are kept in memory.
BETWEEN = "; "  # Several problems of one row.


def write_rejects(
    source: DelimitedFile | TableFile, found: pl.DataFrame, path: Path
) -> None:
    """Write the rows with problems as they are in the file, and four columns more.

    Only what a spreadsheet would run as a formula gets an apostrophe, where a header
    tells the next import to take it away again. Of a file whose columns have types the
    rows are written as CSV, in text that is read as the same values.

    Args:
        source: The file that was read.
        found: What is wrong, of ``problems.SCHEMA``, with lines of that file.
        path: Where to write; what is there is replaced.

    Raises:
        OSError: It cannot be written.
    """
    if isinstance(source, TableFile):
        _write_table_rejects(source, found, path)
        return
    reasons = _reasons(found)
    rows = records_at(source, reasons["line"])
    told = _told(reasons.iter_rows(), source.dialect)
    with path.open(
        "w", encoding=source.dialect.encoding, errors="surrogateescape", newline=""
    ) as file:
        file.writelines(_skipped(source))
        if source.header:
            [names] = _told([REJECT_COLUMNS], source.dialect)
            *upper, last = _header(source)
            file.writelines(_extended(row, "", source) for row in upper)
            if source.dialect.trailing and not source.is_rejects:
                names = source.dialect.separator + names
            file.write(_extended(last, names, source))
        for row, fields in zip(rows, told, strict=True):
            file.write(_extended(row, fields, source))


def _write_table_rejects(source: TableFile, found: pl.DataFrame, path: Path) -> None:
    reasons = _reasons(found)
    rows = source.rows_at(reasons["line"]).drop(LINE)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*map(guarded_value, rows.columns), *REJECT_COLUMNS])
        told = zip(as_text(rows).iter_rows(), reasons.iter_rows(), strict=True)
        for values, why in told:
            cells = ("" if value is None else str(value) for value in (*values, *why))
            writer.writerow(map(guarded_value, cells))


def _reasons(found: pl.DataFrame) -> pl.DataFrame:
    """Return the line, columns, codes and reasons of each row that has problems."""
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


def _skipped(source: DelimitedFile) -> Iterator[str]:
    """Yield the lines before the header, which the next import skips again."""
    return islice(_lines(source), source.dialect.skip)


def _header(source: DelimitedFile) -> list[Record]:
    first = source.header.start
    lines = islice(_lines(source), first - 1, None)
    rows = records_of(lines, source.dialect, first)
    return list(islice(rows, source.dialect.header_rows))


def _lines(source: DelimitedFile) -> Iterator[str]:
    lines = lines_of(_chunks(source), source.end.encode())
    return texts_of(lines, source.dialect.encoding)


def records_at(source: DelimitedFile, wanted: pl.Series) -> Iterator[Record]:
    """Yield the records that start on some lines, and read no further.

    Args:
        source: The file that was read.
        wanted: The lines, which ascend.

    Raises:
        SourceError: It cannot be read any more.
    """
    end = source.end.encode()
    chunks = _chunks(source)
    for part in slices(chunks, source.dialect, source.end):
        height = part.data.count(end) + (not part.data.endswith(end))
        here = wanted.filter(wanted >= part.line)
        if here.is_empty():
            return
        if part.is_whole:
            here = here.filter(here < part.line + height)
        if here.is_empty():
            continue
        behind = () if part.is_whole else chunks
        lines = lines_of(chain([part.data], behind), end)
        texts = texts_of(lines, source.dialect.encoding)
        lookup, last = set(here), here[-1]
        for record in records_of(texts, source.dialect, part.line):
            if record.line in lookup:
                yield record
            if record.line >= last:
                break


def _chunks(source: DelimitedFile) -> Iterator[bytes]:
    return utf_8_chunks(source.path, source.dialect.encoding, SLICE_BYTES)


def _extended(record: Record, more: str, source: DelimitedFile) -> str:
    """Return a record with fields behind it, if any, and with its own line end."""
    text, dialect = record.text, source.dialect
    plain = text.removesuffix(source.end)
    # What csv reads as one line end may be several characters: CR CR LF.
    plain = plain.rstrip("\r") if source.end == "\n" else plain
    end = text[len(plain) :] or source.end
    if source.is_rejects:
        plain = unguarded(_without_reasons(plain, record, source), dialect)
    if source.header:
        plain = guarded(plain, dialect)
    return plain + (dialect.separator + more if more else "") + end


def _without_reasons(text: str, record: Record, source: DelimitedFile) -> str:
    """Return a row of rejects as it was in the file before, as far as that is known."""
    spans = field_spans(text, source.dialect)
    if not record.error and len(spans) == source.width:
        return text[: spans[-len(REJECT_COLUMNS)][0] - 1]
    # Of a row that does not fit only what looks like reasons is taken away.
    separator = re.escape(source.dialect.separator)
    quote = re.escape(source.dialect.quote or "")
    quoted = f"{quote}(?:[^{quote}]|{quote}{quote})*+{quote}|" if quote else ""
    field = f"{separator}(?:{quoted}[^{separator}{quote}\r\n]*+)"
    mark = f"(?:{quote})?"
    code = rf"{separator}{mark}[a-z_]{{3,}}(?:{BETWEEN}[a-z_]{{3,}})*+{mark}"
    return re.sub(rf"{separator}[1-9]\d*+{field}{code}{field}\Z", "", text)


def _told(reasons: Iterable[Sequence[object]], dialect: Dialect) -> Iterator[str]:
    """Yield what stands behind each row, as one text: its line, and why."""

    # Most rows are wrong in the same few ways.
    @lru_cache(MANY)
    def told(*values: object) -> str:
        return _fields([str(value) for value in values], dialect)

    for line, *why in reasons:
        yield f"{line}{dialect.separator}{told(*why)}"


def _fields(values: Sequence[str], dialect: Dialect) -> str:
    fields = [_encodable(guarded_value(value), dialect) for value in values]
    if not dialect.quote:
        # What would need quotes is told in other characters.
        plain = (field.replace(dialect.separator, " ") for field in fields)
        return dialect.separator.join(plain)
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=dialect.separator, quotechar=dialect.quote, lineterminator=""
    )
    writer.writerow(fields)
    return text.getvalue()


def _encodable(text: str, dialect: Dialect) -> str:
    """Return a text in which what the encoding has no bytes for is told otherwise."""
    if text.isascii():
        return text
    return text.encode(dialect.encoding, "backslashreplace").decode(dialect.encoding)
