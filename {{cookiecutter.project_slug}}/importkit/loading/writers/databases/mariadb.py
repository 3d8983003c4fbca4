"""Step 4, load: what MariaDB and MySQL need before rows are written to them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connections, router
from django.db.models import Model

from importkit.errors import ConfigurationError

PACKET = 4_000_000  # Characters of texts in one statement; a server takes 16 MB.


@contextmanager
def strict(using: str) -> Iterator[None]:
    """Let the database refuse what it would otherwise cut off or replace by zeros."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT @@sql_mode")
        [before] = cursor.fetchone()
        if "STRICT_" not in before:
            cursor.execute("SET sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')")
    try:
        yield
    finally:
        # A connection that was lost is opened again with its own mode.
        if "STRICT_" not in before and connections[using].is_usable():
            with connections[using].cursor() as cursor:
                cursor.execute("SET sql_mode = %s", [before])


def refuse_tables_without_transactions(models: Iterable[type[Model]]) -> None:
    """Raise if a table keeps what is written to it whatever happens afterwards.

    Raises:
        ConfigurationError: A table is stored by an engine without transactions.
    """
    found = {
        model._meta.db_table: engine
        for model in models
        if connections[router.db_for_write(model)].vendor == "mysql"
        and (engine := _engine_without_transactions(model))
    }
    if not found:
        return
    tables = ", ".join(f"{table} ({engine})" for table, engine in found.items())
    raise ConfigurationError(
        f"An import writes all or nothing, but these tables have no transactions: "
        f"{tables}. Give them an engine that has: "
        f"ALTER TABLE {next(iter(found))} ENGINE = InnoDB."
    )


def statements(using: str, rows: Sequence[Model], most: int) -> Iterator[list[Model]]:
    """Yield instances in parts, each for one statement that the server takes.

    Args:
        using: The alias; other databases take any statement.
        rows: The instances.
        most: The most instances in a part.
    """
    limit = PACKET if connections[using].vendor == "mysql" else None
    part: list[Model] = []
    size = 0
    for row in rows:
        length = _texts(row) if limit else 0
        if part and (len(part) == most or (limit and size + length > limit)):
            yield part
            part, size = [], 0
        part.append(row)
        size += length
    yield part


def _texts(row: Model) -> int:
    return sum(len(v) for v in vars(row).values() if isinstance(v, str | bytes))


def _engine_without_transactions(model: type[Model]) -> str | None:
    """Return the engine of a model's table, if it has no transactions."""
    query = (
        "SELECT tables.engine FROM information_schema.tables JOIN "
        "information_schema.engines ON engines.engine = tables.engine "
        "WHERE table_schema = DATABASE() AND table_name = %s AND transactions <> 'YES'"
    )
    with connections[router.db_for_write(model)].cursor() as cursor:
        cursor.execute(query, [model._meta.db_table])
        found = cursor.fetchone()
    return str(found[0]) if found else None
