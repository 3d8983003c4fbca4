"""Step 4, load: an empty cell gets the stored value of its row, or the default of its field.

``get_on_empty`` of a command states this for each field. The values for empty cells go beside
the columns of a batch, and ``fit`` of ``importkit.models`` fills the cells with them.
"""

from collections.abc import Mapping

import polars as pl
from django.db.models import Model

from importkit.errors import ConfigurationError
from importkit.loading.plan import Mode, OnEmpty, TableTarget
from importkit.models import (
    AnyField,
    attname_of,
    beside,
    default_series,
    dtype_of,
    field_of,
    fit_values,
    is_empty_cell,
    series_of,
    values_among,
)


def by_attname(model: type[Model], stated: Mapping[str, OnEmpty]) -> dict[str, OnEmpty]:
    """Return what is stated per field by attname, without what needs no work.

    Args:
        model: The model.
        stated: For fields, by name or attname, what an empty cell does.

    Raises:
        ConfigurationError: A field does not exist, or has no default that is asked for.
    """
    found = {attname_of(model, name): what for name, what in stated.items()}
    for attname, what in found.items():
        field = field_of(model, attname)
        if what is OnEmpty.DEFAULT and not _has_default(field):
            raise ConfigurationError(
                f'get_on_empty: "{field.name}" of {model._meta.label} has no default that '
                "Python knows. Give the field a default, or name a value in "
                "get_fill_null_map of the cleaning class."
            )
    return {name: what for name, what in found.items() if what is not OnEmpty.CLEAR}


def with_values_beside(target: TableTarget, df: pl.DataFrame) -> pl.DataFrame:
    """Add to a batch the values that its empty cells get, in columns beside them.

    Args:
        target: The table, with what an empty cell does.
        df: The rows, in which the keys of parents are resolved.
    """
    empty = {
        name: is_empty_cell(field_of(target.model, name), df[name])
        for name in target.on_empty
        if name in df.columns
    }
    empty = {name: cells for name, cells in empty.items() if cells.any()}
    kept = [name for name in empty if target.on_empty[name] is OnEmpty.KEEP]
    values = {
        name: _defaults(field_of(target.model, name), df.height) for name in empty
    }
    if kept and target.key and target.mode is not Mode.INSERT:
        rows = pl.DataFrame({name: empty[name] for name in kept})
        needed = rows.select(pl.any_horizontal(pl.all())).to_series()
        values |= _stored(target, df, needed, {name: values[name] for name in kept})
    return df.with_columns(
        column.alias(beside(name)) for name, column in values.items()
    )


def _stored(
    target: TableTarget,
    df: pl.DataFrame,
    needed: pl.Series,
    defaults: Mapping[str, pl.Series],
) -> dict[str, pl.Series]:
    """Return the stored values of some columns; the default in rows that are not stored."""
    model, key = target.model, list(target.key)
    if not set(key) <= set(df.columns):
        return dict(defaults)
    keys = pl.DataFrame(fit_values(field_of(model, name), df[name]) for name in key)
    wanted = keys.filter(needed)
    widest = max(key, key=lambda name: wanted[name].n_unique())
    stored = values_among(
        target.rows,
        field_of(model, widest),
        wanted[widest].drop_nulls().unique(),
        [*key, *defaults],
    ).unique(key, keep="any")
    found = keys.join(
        stored.with_columns(pl.lit(value=True).alias("is stored")),
        on=key,
        how="left",
        maintain_order="left",
    )
    is_stored = found["is stored"].fill_null(value=False)
    return {
        name: found[name].zip_with(is_stored, default)
        for name, default in defaults.items()
    }


def _defaults(field: AnyField, height: int) -> pl.Series:
    """Return the defaults of a field; null where Python knows none."""
    if field.has_default():
        found = default_series(field, height, add=True)
    else:
        value = getattr(field.db_default, "value", None)
        found = series_of(field, field.attname, [value]).new_from_index(0, height)
    nothing = pl.Series(field.attname, [None], dtype_of(field))
    return nothing.new_from_index(0, height) if found is None else found


def _has_default(field: AnyField) -> bool:
    """Return whether a field has a default, and Python knows the value."""
    return field.has_default() or hasattr(field.db_default, "value")
