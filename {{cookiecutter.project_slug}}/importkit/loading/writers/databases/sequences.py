"""Step 4, load: the sequence of a table is moved past keys that rows brought along.

A sequence only ever moves forward: numbers that an open transaction of somebody else has
drawn are not in the table yet.
"""

from typing import Any

from django.db import connections
from django.db.models import AutoField, Model

from importkit.models import AnyField, column_of

# So many numbers at the most are drawn one by one, which cannot undo the drawing of others.
# A wider gap is skipped at once: nobody draws so many numbers between two statements.
DRAWN = 10_000

# The sequence of an identity or serial column, or one that only the default names.
SEQUENCE = """
SELECT coalesce(
    pg_get_serial_sequence(%(table)s, %(column)s),
    (
        SELECT d.refobjid::regclass::text
        FROM pg_attribute a
        JOIN pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
        JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = v.oid
        JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
        WHERE a.attrelid = %(table)s::regclass AND a.attname = %(column)s
        AND c.relkind = 'S'
        LIMIT 1
    )
)
"""
# How many numbers the sequence has to draw, and the highest key that it could draw. The
# highest key is a query of its own, so that an index answers it.
GAP = """
SELECT (k.highest - s.last_value + p.seqincrement - 1) / p.seqincrement
    + CASE WHEN s.is_called THEN 0 ELSE 1 END, k.highest
FROM {sequence} s
JOIN pg_sequence p ON p.seqrelid = %(sequence)s::regclass AND p.seqincrement > 0
CROSS JOIN LATERAL (
    SELECT max({column}) AS highest FROM {table} WHERE {column} <= p.seqmax
) k
WHERE k.highest >= s.last_value
"""


def sequence_of(cursor: Any, table: str, column: str) -> str | None:
    """Return the quoted name of the sequence that numbers a column of PostgreSQL.

    Args:
        cursor: A cursor of the driver.
        table: The quoted name of the table.
        column: The name of the column.
    """
    cursor.execute(SEQUENCE, {"table": table, "column": column})
    [name] = cursor.fetchone()
    return None if name is None else str(name)


def numbered_key(model: type[Model]) -> AnyField | None:
    """Return the field that the database numbers; None if there is no such field.

    A row of a model with multi-table inheritance has the key of its row in the table of
    the parent.
    """
    pk: Any = model._meta.pk
    while pk.remote_field is not None and pk.remote_field.parent_link:
        pk = pk.related_model._meta.pk
    return pk if isinstance(pk, AutoField) else None


def advance_sequence(using: str, model: type[Model]) -> None:
    """Move the sequence of a model's keys past all keys in the table, if it is behind.

    Only PostgreSQL needs that.
    """
    connection = connections[using]
    key = numbered_key(model)
    if connection.vendor != "postgresql" or key is None:
        return
    quote = connection.ops.quote_name
    table, column = quote(key.model._meta.db_table), quote(column_of(key))
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        sequence = sequence_of(cursor, table, column_of(key))
        if sequence is None:
            return
        names = {"table": table, "column": column, "sequence": sequence}
        cursor.execute(GAP.format(**names), {"sequence": sequence})
        for gap, highest in cursor.fetchall():
            if gap > DRAWN:
                cursor.execute("SELECT setval(%s::regclass, %s)", (sequence, highest))
            elif gap > 0:
                numbers = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"
                cursor.execute(numbers, (sequence, gap))
