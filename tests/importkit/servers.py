"""Another database in the place of SQLite, for a test at a time of the same session."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

LEDGER = "importruns"

# What answers under an alias: its settings, and the connection of this thread.
type Connected = tuple[dict[str, Any], BaseDatabaseWrapper]


@contextmanager
def prepared(server: Mapping[str, Any]) -> Iterator[Mapping[str, Connected]]:
    """Make a database of a server, with all tables, for each alias of the settings."""
    with ExitStack() as stack:
        made = {
            alias: stack.enter_context(_made(alias, server))
            for alias in connections
            if alias != LEDGER
        }
        # A second connection to the database of the imports, as the app makes it.
        own, main = made["default"]
        second: Any = main.copy(alias=LEDGER)
        second.settings_dict = {**own, "ATOMIC_COMMANDS": False}
        yield {**made, LEDGER: (second.settings_dict, second)}
        second.close()


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
def _made(alias: str, server: Mapping[str, Any]) -> Iterator[Connected]:
    sqlite: Any = connections.settings[alias]
    own = {**sqlite, "OPTIONS": {}, **server, "NAME": f"importkit_{alias}"}
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
