"""Step 3, transform: a column that is no field of a model, and the names that may be meant."""

from collections.abc import Callable, Collection, Iterator

import polars as pl
from django.db.models import Model

from importkit.errors import did_you_mean
from importkit.models.fields import AnyField, pk_fields, unique_sets, writable_fields
from importkit.models.ordering import foreign_keys


def names_meant(
    model: type[Model],
    name: str,
    dtype: pl.DataType,
    takes: Callable[[AnyField, pl.DataType], bool],
) -> str:
    """Return what the column of a frame may be meant to be, as an aside in parentheses.

    A parent that has such a field comes first: its values name the parent. The key itself
    (``customer_id``) is proposed only for values that can be keys.

    Args:
        model: The model of the frame.
        name: The name of the column, which no field has.
        dtype: The type of its values.
        takes: Returns whether a field takes values of a type.
    """
    if found := sorted(_paths(model, name)):
        return f' (did you mean "{found[0][1]}"?)'
    fields = writable_fields(model)
    links = {key.attname for key in foreign_keys(model)}
    return did_you_mean(
        name, [f.attname for f in fields if f.attname not in links or takes(f, dtype)]
    )


def _paths(model: type[Model], name: str) -> Iterator[tuple[bool, str]]:
    """Yield whether a parent has other keys than a field, and the path to the field."""
    for key in foreign_keys(model):
        parent: type[Model] = key.related_model
        in_key = _in_keys(parent)
        for field in writable_fields(parent):
            if field.primary_key:
                continue
            if name in (field.name, f"{key.name}_{field.name}"):
                yield field.attname not in in_key, f"{key.name}__{field.name}"


def _in_keys(parent: type[Model]) -> Collection[str]:
    """Return the attnames of the fields by which a person tells parents apart."""
    pk = {field.attname for field in pk_fields(parent)}
    return {name for names in unique_sets(parent) if names != pk for name in names}
