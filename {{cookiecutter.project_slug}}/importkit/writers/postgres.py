"""Step 4, load: rows into PostgreSQL, with COPY."""

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.conf import settings
from django.core.management.color import no_style
from django.db import connections
from django.db.models import Model

from importkit.model_fields import AnyField, column_of, unique_sets


class PostgresLoader:
    """One connection to PostgreSQL, and how its SQL differs.

    Attributes:
        row_id: What identifies a row of a temporary table.
        temporary: The schema of temporary tables.
        differs: The operator that tells two values apart, nulls included.
        empty: What empties a temporary table.
        insert_into: How an insert starts.
    """

    row_id = "ctid"
    temporary = "pg_temp"
    differs = "IS DISTINCT FROM"
    empty = "TRUNCATE"
    insert_into = "INSERT INTO"

    def __init__(self, using: str) -> None:
        """Take over the connection of an alias, below Django's log of statements."""
        self._connection = connections[using]
        self._connection.ensure_connection()

    def execute(self, sql: str) -> int:
        """Run a statement and return the number of rows that it wrote."""
        with self._connection.wrap_database_errors, self._cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.rowcount)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, as Python values."""
        with self._connection.wrap_database_errors, self._cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def join_by_index(self) -> None:
        """Look rows up by index, until the end of the transaction.

        For each batch by itself PostgreSQL finds it cheaper to read the whole table.
        """
        self.execute("SET LOCAL enable_hashjoin = off")
        self.execute("SET LOCAL enable_mergejoin = off")

    def encoded(self, _fields: Mapping[str, AnyField], df: pl.DataFrame) -> bytes:
        """Return rows as the CSV that COPY reads.

        Args:
            df: One column per field, in the same order and in its type.
        """
        buffer = io.BytesIO()
        _as_text(df).write_csv(
            buffer,
            include_header=False,
            # A null is nothing at all; empty text is in quotes, and so is, in a table
            # of one column, the text that would end the rows.
            quote_style="necessary" if df.width > 1 else "non_numeric",
            null_value="",
            datetime_format="%Y-%m-%d %H:%M:%S%.f" + ("+00" if settings.USE_TZ else ""),
        )
        return buffer.getvalue()

    def insert(self, table: str, fields: Mapping[str, AnyField], rows: bytes) -> None:
        """Insert encoded rows into a table with a quoted name."""
        sql = f"COPY {table} ({', '.join(fields)}) FROM STDIN (FORMAT csv)"
        with (
            self._connection.wrap_database_errors,
            self._cursor() as cursor,
            cursor.copy(sql) as copy,
        ):
            copy.write(rows)

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
        self.insert(table, named, self.encoded(named, numbered))
        return keys

    def new_keys(self, model: type[Model], height: int) -> list[int]:
        """Return the next numbers of the sequence of a model's keys."""
        table = self._connection.ops.quote_name(model._meta.db_table)
        with self._connection.wrap_database_errors, self._cursor() as cursor:
            column = model._meta.pk.column
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", (table, column))
            [name] = cursor.fetchone()
            numbers = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"
            cursor.execute(numbers, (name, height))
            return [number for (number,) in cursor.fetchall()]

    def ordered(self, model: type[Model], df: pl.DataFrame) -> pl.DataFrame:
        """Sort rows by what is unique, so that they meet in the pages of its index.

        Keys in no order touch the whole index for each batch; in this way the rows of
        a batch do so once. The primary keys keep the order of the rows.
        """
        pk = {model._meta.pk.attname}
        sets = [names for names in unique_sets(model) if names != pk]
        known = [names for names in [*sets, pk] if names <= set(df.columns)]
        return df.sort(sorted(known[0])) if known else df

    def keys_given(self, model: type[Model]) -> None:
        """Move the sequences of a model's keys behind those that rows brought along."""
        for sql in self._connection.ops.sequence_reset_sql(no_style(), [model]):
            self.execute(sql)

    def _cursor(self) -> Any:
        return self._connection.connection.cursor()


def _as_text(df: pl.DataFrame) -> pl.DataFrame:
    """Write as PostgreSQL reads what polars would write in another way."""
    return df.with_columns(
        pl.col(pl.Time).dt.to_string("%H:%M:%S%.6f"),
        pl.col(pl.Duration).cast(pl.Int64).cast(pl.String) + pl.lit(" microseconds"),
        (pl.lit("\\x") + pl.col(pl.Binary).bin.encode("hex")).name.keep(),
    )
