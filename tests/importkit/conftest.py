"""What the tests of importkit share."""

from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import patch

import pytest
from pytest_django import DjangoDbBlocker

from importkit.loading.writers.postgres import PostgresLoader
from importkit.loading.writers.sqlite import SQLiteLoader
from tests.importkit.postgres import Connected, in_place, prepared, started

DATABASES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks a database once on each, or on those that it names."""
    if metafunc.definition.get_closest_marker("django_db") is None:
        return
    only = metafunc.definition.get_closest_marker("only_on")
    metafunc.parametrize(
        "database",
        [
            pytest.param(name, marks=getattr(pytest.mark, name))
            for name in (only.args if only else DATABASES)
        ],
        indirect=True,
        scope="session",
    )


@pytest.fixture(scope="session")
def postgres(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Mapping[str, Connected]]:
    """Return databases on a server that is started for this session."""
    with started() as address, django_db_blocker.unblock(), prepared(address) as made:
        yield made


# Of the session, so that it comes before the transaction that pytest opens for a test.
@pytest.fixture(scope="session", autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Use the database that a test is run on."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield
        return
    databases = request.getfixturevalue("postgres")
    with request.getfixturevalue("django_db_blocker").unblock(), in_place(databases):
        yield


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
