"""Step 4, load: what differs between an instance and its row of the table."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Model

from importkit.loading.plan import Change
from importkit.models import (
    PlannedKey,
    Unread,
    comparison_key,
    is_given,
    natural_key,
    shown_value,
)


def differing(old: Model, row: Model, compared: Sequence[str]) -> list[str]:
    """Return the fields that may differ: those with another value or another type.

    Most rows do not differ at all, which costs little to see.
    """
    before, after = old.__dict__, row.__dict__
    return [
        name
        for name in compared
        if name not in before
        or name not in after
        or type(before[name]) is not type(after[name])
        or before[name] != after[name]
    ]


def given(
    row: Model, compared: Sequence[str], withheld: Collection[str]
) -> Sequence[str]:
    """Return the fields that are compared and that an instance has values for."""
    return [n for n in compared if is_given(row, n) and n not in withheld]


def changes_of(
    old: Model, row: Model, key: Sequence[str], compared: Sequence[str]
) -> list[Change]:
    """Return the fields in which a new row differs from a stored one."""
    before, after = comparison_key(old, compared), comparison_key(row, compared)
    return [
        _change(old, row, key, name)
        for name, *values in zip(compared, before, after, strict=True)
        if values[0] != values[1] and _is_stored_as_another(old, row, name)
    ]


def change_of(old: Model, row: Model, key: Sequence[str], name: str) -> Change | None:
    """Return the change of one field; None if a new row has the stored value."""
    return next(iter(changes_of(old, row, key, [name])), None)


def _change(old: Model, row: Model, key: Sequence[str], name: str) -> Change:
    shown_key = tuple(getattr(old, part) for part in key)
    return Change(shown_key, name, *(_shown(each, name) for each in (old, row)))


def _is_stored_as_another(old: Model, row: Model, name: str) -> bool:
    """Return whether values differ in the table too, as the field writes them."""
    return natural_key(old, [name]) != natural_key(row, [name])


def _shown(row: Model, attname: str) -> object:
    """Return a value of an instance as a person reads it."""
    field: Any = row._meta.get_field(attname)
    value = field.value_from_object(row)
    if isinstance(value, PlannedKey | Unread):
        return value
    return shown_value(field, field.to_python(value))
