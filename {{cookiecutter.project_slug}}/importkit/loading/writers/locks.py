"""Step 4, load: imports into the same table go one after the other, and wait with a limit."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections, router
from django.db.models import Model

from importkit.models import concrete

# By database: what reads how long a statement waits for a lock, and what sets it.
WAITS = {
    "postgresql": ("SHOW lock_timeout", "SET lock_timeout = '{}'"),
    "mysql": (
        "SELECT @@SESSION.innodb_lock_wait_timeout",
        "SET SESSION innodb_lock_wait_timeout = {}",
    ),
    "sqlite": ("PRAGMA busy_timeout", "PRAGMA busy_timeout = {}"),
}


@contextmanager
def waiting(models: Iterable[type[Model]], seconds: int | None) -> Iterator[None]:
    """Let statements wait so long for the locks of others, until the block ends.

    Args:
        models: The models that are written.
        seconds: How long; None leaves it to the settings.
    """
    if seconds is None:
        yield
        return
    with ExitStack() as stack:
        for using in dict.fromkeys(map(router.db_for_write, models)):
            stack.enter_context(_waiting(using, seconds))
        yield


@contextmanager
def _waiting(using: str, seconds: int) -> Iterator[None]:
    vendor = connections[using].vendor
    if vendor not in WAITS:
        yield
        return
    ask, change = WAITS[vendor]
    new = {"postgresql": f"{seconds}s", "sqlite": seconds * 1000}.get(vendor, seconds)
    with connections[using].cursor() as cursor:
        cursor.execute(ask)
        [before] = cursor.fetchone()
        cursor.execute(change.format(new))
    try:
        yield
    finally:
        if connections[using].is_usable() and not connections[using].needs_rollback:
            with connections[using].cursor() as cursor:
                cursor.execute(change.format(before))


def one_at_a_time(models: Iterable[type[Model]], tell: Callable[[str], None]) -> None:
    """Wait until no other import writes to the tables of some models.

    PostgreSQL keeps the lock until the end of the transaction. It is known to imports
    only, so that the application goes on. SQLite has one writer anyway.

    Args:
        models: The models that are written.
        tell: Receives a remark, before it waits.
    """
    tables = {
        (router.db_for_write(model), concrete(model)._meta.db_table): model
        for model in models
    }
    # In the same order in each import, so that no two wait for each other.
    for (using, table), model in sorted(tables.items(), key=lambda item: item[0]):
        connection: Any = connections[using]
        if connection.vendor != "postgresql":
            continue
        lock = "advisory_xact_lock(hashtext('importkit'), hashtext(%s))"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_try_{lock}", [table])
            if cursor.fetchone() == (False,):
                tell(f"Waiting for another import into {model._meta.label} to end.")
                cursor.execute(f"SELECT pg_{lock}", [table])


def keep_others_out(using: str, table: str) -> None:
    """Let nobody else write to a table until the transaction ends.

    Args:
        using: The alias of the database.
        table: The quoted name of the table.
    """
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
