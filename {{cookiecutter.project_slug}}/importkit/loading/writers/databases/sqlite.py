"""Step 4, load: the loader of SQLite, which writes many rows with each statement."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import polars as pl
from django.db import connections
from django.db.models import Model

from importkit.loading.writers.databases.appending import undoing
from importkit.loading.writers.databases.page_cache import follow_size
from importkit.models import AnyField, column_of, value_field

VARIABLES = 9  # SQLITE_LIMIT_VARIABLE_NUMBER: the most values in a statement.
ROWS = 500  # Rows in a statement; more rows do not make the import faster.
# Names of the same, of which a table may use some for its own columns.
ROW_IDS = ("rowid", "_rowid_", "oid")


class SQLiteLoader:
    """One connection to SQLite, and the SQL in which SQLite differs.

    Attributes:
        row_id: The column that identifies a row of a temporary table.
        temporary: The schema of temporary tables.
        empty: The start of a statement that empties a temporary table.
        restart: The end of such a statement, for a table with ``row_number``.
        given_keys: What an insert with keys has before its rows.
        insert_into: The start of an insert. With ``OR FAIL`` SQLite does not prepare to
            undo a single statement, for which it would copy every changed page; the
            transaction or the savepoint around the statement undoes it.
        same: The operator that is true for equal values and for two nulls.
        check_failed: What the database says of a row that breaks a check.
        as_stored: What stands before a column whose values are read as they are stored.
        written: How many rows the last ``insert`` has written.
    """

    row_id = ROW_IDS[0]
    temporary = "temp"
    empty = "DELETE FROM"
    restart = ""
    given_keys = ""
    insert_into = "INSERT OR FAIL INTO"
    same = "IS"
    check_failed = "CHECK constraint failed: {name}"
    # Of an expression, sqlite3 does not know the declared type, by which it would read values.
    as_stored = "+"

    def __init__(self, using: str, _model: type[Model]) -> None:
        """Use the driver's connection of an alias, so that Django logs no statements."""
        self._connection = connections[using]
        self._connection.ensure_connection()
        self.written = 0

    def differ(self, column: str, row: str = "r") -> str:
        """Return the test whether a row and the row ``t`` differ in a quoted column."""
        return f"{row}.{column} IS NOT t.{column}"

    def execute(self, sql: str) -> int:
        """Run a statement and return the number of rows that it wrote."""
        with self._connection.wrap_database_errors:
            return int(self._connection.connection.execute(sql).rowcount)

    def execute_all(self, statements: Sequence[str]) -> None:
        """Run statements, one after the other: there is no server to go to."""
        for statement in statements:
            self.execute(statement)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, as SQLite stores the values."""
        with self._connection.wrap_database_errors:
            return list(self._connection.connection.execute(sql))

    def check_now(self, _names: Sequence[str]) -> None:
        """Do nothing: SQLite defers foreign keys only."""

    def takes_all(self, _field: AnyField) -> bool:
        """Return True: a column of SQLite takes any value."""
        return True

    def analyze(self, _table: str) -> None:
        """Do nothing: SQLite knows what it needs."""

    def held_table(self, name: str, fields: Mapping[str, AnyField], _query: str) -> str:
        """Return the statement that creates the temporary table of held rows.

        The columns are declared, for a query would lose their collations.
        """
        columns = []
        for column, field in fields.items():
            stored = value_field(field)
            kind = stored.db_type(self._connection) or ""
            collation = stored.db_parameters(self._connection).get("collation")
            collate = f' COLLATE "{collation}"' if collation else ""
            columns.append(f"{column} {kind.partition(' ')[0]}{collate}")
        return f"CREATE TABLE {name} ({', '.join(columns)})"

    def row_number(self, _table: str) -> str:
        """Return the name of the column in which SQLite numbers the rows of any table."""
        return self.row_id

    def index(self, table: str, place: int, columns: str) -> str:
        """Return the statement that creates an index of a temporary table."""
        schema, _, name = table.partition(".")
        return f"CREATE INDEX {schema}.{name}_{place} ON {name} ({columns})"

    def free_values(self, _field: AnyField, _highest: str) -> list[str]:
        """Return texts of two private characters: SQLite takes text in any column."""
        return ["char(57344 + importkit_n % 6000) || char(57344 + importkit_n / 6000)"]

    def join_by_index(self) -> None:
        """Do nothing: SQLite joins by index anyway."""

    def join_as_planned(self) -> None:
        """Do nothing: nothing was set."""

    def batch_table(
        self, name: str, fields: Mapping[str, AnyField], _query: str
    ) -> str:
        """Return the statement that creates the temporary table of a batch.

        The columns are declared: of ``SELECT "true"`` SQLite makes a value, not a column.
        """
        names = {column.strip('"').lower() for column in fields}
        self.row_id = next(name for name in ROW_IDS if name not in names)
        columns = (
            f"{column} {value_field(field).db_type(self._connection) or ''}"
            for column, field in fields.items()
        )
        return f"CREATE TABLE {name} ({', '.join(columns)})"

    def encode(self, fields: Mapping[str, AnyField], df: pl.DataFrame) -> pl.DataFrame:
        """Return the values of each column as Django hands them to SQLite.

        Objects of Python are made of them statement by statement, when they are inserted:
        those of whole batches would take more memory than the batches.

        Args:
            fields: The fields by the quoted names of their columns.
            df: One column per field, in the same order and in its type.
        """
        zone = self._connection.timezone_name
        columns = zip(fields.values(), df.iter_columns(), strict=True)
        return pl.DataFrame([_encoded(field, v, zone) for field, v in columns])

    def undoing(
        self, model: type[Model], fields: Mapping[str, AnyField]
    ) -> AbstractContextManager[None]:
        """Return what undoes an insert into the table of a model that is refused."""
        return undoing(self._connection.alias, model, fields)

    def insert(
        self, table: str, fields: Mapping[str, AnyField], rows: pl.DataFrame
    ) -> None:
        """Insert encoded rows into a table with a quoted name."""
        with self._connection.wrap_database_errors:
            follow_size(self._connection.connection)
        for _ in self._inserted(table, fields, rows):
            pass

    def insert_returning(
        self,
        table: str,
        fields: Mapping[str, AnyField],
        df: pl.DataFrame,
        key: AnyField,
    ) -> list[Any]:
        """Insert the rows of a frame and return the keys that SQLite gave to them."""
        column = self._connection.ops.quote_name(column_of(key))
        rows = self.encode(fields, df)
        groups = self._inserted(table, fields, rows, f" RETURNING {column}")
        return [value for group in groups for (value,) in group]

    def reset_sequence(self, model: type[Model]) -> None:
        """Do nothing: SQLite always gives out a key above the highest one."""

    def _inserted(
        self,
        table: str,
        fields: Mapping[str, AnyField],
        rows: pl.DataFrame,
        returning: str = "",
    ) -> Iterator[list[Any]]:
        self.written = 0
        raw = self._connection.connection
        width = len(fields)
        step = max(1, min(ROWS, raw.getlimit(VARIABLES) // width))
        row = f"({', '.join('?' * width)})"
        start = f"{self.insert_into} {table} ({', '.join(fields)}) VALUES "
        height, sql = 0, ""
        with self._connection.wrap_database_errors:
            for part in rows.iter_slices(step):
                if part.height != height:
                    height = part.height
                    sql = start + ", ".join([row] * height) + returning
                values: list[object] = [None] * (height * width)
                for place, column in enumerate(part.iter_columns()):
                    values[place::width] = column.to_list()
                cursor = raw.execute(sql, values)
                returned = cursor.fetchall()
                self.written += cursor.rowcount
                yield returned


def _encoded(field: AnyField, values: pl.Series, zone: str) -> pl.Series:
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        values = _moments(values, zone)
    elif dtype == pl.Time:
        values = _with_microseconds(values, "%H:%M:%S")
    elif dtype == pl.Date:
        values = values.dt.to_string("%Y-%m-%d")
    elif dtype.is_decimal():
        values = values.cast(pl.String)
    elif dtype == pl.Boolean:
        values = values.cast(pl.Int8)
    elif dtype == pl.Duration:
        values = values.cast(pl.Int64)
    elif value_field(field).get_internal_type() == "UUIDField":
        values = values.str.replace_all("-", "", literal=True)
    return values


def _moments(values: pl.Series, zone: str) -> pl.Series:
    if getattr(values.dtype, "time_zone", None):
        values = values.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    return _with_microseconds(values, "%Y-%m-%d %H:%M:%S")


def _with_microseconds(values: pl.Series, format: str) -> pl.Series:
    """Write times as Python does: with microseconds only if there are any."""
    short = values.dt.to_string(format)
    has_more = values.dt.microsecond() > 0
    if not has_more.any():
        return short
    return short.zip_with(
        ~has_more.fill_null(value=False), values.dt.to_string(f"{format}%.6f")
    )
