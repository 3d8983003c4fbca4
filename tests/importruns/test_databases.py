"""The database of the ledger is made of that of the project, without what it has no use for."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, router
from pytest_django import Settings

from importruns import databases

SERVER = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "TEST": {}}


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return what adds the database anew, with other settings of the project."""
    known = connections.settings
    monkeypatch.setattr(databases, "_stated", {})
    monkeypatch.setattr(router, "routers", [*router.routers])

    def add(main: dict[str, Any], vendor: str) -> dict[str, Any]:
        monkeypatch.setattr(databases, "is_sqlite", lambda: vendor == "sqlite")
        monkeypatch.setattr(connections, "settings", {"default": main})
        databases.add()
        own: dict[str, Any] = connections.settings["importruns"]
        return own

    yield add
    monkeypatch.setattr(connections, "settings", known)


def test_a_pool_of_the_project_is_not_doubled(again: Any) -> None:
    main: dict[str, Any] = {**SERVER, "OPTIONS": {"pool": True, "sslmode": "require"}}

    own = again(main, "postgresql")

    assert own["OPTIONS"] == {"sslmode": "require"}
    assert main["OPTIONS"]["pool"] is True


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("/srv/shop/db.sqlite3", "/srv/shop/ledger.sqlite3"),
        (":memory:", ":memory:"),
        (None, ""),
    ],
)
def test_on_sqlite_the_ledger_is_a_file_beside_the_one_of_the_project(
    name: str | None, file: str, again: Any
) -> None:
    # Not each backend for SQLite is called so.
    engine = "django.contrib.gis.db.backends.spatialite"

    own = again({"ENGINE": engine, "NAME": name, "TEST": {}}, "sqlite")

    assert own["NAME"] == file


def test_the_router_of_the_ledger_stays_first_where_a_test_changes_the_others(
    settings: Settings,
) -> None:
    settings.DATABASE_ROUTERS = ["tests.importkit.shop.routers.StoresElsewhere"]

    names = [type(each).__name__ for each in router.routers]

    assert names == ["LedgerRouter", "StoresElsewhere"]


def test_checks_of_django_make_no_file_for_the_ledger() -> None:
    may = databases.LedgerRouter().allow_migrate

    assert not may(databases.ALIAS, "importruns", "importrun")
    databases.note_migration(databases.ALIAS)
    assert may(databases.ALIAS, "importruns", "importrun")
    databases.migrate_too(databases.ALIAS)
    assert not may(databases.ALIAS, "importruns", "importrun")
