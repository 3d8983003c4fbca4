"""Step 4, load: the loader of PostgreSQL, which writes rows with COPY."""

import io
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, NamedTuple

import polars as pl
from django.conf import settings
from django.db import connections, transaction
from django.db.models import Model

from importkit.loading.writers.databases import copy_binary
from importkit.loading.writers.databases.column_types import ColumnTypes
from importkit.loading.writers.databases.sequences import advance_sequence, sequence_of
from importkit.models import INTEGERS, TEXTS, AnyField, column_of

WRITE = 262_144  # Bytes handed to libpq at a time; it copies larger pieces in memory.

# The types of the columns that held rows have beside those of their table.
OWN_COLUMNS = dict.fromkeys(("importkit_row", "importkit_line"), "bigint")
# How far apart two values of a field are.
STEPS = {
    **dict.fromkeys(INTEGERS, "1"),
    "DecimalField": "1",
    "FloatField": "1",
    "DateField": "1",
    "DateTimeField": "interval '1 microsecond'",
}

# The settings by which PostgreSQL would read a whole table for the rows of one batch.
PLANNER = ("enable_hashjoin", "enable_mergejoin")

# Types without an equality, and what their values are compared as.
COMPARED_AS = {
    "json": "::jsonb",
    **dict.fromkeys(
        ("xml", "point", "line", "lseg", "box", "path", "polygon"), "::text"
    ),
}
AS_TEXT = 0  # The format in which the server sends values.
# The numbers of types: text, json, and date, timestamp and timestamptz.
TEXT, JSON = 25, 114
TIMES = (1082, 1114, 1184)


class Copied(NamedTuple):
    """Rows in one of the formats that COPY reads."""

    format: str
    data: bytes


class PostgresLoader:
    """One connection to PostgreSQL, and the SQL in which PostgreSQL differs.

    Attributes:
        row_id: The column that identifies a row of a temporary table.
        temporary: The schema of temporary tables.
        empty: The start of a statement that empties a temporary table.
        restart: The end of such a statement, for a table with ``row_number``.
        given_keys: What an insert with keys has before its rows.
        insert_into: The start of an insert.
        same: The operator that is true for equal values and for two nulls.
        check_failed: What the database says of a row that breaks a check.
        as_stored: What stands before a column whose values are read as they are stored.
        written: How many rows the last ``insert`` has written.
    """

    row_id = "ctid"
    temporary = "pg_temp"
    empty = "TRUNCATE"
    restart = " RESTART IDENTITY"
    # For identity columns that are "generated always".
    given_keys = "OVERRIDING SYSTEM VALUE"
    insert_into = "INSERT INTO"
    same = "IS NOT DISTINCT FROM"
    check_failed = 'new row for relation "{table}" violates check constraint "{name}"'
    as_stored = ""

    def __init__(self, using: str, model: type[Model]) -> None:
        """Use the driver's connection of an alias, so that Django logs no statements.

        Args:
            using: The alias.
            model: The model whose rows are written.
        """
        self._connection = connections[using]
        self._connection.ensure_connection()
        self._types = ColumnTypes(using, model)
        self._kinds = {**self._types.kinds, **OWN_COLUMNS}
        self.written = 0
        self._planned: Sequence[str] = ()
        self._sequences: dict[type[Model], str | None] = {}

    def differ(self, column: str, row: str = "r") -> str:
        """Return the test whether a row and the row ``t`` differ in a quoted column."""
        name = column[1:-1].replace('""', '"')
        compared = COMPARED_AS.get(self._kinds.get(name, ""), "")
        return f"{row}.{column}{compared} IS DISTINCT FROM t.{column}{compared}"

    def execute(self, sql: str) -> int:
        """Run a statement and return the number of rows that it wrote."""
        with self._connection.wrap_database_errors, self._cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.rowcount)

    def execute_all(self, statements: Sequence[str]) -> None:
        """Run statements without parameters, in one trip to the server."""
        with self._connection.wrap_database_errors, self._cursor() as cursor:
            # Several statements in one text cannot be prepared.
            cursor.execute(";".join(statements), prepare=False)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, as Python values, and infinite times as texts."""
        with self._connection.wrap_database_errors, self._cursor() as cursor:
            adapters = cursor.adapters
            adapters.register_loader(JSON, adapters.get_loader(TEXT, AS_TEXT))
            for kind in TIMES:
                known = adapters.get_loader(kind, AS_TEXT)
                adapters.register_loader(kind, _lenient(known))
            cursor.execute(sql)
            return list(cursor.fetchall())

    def check_now(self, names: Sequence[str]) -> None:
        """Check constraints that PostgreSQL would check at the end of the transaction."""
        if names:
            quoted = ", ".join(map(self._connection.ops.quote_name, names))
            self.execute(f"SET CONSTRAINTS {quoted} IMMEDIATE")
            self.execute(f"SET CONSTRAINTS {quoted} DEFERRED")

    def takes_all(self, field: AnyField) -> bool:
        """Return whether a column is as Django makes it, so that the checks of its field do."""
        return self._types.takes_all(field)

    def analyze(self, table: str) -> None:
        """Let PostgreSQL look at a temporary table before it is joined."""
        self.execute(f"ANALYZE {table}")

    def held_table(self, name: str, _fields: Mapping[str, AnyField], query: str) -> str:
        """Return the statement that creates the temporary table of held rows."""
        return f"CREATE TABLE {name} AS {query} WITH NO DATA"

    def row_number(self, table: str) -> str:
        """Let PostgreSQL number the rows of a temporary table; return the column."""
        name = "importkit_number"
        self.execute(
            f"ALTER TABLE {table} ADD {name} bigint GENERATED ALWAYS AS IDENTITY"
        )
        return name

    def index(self, table: str, _place: int, columns: str) -> str:
        """Return the statement that creates an index of a temporary table."""
        return f"CREATE INDEX ON {table} ({columns})"

    def free_values(self, field: AnyField, highest: str) -> list[str]:
        """Return the SQL of values that no row has, for the rows of ``importkit_moves``."""
        kind = field.get_internal_type()
        if kind in TEXTS:
            one = "chr((57344 + importkit_n)::int)"
            two = "chr((57344 + importkit_n % 6000)::int)"
            more = f"{two} || chr((57344 + importkit_n / 6000)::int)"
            return [one if field.max_length == 1 else more]
        if kind == "UUIDField":
            return ["gen_random_uuid()"]
        if kind in STEPS:
            lowest = highest.replace("MAX(", "MIN(")
            step = STEPS[kind]
            cast = "::int" if kind == "DateField" else ""
            return [
                f"{highest} + (importkit_n * {step}){cast}",
                f"{lowest} - (importkit_n * {step}){cast}",
            ]
        return []

    def join_by_index(self) -> None:
        """Look rows up by index, until ``join_as_planned``.

        For a single batch PostgreSQL would choose to read the whole table, each time.
        """
        if not self._planned:
            names = (f"current_setting('{name}')" for name in PLANNER)
            [self._planned] = self.rows(f"SELECT {', '.join(names)}")
        self._set_planner(["off"] * len(PLANNER))

    def join_as_planned(self) -> None:
        """Give the planner the settings back that it had before ``join_by_index``.

        They would make other statements of the transaction slow. Where a batch fails, its
        savepoint gives them back.
        """
        self._set_planner(self._planned)

    def _set_planner(self, values: Sequence[str]) -> None:
        pairs = zip(PLANNER, values, strict=True)
        calls = (f"set_config('{name}', '{value}', true)" for name, value in pairs)
        self.execute(f"SELECT {', '.join(calls)}")

    def batch_table(
        self, name: str, _fields: Mapping[str, AnyField], query: str
    ) -> str:
        """Return the statement that creates the temporary table of a batch."""
        return f"CREATE TABLE {name} AS {query}"

    def encode(self, fields: Mapping[str, AnyField], df: pl.DataFrame) -> Copied:
        """Return rows as COPY reads them: in binary form, or as CSV if a column has none.

        Args:
            fields: The fields by the quoted names of their columns.
            df: One column per field, in the same order and in its type.
        """
        kinds = [self._kinds.get(column_of(field)) for field in fields.values()]
        if (data := copy_binary.encode(kinds, df)) is not None:
            return Copied("binary", data)
        buffer = io.BytesIO()
        _as_text(df).write_csv(
            buffer,
            include_header=False,
            # A null is written as nothing, and empty text in quotes. A frame of one column
            # has all texts in quotes: the text "\." would end the data.
            quote_style="necessary" if df.width > 1 else "non_numeric",
            null_value="",
            datetime_format="%Y-%m-%d %H:%M:%S%.f" + ("+00" if settings.USE_TZ else ""),
        )
        return Copied("csv", buffer.getvalue())

    def undoing(
        self, _model: type[Model], _fields: Mapping[str, AnyField]
    ) -> AbstractContextManager[None]:
        """Return a savepoint: after an error PostgreSQL takes no other statement."""
        return transaction.atomic(using=self._connection.alias)

    def insert(self, table: str, fields: Mapping[str, AnyField], rows: Copied) -> None:
        """Insert encoded rows into a table with a quoted name."""
        sql = f"COPY {table} ({', '.join(fields)}) FROM STDIN (FORMAT {rows.format})"
        data = memoryview(rows.data)
        with self._connection.wrap_database_errors, self._cursor() as cursor:
            with cursor.copy(sql) as copy:
                for start in range(0, len(data), WRITE):
                    copy.write(data[start : start + WRITE])
            self.written = int(cursor.rowcount)

    def insert_returning(
        self,
        table: str,
        fields: Mapping[str, AnyField],
        df: pl.DataFrame,
        key: AnyField,
    ) -> list[Any]:
        """Insert the rows of a frame with keys from a sequence, and return the keys."""
        column = self._connection.ops.quote_name(column_of(key))
        keys = self.new_keys(key.model, df.height)
        numbered = df.with_columns(pl.Series(key.attname, keys, pl.Int64))
        named = {**fields, column: key}
        self.insert(table, named, self.encode(named, numbered))
        return keys

    def new_keys(self, model: type[Model], height: int) -> list[int]:
        """Return the next numbers of the sequence of a model's keys."""
        with self._connection.wrap_database_errors, self._cursor() as cursor:
            if model not in self._sequences:
                table = self._connection.ops.quote_name(model._meta.db_table)
                sequence = sequence_of(cursor, table, column_of(model._meta.pk))
                self._sequences[model] = sequence
            numbers = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"
            cursor.execute(numbers, (self._sequences[model], height))
            return [number for (number,) in cursor.fetchall()]

    def reset_sequence(self, model: type[Model]) -> None:
        """Move the sequence of a model's keys past keys that rows brought along."""
        advance_sequence(self._connection.alias, model)

    def _cursor(self) -> Any:
        return self._connection.connection.cursor()


@cache
def _lenient(known: Any) -> type[Any]:
    """Return a reader of times that returns the text where Python has no such time."""
    # Only here: a project on SQLite may have no driver of PostgreSQL.
    from psycopg import DataError  # noqa: PLC0415

    class Lenient:
        """Reads as the known reader does, which may be of a class that none can extend."""

        format = AS_TEXT

        def __init__(self, oid: int, context: Any = None) -> None:
            self._known = known(oid, context)

        def load(self, data: Any) -> Any:
            try:
                return self._known.load(data)
            except DataError:
                return bytes(data).decode()

    return Lenient


def _as_text(df: pl.DataFrame) -> pl.DataFrame:
    """Turn values into text that PostgreSQL reads, where polars writes another form."""
    return df.with_columns(
        pl.col(pl.Time).dt.to_string("%H:%M:%S%.6f"),
        pl.col(pl.Duration).cast(pl.Int64).cast(pl.String) + pl.lit(" microseconds"),
        (pl.lit("\\x") + pl.col(pl.Binary).bin.encode("hex")).name.keep(),
    )
