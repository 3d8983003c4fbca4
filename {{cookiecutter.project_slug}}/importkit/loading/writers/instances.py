"""Step 4, load: new instances are inserted as columns, or by Django where they must be.

Columns are written by the loader of the database, without Django's work on each value.
"""

import datetime
import decimal
import uuid
from collections.abc import Sequence
from operator import attrgetter

import polars as pl
from django.db.models import AutoField, Model

from importkit.cleaning import cast
from importkit.loading.plan import TableTarget
from importkit.loading.writers.interface import Loader, Table
from importkit.loading.writers.sequences import advance_sequence, numbered_key
from importkit.models import (
    AnyField,
    all_rows,
    concrete,
    dtype_of,
    json_text,
    pk_fields,
    sets_itself,
    value_field,
    writable_fields,
)

# The Python types of values that a column takes unchanged. An instance with any other
# value, such as a text for a number or an expression, is left to Django.
PLAIN: dict[type[pl.DataType], type] = {
    pl.String: str,
    pl.Int16: int,
    pl.Int32: int,
    pl.Int64: int,
    pl.Float64: float,
    pl.Boolean: bool,
    pl.Decimal: decimal.Decimal,
    pl.Date: datetime.date,
    pl.Datetime: datetime.datetime,
    pl.Time: datetime.time,
    pl.Duration: datetime.timedelta,
    pl.Binary: bytes,
}
JSON = {dict, list, str, int, float, bool}


def insert_instances(
    target: TableTarget, rows: Sequence[Model], loader: Loader | None
) -> None:
    """Insert new instances and set their keys; no existing row is changed.

    Args:
        target: The table.
        rows: The instances.
        loader: The loader of the database; None if Django must write the rows.
    """
    model = target.model
    key = numbered_key(model)
    has_keys = key and any(getattr(row, key.attname) is not None for row in rows)
    if target.signals or not all(
        concrete(parent) is concrete(model) for parent in model._meta.all_parents
    ):
        for row in rows:
            row.save(force_insert=(Model,), using=target.using)
    elif loader is None or not _insert_columns(target, rows, loader):
        all_rows(model).bulk_create(rows)
    if has_keys:
        advance_sequence(target.using, model)


def _insert_columns(target: TableTarget, rows: Sequence[Model], loader: Loader) -> bool:
    """Insert instances as columns; return False, and insert none, if Django must."""
    model = target.model
    pk = model._meta.pk
    if [f for f in model._meta.db_returning_fields if f is not pk]:
        return False
    df = _frame(model, rows)
    if df is None:
        return False
    table = Table(model, target.using)
    if all(field.attname in df.columns for field in pk_fields(model)):
        fields = table.fields(df)
        loader.insert(table.name, fields, loader.encode(fields, df))
    else:
        keys = loader.insert_returning(table.name, table.fields(df), df, pk)
        for row, key in zip(rows, keys, strict=True):
            row.pk = key
    for row in rows:
        row._state.adding = False
        row._state.db = target.using
    return True


def _frame(model: type[Model], rows: Sequence[Model]) -> pl.DataFrame | None:
    """Return the instances as a frame; None if a value needs Django."""
    columns = []
    for field in writable_fields(model):
        if isinstance(field, AutoField) and all(row.pk is None for row in rows):
            continue
        values = _column(field, rows)
        if values is None:
            return None
        columns.append(values)
    return pl.DataFrame(columns)


def _column(field: AnyField, rows: Sequence[Model]) -> pl.Series | None:
    """Return the values of one field; None if a value needs Django."""
    dtype = dtype_of(field)
    if dtype is None:
        return None
    if sets_itself(field):
        now = field.pre_save(rows[0], add=True)
        for row in rows:
            setattr(row, field.attname, now)
    values = list(map(attrgetter(field.attname), rows))
    types = set(map(type, values)) - {type(None)}
    kind = value_field(field).get_internal_type()
    if kind == "JSONField":
        texts = [json_text(value_field(field), value) for value in values]
        return pl.Series(field.attname, texts, pl.String) if types <= JSON else None
    plain = {uuid.UUID if kind == "UUIDField" else PLAIN[dtype.base_type()]}
    if dtype.is_decimal():
        plain.add(int)
    if not types <= plain or kind == "GenericIPAddressField":
        return None
    if kind == "UUIDField" or dtype.is_decimal():
        values = [None if value is None else str(value) for value in values]
    try:
        return _exactly(pl.Series(field.attname, values, strict=True), dtype)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        return None


def _exactly(values: pl.Series, dtype: pl.DataType) -> pl.Series | None:
    """Return the values in a type; None if the conversion changes a value."""
    zones = [getattr(known, "time_zone", None) for known in (values.dtype, dtype)]
    if isinstance(values.dtype, pl.Datetime) and zones[1] and not zones[0]:
        return None  # Django warns about times without a zone.
    expression = cast(pl.col(values.name), values.dtype, dtype)
    fitting = values.to_frame().select(expression).to_series()
    return fitting if fitting.null_count() == values.null_count() else None
