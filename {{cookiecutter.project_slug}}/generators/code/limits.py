"""What the table of a new model cannot hold: told before anything is written."""

import sqlite3

from django.db import DEFAULT_DB_ALIAS, connections

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
