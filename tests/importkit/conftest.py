"""What the tests of importkit share."""

from typing import Any

import pytest

from importkit.writers.postgres import PostgresLoader
from importkit.writers.sqlite import SQLiteLoader


@pytest.fixture
def inserts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that fills with the tables of all inserts, one entry each.

    They go to the database below Django, whose log of queries has none of them.
    """
    tables: list[str] = []

    def watch(loader: Any, name: str) -> None:
        insert = getattr(loader, name)

        def watched(self: Any, table: str, *args: Any) -> Any:
            tables.append(table.strip('"'))
            return insert(self, table, *args)

        monkeypatch.setattr(loader, name, watched)

    watch(SQLiteLoader, "insert")
    watch(SQLiteLoader, "insert_returning")
    watch(PostgresLoader, "insert")
    return tables
