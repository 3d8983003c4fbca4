"""Step 4, load: which values of instances nobody gave, since a default was made for them.

A token (``default=uuid4``) or a time (``default=now``) is new in each instance. In a row that
is in the table already it must not replace the stored one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from threading import local
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_init, pre_init

from importkit.models import AnyField, ModelClass, writable_fields

MADE = "importkit_made"  # In the values of an instance: the defaults that were made for it.


@contextmanager
def defaults_noticed() -> Iterator[None]:
    """Note the defaults that are made for instances, until the block ends."""
    receivers = [*_receivers()]
    for signal, model, receiver in receivers:
        signal.connect(receiver, sender=model, weak=False)
    try:
        yield
    finally:
        for signal, model, receiver in receivers:
            signal.disconnect(receiver, sender=model)


def not_given(model: ModelClass, rows: Sequence[Model]) -> dict[int, Collection[str]]:
    """Return by the id of an instance the attnames whose values are defaults of its own.

    A value that was assigned later is given. So is a list or a dict, which may have been
    filled, and a default that is the same for all instances.
    """
    names = [field.attname for field in _making(model) if _makes_anew(field)]
    if not names:
        return {}
    return {
        id(row): [
            name
            for name in names
            if name in made and row.__dict__.get(name) is made[name]
        ]
        for row in rows
        if (made := row.__dict__.get(MADE))
    }


def _receivers() -> Iterable[tuple[Any, ModelClass, Any]]:
    for model in apps.get_models():
        if fields := _making(model):
            # A model may make instances of itself while one is made.
            started = local()
            yield pre_init, model, partial(_before, started, fields)
            yield post_init, model, partial(_after, started)


def _before(
    started: Any,
    fields: Sequence[AnyField],
    sender: ModelClass,
    args: Sequence[object],
    kwargs: Mapping[str, object],
    **_: object,
) -> None:
    """Note which of the fields are not given, by their names or by their places."""
    by_place = [f.name for f in sender._meta.concrete_fields[: len(args)]]
    given = {*kwargs, *by_place}
    names = [f.attname for f in fields if not {f.name, f.attname} & given]
    vars(started).setdefault("names", []).append(names)


def _after(started: Any, instance: Model, **_: object) -> None:
    values = instance.__dict__
    if names := started.names.pop():
        values[MADE] = {name: values[name] for name in names if name in values}


@cache
def _making(model: ModelClass) -> list[AnyField]:
    """Return the fields with a default that is made by a function."""
    return [
        field
        for field in writable_fields(model)
        if field.has_default() and callable(field.default) and not field.primary_key
    ]


@cache
def _makes_anew(field: AnyField) -> bool:
    """Return whether each instance gets a default of its own, which nobody can change."""
    made = field.get_default()
    return not isinstance(made, list | dict | set) and field.get_default() is not made
