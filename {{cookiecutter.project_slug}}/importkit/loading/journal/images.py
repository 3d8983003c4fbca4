"""Step 4, load: rows as exact texts, which can be put back without any loss.

The image of a row is a JSON object with a member for each column. PostgreSQL has the text of
each value, or null. SQLite has integers as numbers, and of all other values a text that
starts with a letter for the kind of the value, for a column of SQLite takes any kind.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import connections

from importkit.errors import ConfigurationError
from importkit.loading.journal.values import register_functions, value_of
from importkit.models import ModelClass, pk_fields

# The settings of PostgreSQL by which the text of a value would vary.
EXACT = {
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "3",
}
AT_ONCE = 50  # Arguments of one function: SQLite takes 127 and PostgreSQL 100.

POSTGRES_COLUMNS = """
SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
    t.typname IN (
        'int2', 'int4', 'int8', 'bool', 'date', 'time', 'timestamp', 'timestamptz', 'uuid',
        'bytea', 'text', 'varchar'
    ) AND coalesce(c.collisdeterministic, true)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_collation c ON c.oid = a.attcollation
WHERE a.attrelid = %s::regclass AND a.attnum > 0
AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum
"""
# Generated columns are hidden with these numbers.
SQLITE_COLUMNS = """
SELECT name, type, 0 FROM pragma_table_xinfo(%s) WHERE hidden NOT IN (2, 3) ORDER BY cid
"""


@dataclass(frozen=True)
class Column:
    """A column of a table that is not computed by the database.

    Attributes:
        name: Its name, which its member of an image has, too.
        quoted: Its name in SQL.
        kind: Its type.
        is_plain: Whether equal values always have the same text.
    """

    name: str
    quoted: str
    kind: str
    is_plain: bool

    @property
    def member(self) -> str:
        """The name as JSON has it."""
        return json.dumps(self.name, ensure_ascii=False)


@dataclass(frozen=True)
class Images(ABC):
    """The SQL of images in one database, for the rows of one table.

    Attributes:
        table: The quoted name of the table.
        columns: All its columns.
        keys: Those of its primary key.
    """

    table: str
    columns: Sequence[Column]
    keys: Sequence[Column]

    @abstractmethod
    def value(self, row: str, column: Column) -> str:
        """Return a value of a row as its image has it."""

    @abstractmethod
    def part(self, image: str, column: Column) -> str:
        """Return the value in an image, to compare with ``value``; null if it has none."""

    @abstractmethod
    def has(self, image: str, column: Column) -> str:
        """Return the test whether an image has a column."""

    @abstractmethod
    def stored(self, part: str, column: Column) -> str:
        """Return what a column holds, from the value in an image."""

    @abstractmethod
    def whole(self, row: str) -> str:
        """Return the image of a row."""

    def changes(
        self, old: str, new: str, tests: Mapping[str, str] | None = None
    ) -> tuple[str, str]:
        """Return the images of the columns in which two rows differ; ``{}`` if in none.

        Args:
            old: The one row.
            new: The other row.
            tests: The quoted columns that may differ, and the test of each, if that is known.
        """
        differ = self._tests(old, new) if tests is None else tests
        before, after = (
            [
                f"CASE WHEN {differ[column.quoted]} THEN {self._member(row, column)} END"
                for column in self.columns
                if column.quoted in differ
            ]
            for row in (old, new)
        )
        return self._joined(before), self._joined(after)

    @abstractmethod
    def _tests(self, old: str, new: str) -> dict[str, str]:
        """Return for each quoted column the test whether two rows differ in it."""

    @abstractmethod
    def _member(self, row: str, column: Column) -> str:
        """Return a member of an image with its name, to be joined."""

    @abstractmethod
    def _joined(self, members: Sequence[str]) -> str:
        """Return an image of members, of which those that are null are left out."""

    @abstractmethod
    def shown(self, part: Any) -> str | None:
        """Return the value in an image as a person reads it."""

    @abstractmethod
    def key(self, row: str) -> str:
        """Return the primary key of a row as one text."""


def images_of(model: ModelClass, using: str) -> Images:
    """Return the images of the rows of a model's table."""
    connection: Any = connections[using]
    is_sqlite = connection.vendor == "sqlite"
    query = SQLITE_COLUMNS if is_sqlite else POSTGRES_COLUMNS
    quote = connection.ops.quote_name
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(query, [table if is_sqlite else quote(table)])
        columns = [
            Column(name, quote(name), kind, bool(is_plain))
            for name, kind, is_plain in cursor.fetchall()
        ]
    wanted = {field.column for field in pk_fields(model)}
    keys = [column for column in columns if column.name in wanted]
    if not is_sqlite:
        return PostgresImages(quote(table), columns, keys)
    for column in columns:
        if '"' in column.name or "\\" in column.name:
            raise ConfigurationError(
                f'keeps_undo: the column {column.name!r} of "{table}" has a quote or a '
                "backslash in its name, by which SQLite would not find it in an image."
            )
    register_functions(connection.connection)
    return SQLiteImages(quote(table), columns, keys)


class PostgresImages(Images):
    """Images as PostgreSQL makes them."""

    def value(self, row: str, column: Column) -> str:
        return f"{row}.{column.quoted}::text"

    def part(self, image: str, column: Column) -> str:
        return f"({image} ->> {literal(column.name)})"

    def has(self, image: str, column: Column) -> str:
        return f"({image} ? {literal(column.name)})"

    def stored(self, part: str, column: Column) -> str:
        return f"{part}::{column.kind}"

    def whole(self, row: str) -> str:
        return self._joined([self._member(row, column) for column in self.columns])

    def shown(self, part: Any) -> str | None:
        return None if part is None else str(part)

    def key(self, row: str) -> str:
        values = [self.value(row, column) for column in self.keys]
        if len(values) == 1:
            return values[0]
        return f"json_build_array({', '.join(values)})::text"

    def _tests(self, old: str, new: str) -> dict[str, str]:
        # Byte by byte, if need be: 1.0 and 1.00 are equal, and json has no equality.
        return {
            column.quoted: f"{left} IS DISTINCT FROM {right}"
            if column.is_plain
            else f"record_image_ne(ROW({left}), ROW({right}))"
            for column in self.columns
            for left, right in [(f"{old}.{column.quoted}", f"{new}.{column.quoted}")]
        }

    def _member(self, row: str, column: Column) -> str:
        text = f"coalesce(to_json({self.value(row, column)})::text, 'null')"
        return f"{literal(column.member + ':')} || {text}"

    def _joined(self, members: Sequence[str]) -> str:
        parts = [
            f"nullif(concat_ws(',', {', '.join(members[n : n + AT_ONCE])}), '')"
            for n in range(0, len(members), AT_ONCE)
        ]
        return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'"


class SQLiteImages(Images):
    """Images as SQLite makes them, with functions of ``values``."""

    def value(self, row: str, column: Column) -> str:
        value = f"{row}.{column.quoted}"
        return (
            f"CASE typeof({value}) "
            f"WHEN 'text' THEN CASE instr({value}, char(0)) WHEN 0 THEN 't' || {value} "
            f"ELSE 'h' || hex({value}) END "
            f"WHEN 'real' THEN 'r' || importkit_digits({value}) "
            f"WHEN 'blob' THEN 'b' || hex({value}) ELSE {value} END"
        )

    def part(self, image: str, column: Column) -> str:
        return f"json_extract({image}, {self._path(column)})"

    def has(self, image: str, column: Column) -> str:
        return f"(json_type({image}, {self._path(column)}) IS NOT NULL)"

    def stored(self, part: str, column: Column) -> str:
        return f"importkit_value({part})"

    def whole(self, row: str) -> str:
        members = [
            f"{literal(column.name)}, {self.value(row, column)}"
            for column in self.columns
        ]
        objects = [
            f"json_object({', '.join(part)})" for part in batched(members, AT_ONCE)
        ]
        if len(objects) == 1:
            return objects[0]
        parts = ", ',', ".join(f"trim({each}, '{{}}')" for each in objects)
        form = "%s" + "%s%s" * (len(objects) - 1)
        return f"printf('{{' || '{form}' || '}}', {parts})"

    def shown(self, part: Any) -> str | None:
        return None if part is None else str(value_of(part))

    def key(self, row: str) -> str:
        if len(self.keys) == 1:
            return f"CAST({row}.{self.keys[0].quoted} AS TEXT)"
        values = (f"{row}.{column.quoted}" for column in self.keys)
        return f"json_array({', '.join(values)})"

    def _tests(self, old: str, new: str) -> dict[str, str]:
        # Not by the collation of the column, for which "a" may be "A".
        return {
            name: f"{old}.{name} IS NOT {new}.{name} COLLATE BINARY"
            for name in (column.quoted for column in self.columns)
        }

    def _member(self, row: str, column: Column) -> str:
        name = literal(f",{column.member}:")
        return f"{name} || json_quote({self.value(row, column)})"

    def _joined(self, members: Sequence[str]) -> str:
        # To print is quicker than to add, and takes no levels, of which SQLite allows few.
        parts = [
            _printed(members[n : n + AT_ONCE]) for n in range(0, len(members), AT_ONCE)
        ]
        text = parts[0] if len(parts) == 1 else _printed(parts)
        return f"'{{' || substr({text}, 2) || '}}'"

    def _path(self, column: Column) -> str:
        return literal(f'$."{column.name}"')


@contextmanager
def exact_texts(using: str) -> Iterator[None]:
    """Have a database write the same value as the same text, until the block ends."""
    connection: Any = connections[using]
    if connection.vendor == "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        names = ", ".join(f"current_setting('{name}')" for name in EXACT)
        cursor.execute(f"SELECT {names}")
        before = cursor.fetchone()
        _set(cursor, EXACT.values())
    yield
    with connection.cursor() as cursor:
        _set(cursor, before)


def _set(cursor: Any, values: Iterable[str]) -> None:
    for name, value in zip(EXACT, values, strict=True):
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def literal(text: str) -> str:
    """Return a text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def _printed(texts: Sequence[str]) -> str:
    return f"printf('{'%s' * len(texts)}', {', '.join(texts)})"
