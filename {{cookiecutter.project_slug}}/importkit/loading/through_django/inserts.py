"""Step 4, load: new instances are inserted as columns, or by Django where they must be.

Columns are written by the loader of the database, without Django's work on each value.
"""

from collections.abc import Sequence

import polars as pl
from django.db.models import Model, QuerySet

from importkit.errors import ConfigurationError
from importkit.loading.plan import TableTarget
from importkit.loading.writers.databases.mariadb import statements
from importkit.loading.writers.databases.sequences import advance_sequence, numbered_key
from importkit.loading.writers.interface import Loader, Table
from importkit.models import (
    all_rows,
    concrete,
    pk_fields,
    series_of,
    sets_itself,
    writable_fields,
)


def insert_instances(
    target: TableTarget,
    rows: Sequence[Model],
    values: pl.DataFrame | None,
    loader: Loader | None,
) -> int:
    """Insert new instances and set their keys; no existing row is changed.

    Args:
        target: The table.
        rows: The instances.
        values: Their values, except the times that set themselves; None if only Django
            can write them.
        loader: The loader of the database; None if Django must write the rows.

    Returns:
        How many rows the database wrote: a trigger of the table may leave some out.

    Raises:
        ConfigurationError: A trigger leaves rows out, and nobody can say which.
    """
    model = target.model
    written = len(rows)
    key = numbered_key(model)
    has_keys = key and any(getattr(row, key.attname) is not None for row in rows)
    if target.signals or _is_saved_alone(model):
        for row in rows:
            row.save(force_insert=(Model,), using=target.using)
    elif (
        loader is not None
        and values is not None
        and _insert_columns(target, rows, values, loader)
    ):
        written = loader.written
    else:
        for part in statements(target.using, rows, len(rows)):
            all_rows(model).bulk_create(part)
    if has_keys:
        advance_sequence(target.using, model)
    return written


def _is_saved_alone(model: type[Model]) -> bool:
    """Return whether Django inserts the rows of a model one by one only."""
    # Before Django 6.1 bulk_create counts no places among the rows of a parent.
    is_ordered = model._meta.order_with_respect_to is not None
    if is_ordered and not hasattr(QuerySet, "_handle_order_with_respect_to"):
        return True
    parents = model._meta.all_parents
    return any(concrete(parent) is not concrete(model) for parent in parents)


def _insert_columns(
    target: TableTarget, rows: Sequence[Model], values: pl.DataFrame, loader: Loader
) -> bool:
    """Insert instances as columns; return False, and insert none, if Django must."""
    model = target.model
    pk = model._meta.pk
    if [f for f in model._meta.db_returning_fields if f is not pk]:
        return False
    df = values.hstack(_times(model, rows))
    table = Table(model, target.using)
    if all(field.attname in df.columns for field in pk_fields(model)):
        fields = table.fields(df)
        loader.insert(table.name, fields, loader.encode(fields, df))
    else:
        keys = loader.insert_returning(table.name, table.fields(df), df, pk)
        if len(keys) < len(rows):
            raise ConfigurationError(
                f"{model._meta.label}: a trigger of the table left out "
                f"{len(rows) - len(keys):,} of {len(rows):,} instances, and the database "
                "does not say which. Return a frame, whose rows need no keys."
            )
        for row, key in zip(rows, keys, strict=True):
            row.pk = key
    for row in rows:
        row._state.adding = False
        row._state.db = target.using
    return True


def _times(model: type[Model], rows: Sequence[Model]) -> list[pl.Series]:
    """Set the times that set themselves, and return these as columns."""
    columns = []
    for field in filter(sets_itself, writable_fields(model)):
        now = field.pre_save(rows[0], add=True)
        for row in rows:
            setattr(row, field.attname, now)
        values = series_of(field, field.attname, [now])
        columns.append(values.new_from_index(0, len(rows)))
    return columns
