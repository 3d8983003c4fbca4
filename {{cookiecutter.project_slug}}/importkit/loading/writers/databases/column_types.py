"""Step 4, load: the types of the columns of a table of PostgreSQL."""

from typing import Any

from django.db import connections
from django.db.models import Model

from importkit.models import INTEGERS, TEXTS, AnyField, column_of, value_field

# Of each column: its name, its type, and its type with length; the last one is empty where
# the column takes different texts for one.
COLUMNS = """
SELECT attname, format_type(atttypid, NULL),
       CASE WHEN coalesce(collisdeterministic, true)
       THEN format_type(atttypid, atttypmod) ELSE '' END
FROM pg_attribute LEFT JOIN pg_collation c ON c.oid = attcollation
WHERE attrelid = to_regclass(%s) AND attnum > 0
"""
# Beside texts and whole numbers, the fields whose checks refuse what their columns refuse.
CHECKED_BY_FIELDS = (
    "BooleanField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "FloatField",
    "UUIDField",
)


class ColumnTypes:
    """The types of the columns of a table.

    Attributes:
        kinds: The types by column, as PostgreSQL names them, without length.
    """

    def __init__(self, using: str, model: type[Model]) -> None:
        """Ask for the types; the connection is open."""
        self._connection: Any = connections[using]
        table = self._connection.ops.quote_name(model._meta.db_table)
        raw = self._connection.connection
        with self._connection.wrap_database_errors, raw.cursor() as cursor:
            cursor.execute(COLUMNS, (table,))
            found = list(cursor.fetchall())
        self.kinds: dict[str, str] = {name: kind for name, kind, _ in found}
        self._exact = {name: exact for name, _, exact in found}
        encoding = raw.info.parameter_status("server_encoding")
        self._has_all_characters = encoding == "UTF8"

    def takes_all(self, field: AnyField) -> bool:
        """Return whether a column is as Django makes it for a field of a known kind."""
        stored = value_field(field)
        kind = stored.get_internal_type()
        if kind in TEXTS and not self._has_all_characters:
            return False
        if kind not in (*TEXTS, *INTEGERS, *CHECKED_BY_FIELDS):
            return False
        wanted = stored.db_type(self._connection) or ""
        wanted = wanted.replace("varchar", "character varying").replace(", ", ",")
        return self._exact.get(column_of(field)) == wanted
