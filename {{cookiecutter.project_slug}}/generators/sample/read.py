"""A sample is read: how it is written, what its columns hold, and what is unusual."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from generators.inference import (
    Column,
    Order,
    check_types,
    column_of,
    infer_columns,
    with_text,
)
from generators.sample.facts import Origin, Sample
from generators.sample.full_scan import Batches, Scanned, scan
from generators.sample.keys import notes_on_keys
from generators.sample.notes import (
    notes_on_controls,
    notes_on_errors,
    notes_on_headings,
    notes_on_invisible,
    notes_on_last,
    notes_on_rules,
    notes_on_shortened,
    notes_on_tables,
    notes_on_totals,
)
from generators.sample.notes_on_dialect import (
    notes_on_dialect,
    notes_on_last_mark,
    notes_on_misfits,
    notes_on_rows,
)
from generators.sample.rows import Readable
from generators.sample.sheets import notes_on_long, read_table, with_doubts_as_text
from generators.sample.stated import (
    Statements,
    find_key,
    find_kinds,
    find_stated,
    refuse_inapplicable,
    refuse_repeats,
)
from generators.sample.sums import notes_on_sums
from importkit.errors import SourceError, visible
from importkit.source import (
    DEFAULT_DIALECT,
    LINE,
    DelimitedFile,
    Format,
    TableFile,
    as_text,
    discard,
    format_of,
    is_elsewhere,
    is_packed,
    local_copy,
    read_csv,
    read_source,
    refuse_change,
    stamp_of,
    table_of,
)
from importkit.source.detection import Detected, detect
from importkit.source.sheets import SheetFile

# Among the rows of a sample so many may be unreadable: one, or this share. A file with
# more is probably read with a wrong dialect.
MOST_UNREADABLE = 1
MOST_UNREADABLE_SHARE = 0.1


def source_of(text: str) -> Path | str:
    """Return an argument as a path, unless it is a URL or standard input."""
    return text if is_elsewhere(text) else Path(text)


def read_sample(
    source: Path | str,
    stated: Statements | None = None,
    check: Callable[[int], None] | None = None,
) -> tuple[Sample, pl.DataFrame]:
    """Read a sample, in memory that does not grow with delimited text or Parquet.

    Args:
        source: A path, a URL, or ``-`` for standard input.
        stated: What the user states about it.
        check: Raises ``ValueError`` if the sample has too many columns. It is asked as
            soon as their number is known.

    Returns:
        The sample, and the rows from which its columns are inferred, with their lines:
        the first 50,000 and those that changed a column.

    Raises:
        ValueError: A column or a kind does not exist, values do not fit a kind, or a
            statement does not apply to such a file.
        SourceError: The sample cannot be read, or has no rows.
    """
    stated = stated or Statements()
    path = local_copy(source)
    format, stamp = format_of(path), stamp_of(path)
    try:
        refuse_inapplicable(stated, format, visible(path.name))
        if format is not Format.DELIMITED:
            found = _typed(path, format, stated, check)
            refuse_change(path, stamp)
            return found
        sample, rows = _delimited(path, stated, check)
        refuse_change(path, stamp)
    finally:
        discard(path)
    is_plain = not (is_elsewhere(source) or is_packed(path))
    return replace(sample, origin=None if is_plain else Origin()), rows


def _delimited(
    path: Path, stated: Statements, check: Callable[[int], None] | None
) -> tuple[Sample, pl.DataFrame]:
    """Read a delimited file as its imports will, without the rows they refuse."""
    found = detect(path, stated.encoding, find_stated(stated))
    file = DelimitedFile(path, found.dialect)
    readable = Readable(file, stated.rows)
    if check:
        check(len(readable.headers))
    seen, key = _scan(readable.batches, readable.headers, stated)
    ends = replace(found.dialect, last_line_end=file.last_row.has_line_end)
    found = replace(found, dialect=ends)
    most = max(
        MOST_UNREADABLE, MOST_UNREADABLE_SHARE * (seen.height + readable.misfits)
    )
    if readable.among > most or readable.misfits > seen.height:
        _refuse_rows(path, found)
    _check_rows(path, seen)
    notes = [*notes_on_dialect(found), *_notes_on_count(seen, stated)]
    notes += _notes_on_cells(seen, readable, seen.columns, found.dialect.encoding)
    notes += notes_on_rows(path, found.dialect, readable)
    sample = Sample(found.dialect, seen.columns, tuple(notes), key=key)
    return _with_counts(sample, seen, readable), seen.known


def _refuse_rows(path: Path, found: Detected) -> None:
    """Raise what is wrong with rows that cannot be read."""
    try:
        read_csv(path, found.dialect)
    except SourceError as error:
        raise SourceError(f"{error} {found.doubt}".strip()) from error


def _typed(
    path: Path,
    format: Format,
    stated: Statements,
    check: Callable[[int], None] | None,
) -> tuple[Sample, pl.DataFrame]:
    """Read a file whose columns may have types."""
    file: TableFile
    if format is Format.WORKBOOK:
        file, origin = read_table(path, stated)
    else:
        file, origin = table_of(path, format), Origin(str(format), format=format)
    sheet = file if isinstance(file, SheetFile) else None
    readable = Readable(file, stated.rows)
    if check:
        check(len(readable.headers))
    check_types(readable.last)
    kinds = find_kinds(stated.types, readable.headers)

    def batches() -> Iterator[pl.DataFrame]:
        return (with_text(df, kinds) for df in readable.batches())

    exact = format is Format.PARQUET
    seen, key = _scan(batches, readable.headers, stated, exact=exact)
    dialect = sheet.dialect if sheet else DEFAULT_DIALECT
    if readable.misfits > seen.height:
        read_source(path, dialect, sheet=origin.sheet)  # Its error says what is wrong.
    _check_rows(path, seen)
    notes = [*notes_on_dialect(Detected(dialect)), *file.warnings]
    notes += _notes_on_count(seen, stated)
    columns = seen.columns
    if sheet:
        notes += notes_on_long(sheet)
        columns = with_doubts_as_text(columns, sheet, kinds)
    notes += _notes_on_cells(seen, readable, columns, dialect.encoding)
    notes += notes_on_misfits(readable)
    sample = Sample(dialect, columns, tuple(notes), origin, key)
    return _with_counts(sample, seen, readable), seen.known


def _with_counts(sample: Sample, seen: Scanned, readable: Readable) -> Sample:
    """Return a sample with what all of its rows count, and the keys that they show."""
    keys = () if sample.key else notes_on_keys(sample.columns, seen.repeats)
    return replace(
        sample,
        notes=(*sample.notes, *keys),
        totals=tuple(readable.totals),
        counted=seen.known.height,
    )


def _scan(
    batches: Batches, headers: Sequence[str], stated: Statements, *, exact: bool = False
) -> tuple[Scanned, tuple[str, ...]]:
    """Read all rows, and find the natural key that the user states."""
    key = find_key(stated.natural_key, headers) if stated.natural_key else ()
    order = Order(stated.date_order) if stated.date_order else None
    kinds = find_kinds(stated.types, headers)
    infer = partial(infer_columns, order=order, kinds=kinds)
    seen = scan(batches, infer, partial(column_of, exact=exact), key)
    refuse_repeats(key, seen.repeats.get(key, 0), seen.height)
    return seen, key


def _notes_on_cells(
    seen: Scanned, readable: Readable, columns: Sequence[Column], encoding: str
) -> Iterator[str]:
    """Yield what cells and rows hold that may be no part of the table."""
    head = _as_text(seen.head)
    yield from notes_on_last_mark(head)
    yield from notes_on_tables(head)
    yield from notes_on_controls(head, seen.height, encoding)
    yield from notes_on_invisible(head, seen.height)
    yield from notes_on_shortened(columns, head)
    yield from notes_on_errors(head, columns)
    yield from notes_on_totals(readable.totals)
    if head.height == seen.height:
        yield from notes_on_sums(head, columns)
    yield from notes_on_headings(head)
    yield from notes_on_rules(head)
    last = _as_text(readable.last)
    is_in = head.height and head[LINE][-1] == last[LINE][-1]
    yield from notes_on_last(head if is_in else pl.concat([head, last]))


def _as_text(df: pl.DataFrame) -> pl.DataFrame:
    return as_text(df.drop(LINE)).with_columns(df[LINE])


def _check_rows(path: Path, seen: Scanned) -> None:
    if not seen.height:
        raise SourceError(
            f'"{visible(path.name)}" has a header but no rows: '
            "a sample needs rows that show what its columns hold."
        )


def _notes_on_count(seen: Scanned, stated: Statements) -> Iterator[str]:
    """Yield how many rows were read, and how many of them the reasons count."""
    if stated.rows == seen.height:
        yield f"--rows: only the first {seen.height:,} rows were read"
    if seen.known.height < seen.height:
        yield (
            f"the reasons count {seen.known.height:,} rows, from which the columns are "
            f"inferred; all {seen.height:,} rows fit the columns"
        )
