"""The sample: how it is written, what its columns hold, and what is odd about it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from generators.infer import infer_columns
from generators.moments import Order
from generators.plan import Sample
from generators.said import find_kinds
from importkit.delimited import PROBLEM
from importkit.detect import Detected, detect
from importkit.dialect import Dialect
from importkit.errors import SourceError, visible
from importkit.source import LINE, read_csv, scan_csv

# A sample may hold a broken row, or some in many, and below its table less than the
# table itself.
FEW_BROKEN = 1
MOST_BROKEN = 0.1


def read_sample(
    path: Path,
    encoding: str | None = None,
    types: Sequence[str] = (),
    date_order: str | None = None,
) -> tuple[Sample, pl.DataFrame]:
    """Read a sample, and the rows of it that can be read.

    Args:
        path: The file.
        encoding: Its encoding, if that is known.
        types: What the user says of columns: ``price=decimal``.
        date_order: The order of day and month, if the user says one.

    Returns:
        The sample and its cells.

    Raises:
        ValueError: A column or a kind is not known, or values do not fit it.
        SourceError: It cannot be read, or holds no rows.
    """
    found = detect(path, encoding)
    df = scan_csv(path, found.dialect).collect()
    rows = df.filter(pl.col(PROBLEM).is_null()).drop(PROBLEM)
    broken = df.filter(pl.col(PROBLEM).is_not_null())
    last = rows[LINE][-1] if rows.height else 0
    among = broken.filter(pl.col(LINE) < last)
    most = max(FEW_BROKEN, MOST_BROKEN * df.height)
    if among.height > most or broken.height > rows.height:
        read_csv(path, found.dialect)  # It says what is wrong.
    if rows.is_empty():
        raise SourceError(
            f'"{visible(path.name)}" has a header but no rows: '
            "a sample needs some to tell what its columns hold."
        )
    notes = (*_notes(found), *_notes_on_rows(broken, rows))
    cells = rows.drop(LINE)
    order = Order(date_order) if date_order else None
    columns = infer_columns(rows, order, find_kinds(types, cells))
    return Sample(found.dialect, columns, notes), cells


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


def _notes_on_rows(broken: pl.DataFrame, rows: pl.DataFrame) -> Iterator[str]:
    """Say which rows are left out here, and refused by an import."""
    if broken.is_empty():
        return
    line, problem = broken.select(LINE, PROBLEM).row(0)
    count, plural = f"{broken.height:,}", "" if broken.height == 1 else "s"
    is_last = line > rows[LINE][-1]
    what = problem.partition(": ")[2]
    where = "line" if broken.height == 1 else "the first is line"
    end = ", at the end: a footer, or another table?" if is_last else ""
    yield (
        f"{count} row{plural} left out that an import refuses, "
        f"{where} {line} ({what}){end}"
    )
