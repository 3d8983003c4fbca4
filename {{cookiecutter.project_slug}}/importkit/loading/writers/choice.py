"""Step 4, load: whether the rows of a model may bypass Django, and with which loader."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from django.db import connections

from importkit.errors import ConfigurationError
from importkit.loading.plan import Outcome, TableTarget
from importkit.loading.writers.databases.mariadb import strict
from importkit.loading.writers.databases.page_cache import larger_cache
from importkit.loading.writers.databases.postgres import PostgresLoader
from importkit.loading.writers.databases.sqlite import SQLiteLoader
from importkit.loading.writers.interface import Loader, Table
from importkit.loading.writers.locks import keep_others_out
from importkit.models import (
    AnyField,
    all_rows,
    concrete,
    dtype_of,
    overridden_method,
    writable_fields,
)

LOADERS: dict[str, type[PostgresLoader] | type[SQLiteLoader]] = {
    "postgresql": PostgresLoader,
    "sqlite": SQLiteLoader,
}


@contextmanager
def tuned(aliases: Iterable[str]) -> Iterator[None]:
    """Set databases up for many rows, until the block ends."""
    with ExitStack() as stack:
        for using in aliases:
            if connections[using].vendor == "sqlite":
                stack.enter_context(larger_cache(using))
            if connections[using].vendor == "mysql":
                stack.enter_context(strict(using))
        yield


def loader_for(target: TableTarget) -> Loader:
    """Return the loader of a database that has one.

    Raises:
        ConfigurationError: PostgreSQL is used through psycopg2, which cannot copy.
    """
    connection = connections[target.using]
    if connection.vendor == "postgresql" and not _has_psycopg_3():
        raise ConfigurationError(
            "Rows are copied into PostgreSQL with psycopg 3, and the project has psycopg2 "
            'only. Install psycopg (uv add "psycopg[binary]", or pip install '
            '"psycopg[binary]"): Django then uses it in place of psycopg2.'
        )
    return LOADERS[connection.vendor](target.using, target.model)


def _has_psycopg_3() -> bool:
    # Only here: a project on SQLite may have no driver of PostgreSQL.
    from django.db.backends.postgresql.psycopg_any import is_psycopg3  # noqa: PLC0415

    return bool(is_psycopg3)


def lost_rows(target: TableTarget, outcome: Outcome) -> str:
    """Return a remark on rows that the database took without writing them."""
    return (
        f"{target.model._meta.label}: the database did not write {outcome.lost:,} of the "
        "rows, and refused none of them: a trigger or a rule of the table, or another "
        "session. The numbers below are those of the database."
    )


def is_empty(target: TableTarget) -> bool:
    """Return whether the table has no rows."""
    return not all_rows(target.model).exists()


def stays_empty(target: TableTarget) -> bool:
    """Return whether the table has no rows; if so, nobody else adds any until the end."""
    if not is_empty(target):
        return False
    if not target.dry_run:
        keep_others_out(target.using, Table(target.model, target.using).name)
    return target.dry_run or is_empty(target)


def builds_indexes_at_the_end(target: TableTarget) -> bool:
    """Return whether an empty table may be filled without its indexes."""
    return not target.dry_run and connections[target.using].vendor == "postgresql"


def reason_for_orm(target: TableTarget) -> str:
    """Return why rows must be written through Django; empty if they need not be."""
    model = target.model
    vendor = connections[target.using].vendor
    has_parents = any(
        concrete(parent) is not concrete(model) for parent in model._meta.all_parents
    )
    reasons = {
        "its signals are asked for": target.signals,
        f"{vendor} has no loader": vendor not in LOADERS,
        "it inherits from a model with a table of its own": has_parents,
        "its order_with_respect_to is counted by Django": (
            model._meta.order_with_respect_to
        ),
    }
    found = [reason for reason, holds in reasons.items() if holds]
    found += filter(None, map(_reason_of_field, writable_fields(model)))
    return next(iter(found), "")


def _reason_of_field(field: AnyField) -> str:
    name = type(field).__name__
    if method := overridden_method(field):
        return f'"{field.name}" ({name}) has a {method} of its own'
    if dtype_of(field) is None:
        return f'"{field.name}" ({name}) has no type in a frame'
    return ""
