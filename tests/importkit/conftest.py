"""What the tests of importkit share."""

from collections.abc import Iterator
from contextlib import ExitStack
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connections

from importkit.loading.writers.databases.postgres import PostgresLoader
from importkit.loading.writers.databases.sqlite import SQLiteLoader

DATABASES = ("sqlite", "postgresql", "mariadb")
# What tests asks MariaDB, too: only what writes rows and tells of it, or it takes too long.
ON_MARIADB = ("import_data", "loading", "models", "test_bulk*")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks a database once on each, or on those that it names."""
    if metafunc.definition.get_closest_marker("django_db") is None:
        return
    only = metafunc.definition.get_closest_marker("only_on")
    names = only.args if only else DATABASES[: 3 if _writes(metafunc) else 2]
    metafunc.parametrize(
        "database",
        [pytest.param(name, marks=getattr(pytest.mark, name)) for name in names],
        indirect=True,
        scope="session",
    )


def _writes(metafunc: pytest.Metafunc) -> bool:
    if metafunc.definition.get_closest_marker("slow"):
        return False  # The harnesses know the statements of SQLite and PostgreSQL.
    place = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0]
    return any(fnmatch(place, pattern) for pattern in ON_MARIADB)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the ways of writing that a database has not, or that are the same there."""
    items[:] = [item for item in items if _has_writer(item)]


def _has_writer(item: pytest.Item) -> bool:
    called = vars(item).get("callspec")
    writer = called.params.get("_writer") if called else None
    if writer == "bare":
        return item.get_closest_marker("postgresql") is not None
    return writer != "orm" or item.get_closest_marker("mariadb") is None


@pytest.fixture
def inserts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return a list that fills with the tables of all inserts, one entry each.

    A loader sends them to the database below Django, whose log of queries has none of
    them; on MariaDB there is no loader.
    """
    tables: list[str] = []

    def watch(loader: Any, name: str) -> None:
        insert = getattr(loader, name)

        def watched(self: Any, table: str, *args: Any) -> Any:
            tables.append(table.strip('"'))
            return insert(self, table, *args)

        monkeypatch.setattr(loader, name, watched)

    def watch_django(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith("INSERT"):
            tables.append(sql.split("`")[1])
        return execute(sql, *args)

    watch(SQLiteLoader, "insert")
    watch(SQLiteLoader, "insert_returning")
    watch(PostgresLoader, "insert")
    with ExitStack() as stack:
        for one in connections.all():
            if one.vendor == "mysql":
                stack.enter_context(one.execute_wrapper(watch_django))
        yield tables


@pytest.fixture(params=["loader", "bare", "orm"])
def _writer(request: pytest.FixtureRequest) -> Iterator[None]:
    """Write in each of the ways, which mean the same.

    Without its indexes, an empty table of PostgreSQL is filled from the first row on.
    """
    if request.param == "loader":
        yield
        return
    if request.param == "bare":
        with patch("importkit.loading.pipeline.MANY", 1):
            yield
        return
    with patch(
        "importkit.loading.run.reason_for_orm", lambda _target: "the test says so"
    ):
        yield
