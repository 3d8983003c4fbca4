"""Step 4, load: rows at the end of a table of SQLite are taken back without a savepoint.

In a savepoint SQLite copies every page that a statement changes, and new rows change pages
all over an index. Rows that SQLite has numbered are those above the number that was the highest.
"""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.db.models import Model

from importkit.loading.database_errors import blames_rows
from importkit.loading.writers.interface import Table, numbers_itself

# Behind the highest number that there can be, SQLite looks for one that is free.
MOST = 2**62
# The columns of the primary key: one of this type is another name for the number of a row.
KEY = "SELECT upper(type) FROM pragma_table_info(?) WHERE pk"
TRIGGERS = "SELECT 1 FROM {} WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE"
SCHEMAS = ("sqlite_master", "sqlite_temp_master")


def undoing(
    using: str, model: type[Model], columns: Collection[str]
) -> AbstractContextManager[None]:
    """Return what undoes the insert of rows that are refused; a savepoint if need be.

    Args:
        using: The alias of the database.
        model: The model of the rows.
        columns: The quoted columns that the rows have.
    """
    table = Table(model, using)
    raw: Any = connections[using].connection
    with connections[using].wrap_database_errors:
        if _is_numbered(raw, table, columns):
            query = f"SELECT coalesce(max({table.pk[0]}), -{MOST}) FROM {table.name}"
            [(highest,)] = raw.execute(query)
            if highest < MOST:
                counter = _counter(raw, table.model._meta.db_table)
                return _without_rows_above(highest, counter, raw, table)
    return transaction.atomic(using=using)


def _is_numbered(raw: Any, table: Table, columns: Collection[str]) -> bool:
    """Return whether SQLite numbers the rows, and an insert does nothing else."""
    if not numbers_itself(table.model) or table.pk[0] in columns:
        return False
    name = (table.model._meta.db_table,)
    if raw.execute(KEY, name).fetchall() != [("INTEGER",)]:
        return False
    return not any(raw.execute(TRIGGERS.format(s), name).fetchone() for s in SCHEMAS)


@contextmanager
def _without_rows_above(
    highest: int, counter: list[Any] | None, raw: Any, table: Table
) -> Iterator[None]:
    """Delete the rows that were added if the database refuses one of them."""
    name = table.model._meta.db_table
    before = raw.total_changes
    try:
        yield
    except DatabaseError as error:
        # After any other error all is rolled back.
        if blames_rows(error):
            added = raw.total_changes - before
            delete = f"DELETE FROM {table.name} WHERE {table.pk[0]} > ?"
            if raw.execute(delete, (highest,)).rowcount != added:
                raise RuntimeError(
                    f"Not all rows that were added to {name} could be taken back."
                ) from error
            _reset(raw, name, counter)
        raise


def _counter(raw: Any, name: str) -> list[Any] | None:
    """Return the last number that SQLite gave, if it counts them for a table."""
    has_counters = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"
    if not raw.execute(has_counters).fetchone():
        return None
    query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    return [number for (number,) in raw.execute(query, (name,))]


def _reset(raw: Any, name: str, counter: list[Any] | None) -> None:
    if counter:
        query = "UPDATE sqlite_sequence SET seq = ? WHERE name = ?"
        raw.execute(query, (counter[0], name))
    elif counter is not None:
        raw.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
