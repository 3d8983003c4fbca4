"""The sample: how it is written, what its columns hold, and what is odd about it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from generators.below import is_table_below, notes_on_last, notes_on_tables
from generators.infer import infer_columns
from generators.moments import Order
from generators.plan import Origin, Sample
from generators.said import find_kinds
from generators.typed import columns_of
from importkit.delimited import PROBLEM
from importkit.detect import Detected, detect
from importkit.dialect import DEFAULT_DIALECT, Dialect
from importkit.errors import SourceError, visible
from importkit.formats import Format, format_of
from importkit.packed import is_packed
from importkit.source import LINE, read_csv, read_source, scan_csv
from importkit.spooling import discard, is_elsewhere, local
from importkit.workbooks import sheets_with_data

# A sample may hold a broken row, or some in many, and below its table less than the
# table itself.
FEW_BROKEN = 1
MOST_BROKEN = 0.1


def source_of(text: str) -> Path | str:
    """Return an argument as a path, unless it is a URL or standard input."""
    return text if is_elsewhere(text) else Path(text)


def read_sample(
    source: Path | str,
    encoding: str | None = None,
    types: Sequence[str] = (),
    date_order: str | None = None,
    sheet: str | None = None,
) -> tuple[Sample, pl.DataFrame]:
    """Read a sample, and the rows of it that can be read.

    Args:
        source: A path, a URL, or ``-`` for standard input.
        encoding: Its encoding, if that is known.
        types: What the user says of columns: ``price=decimal``.
        date_order: The order of day and month, if the user says one.
        sheet: The name or the number of a sheet of a workbook.

    Returns:
        The sample, and its rows with the lines they are on.

    Raises:
        ValueError: A column or a kind is not known, or values do not fit it, or what is
            said is not of such a file.
        SourceError: It cannot be read, or holds no rows.
    """
    path = local(source)
    order = Order(date_order) if date_order else None
    is_delimited = format_of(path) is Format.DELIMITED
    try:
        if encoding and not is_delimited:
            raise ValueError(
                f'--encoding: "{visible(path.name)}" is no delimited text.'
            )
        if not is_delimited:
            return _typed(path, types, order, sheet)
        if sheet is not None:
            raise ValueError(f'--sheet: "{visible(path.name)}" is no workbook.')
        sample, rows = _delimited(path, encoding, types, order)
    finally:
        discard(path)
    is_plain = not (is_elsewhere(source) or is_packed(path))
    return replace(sample, origin=None if is_plain else Origin()), rows


def _delimited(
    path: Path, encoding: str | None, types: Sequence[str], order: Order | None
) -> tuple[Sample, pl.DataFrame]:
    """Read a delimited file as its imports will, without the rows they refuse."""
    found = detect(path, encoding)
    lf = scan_csv(path, found.dialect)  # It keeps a temporary file.
    df = lf.collect()
    rows = df.filter(pl.col(PROBLEM).is_null()).drop(PROBLEM)
    broken = df.filter(pl.col(PROBLEM).is_not_null())
    last = rows[LINE][-1] if rows.height else 0
    among = broken.filter(pl.col(LINE) < last)
    most = max(FEW_BROKEN, MOST_BROKEN * df.height)
    if among.height > most or broken.height > rows.height:
        read_csv(path, found.dialect)  # It says what is wrong.
    _check_rows(path, rows)
    notes = [*_notes(found), *notes_on_tables(rows), *notes_on_last(rows)]
    notes += _notes_on_rows(path, found.dialect, broken, rows)
    columns = infer_columns(rows, order, find_kinds(types, rows.drop(LINE)))
    return Sample(found.dialect, columns, tuple(notes)), rows


def _typed(
    path: Path, types: Sequence[str], order: Order | None, sheet: str | None
) -> tuple[Sample, pl.DataFrame]:
    """Read a file whose columns may have types."""
    format = format_of(path)
    if format is Format.WORKBOOK:
        origin = _sheet(path, sheet)
    elif sheet is None:
        origin = Origin(str(format))
    else:
        raise ValueError(f'--sheet: "{visible(path.name)}" is no workbook.')
    df = read_source(path, sheet=origin.sheet)
    _check_rows(path, df)
    kinds = find_kinds(types, df.drop(LINE))
    columns = columns_of(df, order, kinds, exact=format is Format.PARQUET)
    return Sample(DEFAULT_DIALECT, columns, origin=origin), df


def _sheet(path: Path, sheet: str | None) -> Origin:
    """Find a sheet; where several hold data, the first of them is that of all imports."""
    if sheet is not None:
        return Origin(f'sheet "{visible(sheet)}"', sheet)
    first, *others = sheets_with_data(path)
    if not others:
        return Origin("a sheet of a workbook")
    names = ", ".join(f'"{visible(name)}"' for name in others)
    return Origin(f'sheet "{visible(first)}" (--sheet takes another: {names})', first)


def _check_rows(path: Path, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        raise SourceError(
            f'"{visible(path.name)}" has a header but no rows: '
            "a sample needs some to tell what its columns hold."
        )


def _notes(found: Detected) -> Iterator[str]:
    """Say what of a dialect is more than separator, quotes and encoding."""
    dialect = found.dialect
    if dialect.skip:
        plural = "" if dialect.skip == 1 else "s"
        before = "header" if dialect.header else "first row"
        yield f"skip={dialect.skip}: {dialect.skip} line{plural} before the {before}"
    if dialect.header_rows > 1:
        yield f"header_rows={dialect.header_rows}: their names are joined by column"
    if dialect.trailing:
        yield "trailing=True: rows end with a separator that their header lacks"
    if dialect.escape:
        yield f"escape: {dialect.escape} makes text of quotes and separators"
    if found.reason:
        example = f' ("{visible(found.example)}")' if found.example else ""
        yield f"{dialect.encoding}{example}: {found.reason}"
    if _is_rare(dialect):
        yield f'separator "{visible(dialect.separator)}" is unusual: is it right?'


def _is_rare(dialect: Dialect) -> bool:
    return dialect.separator not in {",", ";", "\t", "|"}


def _notes_on_rows(
    path: Path, dialect: Dialect, broken: pl.DataFrame, rows: pl.DataFrame
) -> Iterator[str]:
    """Say which rows are left out here, and refused by an import."""
    if broken.is_empty():
        return
    line, problem = broken.select(LINE, PROBLEM).row(0)
    count, plural = f"{broken.height:,}", "" if broken.height == 1 else "s"
    is_last = line > rows[LINE][-1]
    what = problem.partition(": ")[2]
    where = "line" if broken.height == 1 else "the first is line"
    end = ""
    if is_last and is_table_below(path, dialect, line):
        end = ": another table starts there; only the first is read, cut the file there"
    elif is_last:
        end = ", at the end: a footer, or another table?"
    yield (
        f"{count} row{plural} left out that an import refuses, "
        f"{where} {line} ({what}){end}"
    )
