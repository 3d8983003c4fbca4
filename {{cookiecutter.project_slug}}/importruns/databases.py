"""Where the ledger lies: it is written while an import holds its transaction.

With PostgreSQL or MariaDB the ledger is in the database of the project, and a second
connection writes to it. An import into SQLite holds the one lock of all writers, so that the
ledger has a file of its own there.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, router

ALIAS = "importruns"
FILE = "ledger.sqlite3"
ROUTER = "importruns.databases.LedgerRouter"


def add() -> None:
    """Add the database of the ledger to the project, and the router that leads to it."""
    main = connections.settings[DEFAULT_DB_ALIAS]
    # No command has the ledger in its transaction, and no request either.
    own = {**main, "ATOMIC_COMMANDS": False, "ATOMIC_REQUESTS": False}
    if is_sqlite():
        own["NAME"] = str(Path(main["NAME"]).with_name(FILE))
        own["TEST"] = {**main["TEST"], "NAME": None, "MIGRATE": True}
    else:
        own["TEST"] = {**main["TEST"], "MIRROR": DEFAULT_DB_ALIAS}
    connections.settings[ALIAS] = own
    router.routers.append(LedgerRouter())
    # From here the routers are read again if a test changes them.
    settings.DATABASE_ROUTERS = [*settings.DATABASE_ROUTERS, ROUTER]


def is_sqlite() -> bool:
    """Return whether the database of the project is SQLite."""
    engine = str(connections.settings[DEFAULT_DB_ALIAS]["ENGINE"])
    return engine.endswith("sqlite3")


def is_in_memory() -> bool:
    """Return whether the database of the project ends with its process, as that of tests."""
    name = str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])
    return is_sqlite() and (":memory:" in name or "mode=memory" in name)


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
        return db == (ALIAS if is_sqlite() else DEFAULT_DB_ALIAS)


def migrate_too(using: str, verbosity: int = 1, **_kwargs: Any) -> None:
    """Migrate the file of the ledger whenever the database of the project is migrated."""
    if using == DEFAULT_DB_ALIAS and is_sqlite() and not is_in_memory():
        call_command("migrate", "importruns", database=ALIAS, verbosity=0)


def root() -> Path:
    """Return the folder for locks and files of imports: ``IMPORTS_ROOT`` of the settings."""
    base = Path(getattr(settings, "BASE_DIR", "."))
    return Path(getattr(settings, "IMPORTS_ROOT", base / "imports"))
