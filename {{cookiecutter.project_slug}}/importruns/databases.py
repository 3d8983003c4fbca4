"""Where the ledger lies: it is written while an import holds its transaction.

With PostgreSQL or MariaDB the ledger is in the database of the project, and a second
connection writes to it. An import into SQLite holds the one lock of all writers, so that the
ledger has a file of its own there.
"""

from inspect import ismethod
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.utils import ConnectionRouter

ALIAS = "importruns"
FILE = "ledger.sqlite3"
ROUTER = "importruns.databases.LedgerRouter"
NO_VENDOR = "unknown"  # That of Django's stand-in for a database that is not set.

# The names of both databases, as the settings give them.
_stated: dict[str, Any] = {}
# The databases that are being migrated.
_migrated: set[str] = set()


def add() -> None:
    """Add the database of the ledger to the project, and the router that leads to it."""
    main = connections.settings[DEFAULT_DB_ALIAS]
    # No command has the ledger in its transaction, and no request either.
    own = {**main, "ATOMIC_COMMANDS": False, "ATOMIC_REQUESTS": False}
    if is_sqlite():
        own["NAME"] = _beside(main)
        own["TEST"] = {**main["TEST"], "NAME": None, "MIGRATE": True}
    else:
        # A lock is held by one connection: a pool would keep others open for nobody.
        options = main.get("OPTIONS", {})
        own["OPTIONS"] = {key: options[key] for key in options if key != "pool"}
        own["TEST"] = {**main["TEST"], "MIRROR": DEFAULT_DB_ALIAS}
    _stated[DEFAULT_DB_ALIAS], _stated[ALIAS] = main.get("NAME"), own.get("NAME")
    connections.settings[ALIAS] = own
    # Before the routers of the project: some of them have a say on each table. Not in the
    # settings: where they name a router, makemigrations connects to every database.
    router.routers.insert(0, LedgerRouter())


def keep_router(setting: str, **_kwargs: Any) -> None:
    """Keep the router of the ledger where a test changes those of the project."""
    if setting == "DATABASE_ROUTERS" and ROUTER not in settings.DATABASE_ROUTERS:
        settings.DATABASE_ROUTERS = [ROUTER, *settings.DATABASE_ROUTERS]
        router.routers = ConnectionRouter().routers


def _beside(main: dict[str, Any]) -> str:
    """Return the file of the ledger: beside that of the project, if it has one."""
    name = str(main.get("NAME") or "")
    is_file = name and not _is_memory(name)
    return str(Path(name).with_name(FILE)) if is_file else name


def is_sqlite() -> bool:
    """Return whether the database of the project is SQLite, whatever its backend is called."""
    return connections[DEFAULT_DB_ALIAS].vendor == "sqlite"


def can_record() -> bool:
    """Return whether there is a database in which a record would last.

    There is none without a default database, and none in a test that has databases of its
    own, but not one for the ledger.
    """
    ledger: Any = connections[ALIAS]
    # Tests of Django replace it where they forbid a database.
    is_forbidden = not ismethod(ledger.connect)
    is_missing = ledger.vendor == NO_VENDOR
    return not (is_forbidden or is_missing or _is_in_memory() or _is_left_behind())


def _is_in_memory() -> bool:
    """Return whether a database ends with its process, as those of tests do."""
    names = [str(connections[alias].settings_dict["NAME"]) for alias in _stated]
    return is_sqlite() and any(map(_is_memory, names))


def _is_memory(name: str) -> bool:
    return ":memory:" in name or "mode=memory" in name


def _is_left_behind() -> bool:
    """Return whether a test has changed the database of the project, but not the ledger's."""
    main, own = (
        connections[alias].settings_dict["NAME"] == name
        for alias, name in _stated.items()
    )
    return is_sqlite() and own and not main


class LedgerRouter:
    """Leads the runs on record to their database; all else stays where it is."""

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:
        """Return the alias for reading."""
        return ALIAS if model._meta.label == "importruns.ImportRun" else None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **_hints: Any
    ) -> bool | None:
        """Return whether a database has a table; None where the ledger has no say."""
        if app_label != "importruns":
            return False if db == ALIAS else None
        if model_name == "rowchange":
            # In the database of the rows, where one transaction covers both.
            return db != ALIAS
        if is_sqlite():
            # Only while it is migrated: checks of Django would open it, and so make the file.
            return db == ALIAS and ALIAS in _migrated
        return db == DEFAULT_DB_ALIAS


def note_migration(using: str, **_kwargs: Any) -> None:
    """Note that a database is about to be migrated."""
    _migrated.add(using)


def migrate_too(using: str, verbosity: int = 1, **_kwargs: Any) -> None:
    """Migrate the file of the ledger whenever the database of the project is migrated."""
    _migrated.discard(using)
    if using == DEFAULT_DB_ALIAS and is_sqlite() and can_record():
        call_command("migrate", "importruns", database=ALIAS, verbosity=0)


def root() -> Path:
    """Return the folder for locks and files of imports: ``IMPORTS_ROOT`` of the settings."""
    base = Path(getattr(settings, "BASE_DIR", "."))
    return Path(getattr(settings, "IMPORTS_ROOT", base / "imports"))
