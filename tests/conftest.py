"""What holds for every test of the template."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests.importkit import mariadb, postgres
from tests.importkit.servers import Connected, in_place, prepared
from tests.processes import BYTECODE

HERE = Path(__file__).parent
# What starts processes or whole projects, or tries hundreds of files or faults.
SLOW = (
    "adding",
    "docs/test_demo.py",
    "docs/test_docs.py",
    "docs/test_readme.py",
    "generators/sample/test_other_samples.py",
    "generators/startimport",
    "generators/test_corpus.py",
    "generators/test_deliveries.py",
    "generators/test_golden.py",
    "generators/test_hostile_headers.py",
    "importkit/import_data/test_fuzzing.py",
    "importkit/import_data/test_killed.py",
    "importkit/import_data/test_rejects_of_any_file.py",
    "importkit/loading/test_faults.py",
    "importruns/test_killed_anywhere.py",
    "importruns/test_runner.py",
    "importruns/test_two_at_once.py",
    "template",
    "test_repository.py",
)

STARTED = {"postgresql": postgres.started, "mariadb": mariadb.started}

# The suite shares its machine with itself: slow is not wrong.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Make one folder for the compiled code of the programs that the tests start."""
    if hasattr(config, "workerinput"):
        return  # A worker of xdist inherits the name of the folder.
    folder = TemporaryDirectory(prefix="bytecode-", ignore_cleanup_errors=True)
    os.environ[BYTECODE] = folder.name
    config.add_cleanup(folder.cleanup)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests, which ``-m "not slow"`` leaves out."""
    slow = {HERE / path for path in SLOW}
    assert {path for path in slow if not path.exists()} == set()
    for item in items:
        if not slow.isdisjoint({item.path, *item.path.parents}):
            item.add_marker(pytest.mark.slow)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Start no workers for single files: that takes longer than most of these do."""
    paths = [Path(str(argument).partition("::")[0]) for argument in config.args]
    return 0 if all(path.is_file() for path in paths) else None


@pytest.fixture(scope="session")
def servers(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[str], Mapping[str, Connected]]]:
    """Return what starts a server for this session, once it is asked for."""
    with ExitStack() as stack:

        @cache
        def databases(name: str) -> Mapping[str, Connected]:
            server = stack.enter_context(STARTED[name]())
            stack.enter_context(django_db_blocker.unblock())
            return stack.enter_context(prepared(server))

        yield databases


# Of the session, so that it comes before the transaction that pytest opens for a test.
@pytest.fixture(scope="session", autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Use the database that a test is run on: SQLite, if the test does not name one."""
    name = getattr(request, "param", "sqlite")
    if name == "sqlite":
        yield
        return
    databases = request.getfixturevalue("servers")(name)
    with request.getfixturevalue("django_db_blocker").unblock(), in_place(databases):
        yield
