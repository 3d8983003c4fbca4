"""What the table of a new model cannot hold: told before anything is written."""

import sqlite3
from collections.abc import Iterable, Sequence

import polars as pl
from django.db import DEFAULT_DB_ALIAS, connections
from polars import selectors as cs

from generators.code.parsers import dtype_of
from generators.code.plan import ColumnPlan
from generators.inference import Kind, value_of
from importkit.loading import EXACT_DIGITS, significant_digits

# Columns of a table: https://www.postgresql.org/docs/current/limits.html,
# https://mariadb.com/kb/en/innodb-limitations/, and Oracle's "Logical Database Limits".
MOST_COLUMNS = {"postgresql": 1_600, "mysql": 1_017, "oracle": 1_000}
KEY_COLUMNS = 1  # A new model has a column "id" beside those of the sample.


def check_width(columns: int) -> None:
    """Refuse more columns than a table of the project's database can have.

    Args:
        columns: The columns of the sample.

    Raises:
        ValueError: Names both numbers, and the ways out.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    most = most_columns(connection.vendor)
    if most is None or columns + KEY_COLUMNS <= most:
        return
    raise ValueError(
        f"The sample has {columns:,} columns, but a table of {connection.display_name}, "
        f'the database of this project, has at most {most:,}, the key "id" included. '
        "Nothing was written. Give startimport a file with a part of the columns, or "
        "write what repeats from column to column into rows."
    )


def check_digits(columns: Sequence[ColumnPlan], rows: pl.DataFrame) -> None:
    """Refuse decimals of which the project's database does not keep all digits.

    Args:
        columns: The columns of a new model.
        rows: Rows of the sample, with its headers.

    Raises:
        ValueError: Names the columns, and the ways that keep the digits.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    lost = inexact_decimals(columns, rows, connection.vendor)
    if not lost:
        return
    fields = ", ".join(f'"{column.name}"' for column in lost)
    options = " ".join(f"--type {column.name}=text" for column in lost)
    raise ValueError(
        f"{fields}: the sample has decimals of more than {EXACT_DIGITS} digits, and "
        f"{connection.display_name}, the database of this project, does not keep them, so "
        "that the import would refuse the sample. Nothing was written. Keep the digits as "
        f"text with {options}, or set DATABASE_URL to a database that keeps them, such as "
        "PostgreSQL."
    )


def inexact_decimals(
    columns: Iterable[ColumnPlan], rows: pl.DataFrame, vendor: str
) -> list[ColumnPlan]:
    """Return the columns with decimals of which a database loses digits.

    Args:
        columns: The columns.
        rows: Rows of the sample, with its headers.
        vendor: The vendor of the database, as Django names it. SQLite stores decimals as
            floats.
    """
    if vendor != "sqlite":
        return []
    return [column for column in columns if _loses_digits(column, rows)]


def _loses_digits(plan: ColumnPlan, rows: pl.DataFrame) -> bool:
    column, dtype = plan.column, dtype_of(plan.dtype)
    if column.kind is not Kind.DECIMAL or not isinstance(dtype, pl.Decimal):
        return False
    if column.digits + column.scale <= EXACT_DIGITS:
        return False
    value = value_of(column, pl.nth(0).cast(pl.String))
    cells = rows[column.header].to_frame().with_columns(cs.string().str.strip_chars())
    numbers = cells.select(value).to_series()
    return bool((significant_digits(numbers) > EXACT_DIGITS).any())


def most_columns(vendor: str) -> int | None:
    """Return how many columns a table can have; None if that is not known."""
    if vendor != "sqlite":
        return MOST_COLUMNS.get(vendor)
    # How SQLite was compiled decides; a database in memory has the same limit.
    memory = sqlite3.connect(":memory:")
    try:
        return memory.getlimit(sqlite3.SQLITE_LIMIT_COLUMN)
    finally:
        memory.close()
