"""Step 4, load: imports into the same table go one after the other, and wait with a limit.

What no lock prevents, since other programs do not know it, is told.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections, router
from django.db.models import Model, UniqueConstraint

from importkit.loading.plan import Mode, TableTarget
from importkit.models import column_of, concrete, field_of, unique_sets

# By database: what reads how long a statement waits for a lock, and what sets it.
WAITS = {
    "postgresql": ("SHOW lock_timeout", "SET lock_timeout = '{}'"),
    "mysql": (
        "SELECT @@SESSION.innodb_lock_wait_timeout",
        "SET SESSION innodb_lock_wait_timeout = {}",
    ),
    "sqlite": ("PRAGMA busy_timeout", "PRAGMA busy_timeout = {}"),
}


def warning_of_key(target: TableTarget) -> str:
    """Return why two programs may write one row twice; empty if the database prevents it."""
    model, key = target.model, set(target.key)
    if not key or target.mode in (Mode.INSERT, Mode.UPDATE):
        return ""
    fields = {f.attname: f for f in model._meta.concrete_fields}
    unique = [*unique_sets(model), *_unique_in_scope(target)]
    if any(names <= key for names in unique) or _is_unique(target):
        return ""
    names = ", ".join(f'"{fields[name].name}"' for name in target.key)
    label = model._meta.label
    # A field of a parent with a table of its own is constrained there.
    owner = fields[target.key[0]].model
    return (
        f"The database does not keep the natural key of {label} unique ({names}): if "
        "another program writes to the table at the same time, a row may be there twice, "
        f"and later imports are refused. Add to the Meta of {owner.__name__}: constraints = "
        f'[models.UniqueConstraint(fields=[{names}], name="{owner._meta.model_name}_key")].'
    )


def _unique_in_scope(target: TableTarget) -> list[set[str]]:
    """Return the sets that are unique on a condition, if the run sees some rows only."""
    if target.scope is None:
        return []
    names = {f.name: f.attname for f in target.model._meta.concrete_fields}
    return [
        {names[name] for name in constraint.fields}
        for constraint in target.model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.fields
    ]


def _is_unique(target: TableTarget) -> bool:
    """Return whether the database has a unique index that the model does not state."""
    connection = connections[target.using]
    fields = [field_of(target.model, name) for name in target.key]
    columns = set(map(column_of, fields))
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(
            cursor, fields[0].model._meta.db_table
        )
    # Those that the model states may hold on a condition only, and are looked at there.
    stated = {constraint.name for constraint in fields[0].model._meta.constraints}
    return any(
        name not in stated
        and each["unique"]
        and each["columns"]
        and set(each["columns"]) <= columns
        for name, each in found.items()
    )


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
