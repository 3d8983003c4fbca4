"""Rows that a test row points to: made before it, with invented values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Model

from generators.fields import AnyField, is_required, number, stored_field
from generators.infer import Column
from generators.invent import invent_for_field
from generators.layout import Call, Expression
from generators.names import Identifier, Source, literal
from generators.place import is_inside

# Source is no place for secrets, not even for invented ones.
SECRET = re.compile(r"(^|_)(pas+wo?r?d|pass(phrase)?|pwd|token|secrete?)($|_)", re.I)
# What a CSV cannot fill, but a parent row may need.
OTHER_VALUES: dict[str, Expression] = {
    "JSONField": Source("{}"),
    "BinaryField": Source('b"1"'),
    "DurationField": Call(
        Source("timedelta"), keywords=((Source("hours"), number(1)),)
    ),
}


@dataclass(frozen=True)
class Parent:
    """A row of another model: where the model is, and the values of the row.

    ``is_own`` says whether the model is one of the project.
    """

    model: Identifier
    module: Source
    manager: Identifier
    is_own: bool
    values: tuple[tuple[Source, Expression], ...]


def find_parents(
    child: type[Model], fields: Iterable[AnyField], plain: Column
) -> tuple[Parent, ...]:
    """Return the rows that foreign keys need, grandparents first.

    Args:
        child: The model of the row that points to them.
        fields: The fields of that row; other than foreign keys are ignored.
        plain: A column in the default notation.

    Raises:
        ValueError: A row would need itself.
    """
    parents: dict[type[Model], Parent] = {}
    for field in fields:
        if isinstance(field, models.ForeignKey):
            _add(field, (child,), parents, plain)
    return tuple(parents.values())


def stays_empty(field: AnyField, child: type[Model]) -> bool:
    """Say whether a made-up row leaves a foreign key null: its parent needs the row."""
    if not isinstance(field, models.ForeignKey) or not field.null:
        return False
    return _is_circle(field, (child,))


def model_source(model: type[Model]) -> tuple[Identifier, Source]:
    """Return a model's name and the module to import it from."""
    module = apps.get_app_config(model._meta.app_label).models_module
    public = module is not None and getattr(module, model.__name__, None) is model
    name = module.__name__ if module is not None and public else model.__module__
    return Identifier(model.__name__), Source(name)


def is_own(model: type[Model]) -> bool:
    """Say whether a model is one of the project's own."""
    return is_inside(model._meta.app_label, Path(settings.BASE_DIR))


def manager_of(model: type[Model]) -> Identifier:
    """Return the name of the manager that tests read a model with."""
    return Identifier(model._default_manager.name or "objects")


def _add(
    field: models.ForeignKey[Any, Any],
    path: tuple[type[Model], ...],
    parents: dict[type[Model], Parent],
    plain: Column,
) -> None:
    model = field.remote_field.model
    if model in path:
        names = " -> ".join(step._meta.label for step in (*path, model))
        raise ValueError(
            f"Rows of these models need each other first: {names}. Let one of their "
            "foreign keys be null, or write this import by hand."
        )
    if model in parents:
        return
    values: dict[Source, Expression] = {}
    for own in model._meta.concrete_fields:
        if own.primary_key or own is field.target_field or is_required(own):
            values[Source(own.attname)] = _value(own, plain)
        if isinstance(own, models.ForeignKey) and is_required(own):
            _add(own, (*path, model), parents, plain)
    name, module = model_source(model)
    parents[model] = Parent(
        name, module, manager_of(model), is_own(model), tuple(values.items())
    )


def _is_circle(
    field: models.ForeignKey[Any, Any], path: tuple[type[Model], ...]
) -> bool:
    model = field.remote_field.model
    return model in path or any(
        _is_circle(own, (*path, model))
        for own in model._meta.concrete_fields
        if isinstance(own, models.ForeignKey) and is_required(own)
    )


def _value(field: AnyField, plain: Column) -> Expression:
    if SECRET.search(field.name) and field.empty_strings_allowed:
        return literal("")
    invented = invent_for_field(field, plain)
    if invented is not None:
        return invented.stored
    other = OTHER_VALUES.get(stored_field(field).get_internal_type())
    if other is None:
        raise ValueError(
            f'No test value is known for "{field.name}" of {field.model._meta.label}, '
            f"a {type(field).__name__}: give it a default, or let it be null."
        )
    return other
