"""Step 4, load: what a writer and a loader must do, and what they share about tables."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import batched
from typing import Any, Protocol

import polars as pl
from django.db import connections
from django.db.models import AutoField, Model

from importkit.errors import ConfigurationError
from importkit.loading.plan import Outcome, TableTarget
from importkit.models import (
    AnyField,
    Links,
    column_of,
    default_series,
    field_of,
    is_update_time,
    pk_fields,
    writable_fields,
)

type Fields = Mapping[str, AnyField]

# Columns in one group of tests or one query: SQLite takes expressions of 1,000 levels and
# results of 2,000 columns, PostgreSQL results of 1,664, and a query has three for each.
AT_ONCE = 500


class Loader(Protocol):
    """One connection to a database, and the SQL in which that database differs.

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

    row_id: str
    temporary: str
    empty: str
    restart: str
    given_keys: str
    insert_into: str
    same: str
    check_failed: str
    as_stored: str
    written: int

    def execute(self, sql: str) -> int:
        """Run a statement and return the number of rows written."""

    def check_now(self, names: Sequence[str]) -> None:
        """Check constraints that the database would check at the end of a transaction."""

    def takes_all(self, field: AnyField) -> bool:
        """Return whether a column takes what its field allows, and tells texts apart."""

    def analyze(self, table: str) -> None:
        """Let the database look at a temporary table before it is joined."""

    def held_table(self, name: str, fields: Fields, query: str) -> str:
        """Return the statement that creates the temporary table of held rows.

        Args:
            name: The table.
            fields: The fields by the quoted names of their columns.
            query: Selects these columns.
        """

    def row_number(self, table: str) -> str:
        """Let the database number the rows of a temporary table from 1; return the column."""

    def index(self, table: str, place: int, columns: str) -> str:
        """Return the statement that creates an index of a temporary table."""

    def free_values(self, field: AnyField, highest: str) -> list[str]:
        """Return the SQL of values that no row has, for the rows of ``importkit_moves``.

        Args:
            field: The field.
            highest: The SQL of the highest value of the column.
        """

    def execute_all(self, statements: Sequence[str]) -> None:
        """Run statements without parameters, in one trip to a server."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, as the database gives them."""

    def differ(self, column: str, row: str = "r") -> str:
        """Return the test whether a row and the row ``t`` differ in a quoted column."""

    def join_by_index(self) -> None:
        """Look rows up by index, until ``join_as_planned``."""

    def join_as_planned(self) -> None:
        """Leave the way of joining to the database again."""

    def reset_sequence(self, model: type[Model]) -> None:
        """Move the sequence of a model's keys past keys that rows brought along."""

    def batch_table(self, name: str, fields: Fields, query: str) -> str:
        """Return the statement that creates the temporary table of a batch.

        Args:
            name: The table.
            fields: The fields by the quoted names of their columns.
            query: Selects these columns of the table of the model, without a row.
        """

    def encode(self, fields: Fields, df: pl.DataFrame) -> Any:
        """Return the rows of a frame as ``insert`` takes them; run no query.

        Args:
            fields: The fields by the quoted names of their columns.
            df: One column per field, in the same order and in its type.
        """

    def undoing(
        self, model: type[Model], fields: Fields
    ) -> AbstractContextManager[None]:
        """Return what undoes an insert into the table of a model that is refused."""

    def insert(self, table: str, fields: Fields, rows: Any) -> None:
        """Insert encoded rows into a table with a quoted name."""

    def insert_returning(
        self, table: str, fields: Fields, df: pl.DataFrame, key: AnyField
    ) -> list[Any]:
        """Insert the rows of a frame and return the keys that the database gave them."""


class Writer(Protocol):
    """Writes the rows of one model.

    Attributes:
        outcome: The numbers of rows written, or in a dry run of rows to be written.
        missing: With ``Mode.SYNC``, at the end: the keys of the rows that no batch had.
        planned: In a dry run, ``keeps`` of the rows that would be created.
        links: In a dry run with ``Mode.SYNC``, what would be written into foreign keys.
    """

    outcome: Outcome
    missing: list[Any]
    planned: list[pl.DataFrame]
    links: dict[str, Links]

    def added_columns(self, columns: Sequence[str], height: int) -> list[pl.Series]:
        """Return the columns that Django adds to rows which have only some columns."""

    def prepare(self, df: pl.DataFrame, added: list[pl.Series]) -> Any:
        """Return the rows of a checked frame as ``write`` takes them.

        This runs in another thread than ``write``, at the same time, and runs no query.
        """

    def open(self, rows: Any) -> None:
        """Prepare the database, once, for rows with these columns."""

    def write(self, rows: Any) -> None:
        """Write prepared rows; the caller undoes the changes of a write that fails."""

    def look_again(self, *, undone: bool) -> None:
        """Expect rows in the table that others have added since the run started.

        Args:
            undone: Whether all that was written so far has been rolled back.
        """

    def finish(self) -> None:
        """Complete the writing after the last batch."""


@dataclass(frozen=True)
class Prepared:
    """Rows on their way into a table.

    Attributes:
        given: The columns that the frame has.
        full: These columns, and those that Django adds.
        encoded: All columns, as the loader takes them.
    """

    given: pl.DataFrame
    full: pl.DataFrame
    encoded: Any


class Table:
    """The table of a model, with its names quoted.

    Attributes:
        name: The name of the table.
        pk: The columns of the primary key.
    """

    def __init__(self, model: type[Model], using: str) -> None:
        """Look up the names."""
        self.model = model
        self._connection = connections[using]
        self._quote = self._connection.ops.quote_name
        self.name = self._quote(model._meta.db_table)
        self.pk = [self._quote(column_of(field)) for field in pk_fields(model)]

    def column(self, attname: str) -> str:
        """Return the quoted name of the column of a field."""
        return str(self._quote(column_of(field_of(self.model, attname))))

    def python_value(self, attname: str, value: Any) -> Any:
        """Return the value of an instance for a value that a loader's ``rows`` returns."""
        column = field_of(self.model, attname).get_col(self.model._meta.db_table)
        convert = self._connection.ops.get_db_converters(column)
        for converter in [*convert, *column.get_db_converters(self._connection)]:
            value = converter(value, column, self._connection)
        return value

    def key(self, values: Sequence[Any]) -> Any:
        """Return the primary key of an instance for the values of its columns."""
        fields = pk_fields(self.model)
        key = [
            self.python_value(field.attname, value)
            for field, value in zip(fields, values, strict=True)
        ]
        return key[0] if len(key) == 1 else tuple(key)

    def fields(self, df: pl.DataFrame) -> dict[str, AnyField]:
        """Return the fields of a frame's columns, by the quoted columns of the table."""
        by_name = {field.attname: field for field in writable_fields(self.model)}
        return {self._quote(column_of(by_name[n])): by_name[n] for n in df.columns}


def defaults(
    model: type[Model], columns: Collection[str], height: int
) -> list[pl.Series]:
    """Return the values that Django gives to fields for which new rows have no column."""
    absent = [f for f in writable_fields(model) if f.attname not in columns]
    found = (default_series(field, height, add=True) for field in absent)
    return [values for values in found if values is not None]


def update_times(model: type[Model], height: int) -> list[pl.Series]:
    """Return the times of change (``auto_now``) that Django gives to changed rows."""
    fields = filter(is_update_time, writable_fields(model))
    found = (default_series(field, height, add=False) for field in fields)
    return [values for values in found if values is not None]


def numbers_itself(model: type[Model]) -> bool:
    """Return whether the database numbers the rows of a table."""
    return isinstance(_pk(model), AutoField)


def gives_keys(model: type[Model], df: pl.DataFrame) -> bool:
    """Return whether rows bring their own keys to a table that the database numbers."""
    return numbers_itself(model) and _pk(model).attname in df.columns


def any_of(tests: Sequence[str]) -> str:
    """Join tests by OR, in groups: SQLite refuses an expression of a thousand levels."""
    groups = (" OR ".join(group) for group in batched(tests, AT_ONCE))
    return " OR ".join(f"({group})" for group in groups)


def _pk(model: type[Model]) -> AnyField:
    field: AnyField = model._meta.pk
    return field


def repeated_key(target: TableTarget, key: Sequence[object]) -> ConfigurationError:
    """Return the error for a natural key that several rows of a table have."""
    shown = repr(", ".join(map(str, key)))
    return ConfigurationError(
        f"{', '.join(target.key)} is not a natural key of {target.model._meta.label}: "
        f"more than one row of the table has {shown}."
    ).showing(target.key, shown)
