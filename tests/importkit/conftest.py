"""What the tests of importkit share."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest

from importkit.loading.writers.postgres import PostgresLoader
from importkit.loading.writers.sqlite import SQLiteLoader


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


@pytest.fixture(params=["loader", "orm"])
def _writer(request: pytest.FixtureRequest) -> Iterator[None]:
    """Write in each of the two ways, which mean the same."""
    if request.param == "loader":
        yield
        return
    with patch(
        "importkit.loading.run.reason_for_orm", lambda _target: "the test says so"
    ):
        yield
