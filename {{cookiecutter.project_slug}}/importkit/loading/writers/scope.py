"""Step 4, load: the SQL of the rows that a source speaks for."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import F, Model, Q
from django.db.models.expressions import Combinable, RawSQL

from importkit.models import all_rows, column_of


def scope_condition(model: type[Model], scope: Q | None) -> str:
    """Return the condition of the rows ``t`` of a table that are in a scope, as SQL."""
    if scope is None:
        return ""
    fields = model._meta.pk_fields
    keys = {f"importkit_{place}": F(field.name) for place, field in enumerate(fields)}
    text = composed(model, *_select_in_scope(model, scope, keys))
    if not text:
        return "1 = 0"
    quote = connections[router.db_for_write(model)].ops.quote_name
    columns = (quote(column_of(field)) for field in fields)
    same = (f"u.{key} = t.{name}" for key, name in zip(keys, columns, strict=True))
    return f"EXISTS (SELECT 1 FROM ({text}) AS u WHERE {' AND '.join(same)})"


def in_scope(
    model: type[Model], scope: Q, rows: str, column: str
) -> tuple[str, tuple[object, ...]]:
    """Select a column of those rows of a query that would be in a scope.

    Args:
        model: The model of the scope.
        scope: The scope.
        rows: A query of rows with the columns of the table, and the column.
        column: The name of the column.

    Returns:
        The SQL, empty if no row can be in the scope, and the parameters that follow those
        of the query of rows.
    """
    table = connections[router.db_for_write(model)].ops.quote_name(model._meta.db_table)
    wanted = RawSQL(f"{table}.{column}", ())  # noqa: S611  names of the database only
    sql, params = _select_in_scope(model, scope, {"importkit_0": wanted})
    # The rows take the name, and so the place, of the table.
    return sql.replace(f" FROM {table}", f" FROM ({rows}) AS {table}", 1), params


def composed(model: type[Model], sql: str, params: tuple[object, ...]) -> str:
    """Return SQL with the parameters in their places; MariaDB has no way to do that."""
    connection: Any = connections[router.db_for_write(model)]
    if not params:
        return sql.replace("%%", "%")
    if connection.vendor == "postgresql":
        return str(connection.ops.compose_sql(sql, params))
    return str(connection.ops.last_executed_query(None, sql, params))


def _select_in_scope(
    model: type[Model], scope: Q, columns: Mapping[str, Combinable]
) -> tuple[str, tuple[object, ...]]:
    """Select columns of the rows of a table that are in a scope; empty if none can be."""
    rows = all_rows(model).filter(scope).order_by()
    rows = rows.annotate(**columns).values(*columns)
    try:
        sql, params = rows.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return "", ()
    return sql, tuple(params)
