"""Step 4, load: the SQL of a batch that is matched with its table, as the rows will be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importkit.loading.writers.interface import any_of
from importkit.models import AnyField

if TYPE_CHECKING:
    from importkit.loading.writers.held.holding import HeldRows

ROW, LINE_OF_ROW, CHANGED = "importkit_row", "importkit_line", "importkit_changed"


def after(held: HeldRows, start: int = 0) -> str:
    """Select the rows of the batch as they will be in the table.

    Args:
        held: The rows.
        start: The number, and the line, of the first row if the batch has neither.
    """
    first = f"t.{held.table.pk[0]}"
    tests = held.tests()
    differs = f"{first} IS NOT NULL AND ({any_of(tests)})" if tests else "1 = 0"
    pairs = zip(held.table.pk, held.pks, strict=True)
    pk = [f"t.{column} AS {name}" for column, name in pairs]
    columns = [
        f"{_value_after(held, field, first)} AS {held.table.column(field.attname)}"
        for field in held.fields
    ]
    number = f"CASE WHEN {differs} THEN 1 ELSE 0 END AS {CHANGED}"
    own = f"r.{held.number} + {start - 1}"
    counters = ", ".join(
        f"COALESCE(r.{name}, {own}) AS {name}" for name in (ROW, LINE_OF_ROW)
    )
    return f"SELECT {counters}, {', '.join([number, *pk, *columns])} {matched(held)}"


def _value_after(held: HeldRows, field: AnyField, first: str) -> str:
    """Return the SQL of a value of a row as it will be in the table.

    Args:
        held: The rows.
        field: The field.
        first: A column of the table that is null where the row is new.
    """
    name = held.table.column(field.attname)
    stored = f"t.{name}"
    if field.attname not in held.full:
        default = _database_default(held, field)
        return f"CASE WHEN {first} IS NULL THEN {default} ELSE {stored} END"
    if field.attname not in {*held.needs.columns, *held.key}:
        return f"CASE WHEN {first} IS NOT NULL THEN r.{name} END"
    if field.attname in {*held.compared, *held.times}:
        return f"r.{name}"
    return f"CASE WHEN {first} IS NULL THEN r.{name} ELSE {stored} END"


def matched(held: HeldRows) -> str:
    """Join the rows of the batch with the rows of the table that have the same key."""
    same = " AND ".join(
        f"t.{name} = r.{name}" for name in map(held.table.column, held.key)
    )
    return f"FROM {held.batch} r LEFT JOIN {held.table.name} t ON {same or '1 = 0'}" + (
        f" AND {held.scope}" if held.scope else ""
    )


def _database_default(held: HeldRows, field: AnyField) -> str:
    if not field.has_db_default():
        return "NULL"
    editor: Any = held.connection.schema_editor(collect_sql=True)
    sql, params = editor.db_default_sql(field)
    return str(sql % tuple(map(editor.quote_value, params)) if params else sql)
