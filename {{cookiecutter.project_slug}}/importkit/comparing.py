"""Compare instances by the values of their fields, whether they are saved or not."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, Model


def comparison_key(
    instance: Model, fields: Iterable["Field[Any, Any] | str"]
) -> tuple[object, ...]:
    """Return the values of some fields in a form that can be looked up in a set."""
    find = instance._meta.get_field
    found = (find(field) if isinstance(field, str) else field for field in fields)
    return tuple(_hashable(_value(instance, field)) for field in found)


def _value(instance: Model, field: Any) -> object:
    """Return what a field holds, in the field's own Python type."""
    value = field.value_from_object(instance)
    if field.many_to_many:
        return frozenset(related.pk for related in value)
    return field.to_python(value)


def _hashable(value: object) -> object:
    """Return something that equals its like when the values do, and has a hash."""
    if isinstance(value, dict):
        return frozenset((key, _hashable(item)) for key, item in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
