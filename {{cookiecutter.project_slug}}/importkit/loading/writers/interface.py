"""Step 4, load: a table, and what a loader of its database can do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl
from django.db import connections
from django.db.models import AutoField, Model

from importkit.errors import ConfigurationError
from importkit.loading.plan import Outcome, Target
from importkit.models import (
    AnyField,
    column_of,
    default_series,
    field_of,
    is_update_time,
    writable_fields,
)

type Fields = Mapping[str, AnyField]


class Loader(Protocol):
    """One connection, and how the SQL of its database differs.

    Attributes:
        row_id: What identifies a row of a temporary table.
        temporary: The schema of temporary tables.
        differs: The operator that tells two values apart, nulls included.
        empty: What empties a temporary table.
        insert_into: How an insert starts.
    """

    row_id: str
    temporary: str
    differs: str
    empty: str
    insert_into: str

    def execute(self, sql: str) -> int:
        """Run a statement and return the number of rows that it wrote."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, as the database gives them."""

    def join_by_index(self) -> None:
        """Look rows up by index, until the end of the transaction."""

    def keys_given(self, model: type[Model]) -> None:
        """Note that rows of a model brought their primary keys along."""

    def encoded(self, fields: Fields, df: pl.DataFrame) -> Any:
        """Return the rows of a frame as ``insert`` takes them, without the database.

        Args:
            fields: The fields by the quoted names of their columns.
            df: One column per field, in the same order and in its type.
        """

    def insert(self, table: str, fields: Fields, rows: Any) -> None:
        """Insert encoded rows into a table with a quoted name."""

    def insert_returning(
        self, table: str, fields: Fields, df: pl.DataFrame, key: AnyField
    ) -> list[Any]:
        """Insert the rows of a frame and return the keys that they were given."""


class Writer(Protocol):
    """A way of writing the rows of one model.

    Attributes:
        outcome: What has been done, or in a dry run would be.
        missing: The keys of the rows that no batch had; with ``Mode.SYNC``, at the end.
        planned: In a dry run, ``keeps`` of the rows that would be created.
    """

    outcome: Outcome
    missing: list[Any]
    planned: list[pl.DataFrame]

    def added(self, columns: Sequence[str], height: int) -> list[pl.Series]:
        """Return what Django, or the database, adds to rows with some columns."""

    def prepared(self, df: pl.DataFrame, added: list[pl.Series]) -> Any:
        """Return the rows of a frame that fits as ``write`` takes them.

        This runs beside ``write``, and does without the database.
        """

    def open(self, rows: Any) -> None:
        """Make ready, once, for prepared rows like these."""

    def write(self, rows: Any) -> None:
        """Write prepared rows; what fails leaves nothing but a changed outcome."""

    def finish(self) -> None:
        """Do what is left to do when all rows are in."""


@dataclass(frozen=True)
class Prepared:
    """Rows on their way into a table.

    Attributes:
        given: The columns of the frame.
        full: Those and what Django adds to them.
        encoded: The latter, as a loader takes them.
    """

    given: pl.DataFrame
    full: pl.DataFrame
    encoded: Any


class Table:
    """The table of a model, with its names quoted.

    Attributes:
        name: Of the table.
        pk: Of the column of the primary key.
    """

    def __init__(self, model: type[Model], using: str) -> None:
        """Look up the names."""
        self.model = model
        self._connection = connections[using]
        self._quote = self._connection.ops.quote_name
        self.name = self._quote(model._meta.db_table)
        self.pk = self._quote(column_of(_pk(model)))

    def column(self, attname: str) -> str:
        """Return the quoted name of the column of a field."""
        return str(self._quote(column_of(field_of(self.model, attname))))

    def python_value(self, attname: str, value: Any) -> Any:
        """Return what an instance holds for a value as a loader's ``rows`` give it."""
        column = field_of(self.model, attname).get_col(self.model._meta.db_table)
        convert = self._connection.ops.get_db_converters(column)
        for converter in [*convert, *column.get_db_converters(self._connection)]:
            value = converter(value, column, self._connection)
        return value

    def fields(self, df: pl.DataFrame) -> dict[str, AnyField]:
        """Return the fields of a frame's columns, by the names of their own columns."""
        by_name = {field.attname: field for field in writable_fields(self.model)}
        return {self._quote(column_of(by_name[n])): by_name[n] for n in df.columns}


def defaults(
    model: type[Model], columns: Collection[str], height: int
) -> list[pl.Series]:
    """Return what Django puts into the columns that new rows do not have."""
    absent = [f for f in writable_fields(model) if f.attname not in columns]
    found = (default_series(field, height, add=True) for field in absent)
    return [values for values in found if values is not None]


def times(model: type[Model], height: int) -> list[pl.Series]:
    """Return the times of writing that Django puts into rows that change."""
    fields = filter(is_update_time, writable_fields(model))
    found = (default_series(field, height, add=False) for field in fields)
    return [values for values in found if values is not None]


def numbers_itself(model: type[Model]) -> bool:
    """Say whether the database numbers the rows of a table."""
    return isinstance(_pk(model), AutoField)


def gives_keys(model: type[Model], df: pl.DataFrame) -> bool:
    """Say whether rows bring along keys where the database numbers them."""
    return numbers_itself(model) and _pk(model).attname in df.columns


def _pk(model: type[Model]) -> AnyField:
    field: AnyField = model._meta.pk
    return field


def repeated_key(target: Target, key: Sequence[object]) -> ConfigurationError:
    """Return the error for a natural key that several rows of a table have."""
    shown = ", ".join(map(str, key))
    return ConfigurationError(
        f"{', '.join(target.key)} is no natural key of {target.model._meta.label}: more "
        f"than one row of the table has {shown!r}."
    )
