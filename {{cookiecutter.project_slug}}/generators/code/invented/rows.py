"""Invent the row of an existing model, and the rows it points to: no value is real."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.validators import MinValueValidator
from django.db import models

from generators.code.expressions import Expression, List
from generators.code.fields import (
    AnyField,
    Target,
    is_required,
    items_of,
    stored_field,
    target_of,
)
from generators.code.invented import EMPTY, Invented
from generators.code.invented.values import FORMED, invent, texts, uuids
from generators.inference import NUMBERS, PLAIN, Column, Kind
from generators.naming import (
    SECRET,
    ModelName,
    Source,
    literal,
    model_name,
)

# Values of fields that no column fills but a parent row may need.
OTHER_VALUES: dict[str, Expression] = {
    "JSONField": Source("{}"),
    "BinaryField": Source('b"1"'),
}


@dataclass(frozen=True)
class Parent:
    """A row of another model, created before the row that points to it."""

    model: ModelName
    values: dict[str, Expression]


class Filled(NamedTuple):
    """A field to fill.

    Attributes:
        field: The field.
        target: What the column holds.
        column: The column that fills it.
        lookup: The field of the parent by which a foreign key is found; None where the
            column holds the field itself.
    """

    field: AnyField
    target: Target
    column: Column
    lookup: AnyField | None = None


type Model = type[models.Model]
type ForeignKey = models.ForeignKey[Any, Any]
type Parents = dict[Model, Parent]

NOT_NAMED: Mapping[str, Expression] = {}


def invent_row(
    model: Model, fields: Iterable[Filled]
) -> tuple[list[Invented], tuple[Parent, ...]]:
    """Invent a row of an existing model.

    Args:
        model: The model.
        fields: Each field to fill.

    Returns:
        A value for each field, and the rows that these point to, grandparents first.

    Raises:
        ValueError: A row that the row points to cannot be invented.
    """
    row = []
    parents: Parents = {}
    for field, target, column, lookup in fields:
        invented = _for_field(lookup or field, target, column)
        if isinstance(field, models.ForeignKey | models.ManyToManyField):
            named = {lookup.attname: invented.stored} if lookup else {}
            # Another value would need another parent.
            invented = replace(invented, other=None)
            try:
                parents = _with_parents(field, (model,), parents, named)
            except ValueError:
                if not (field.null or field.many_to_many):
                    raise
                invented = EMPTY
        row.append(invented)
    return row, tuple(parents.values())


def _for_field(field: AnyField, target: Target, column: Column) -> Invented:
    """Invent a value that an existing field accepts."""
    field = stored_field(field)
    choices = [value for value, _ in field.flatchoices if value not in {"", None}]
    if choices and target.kind is Kind.TEXT:
        return texts(*map(str, choices))
    if choices and target.kind is Kind.INTEGER:
        return _integers(*map(int, choices))
    if own := _of_own_form(field):
        return own
    if formatted := _formatted_texts(field):
        return texts(*formatted)
    if target.kind is Kind.INTEGER and (least := _least(field)) > 1:
        return _integers(least, least + 1)
    return invent(field.name, target, column)


def _integers(*options: int) -> Invented:
    first, *others = (Invented.same(str(value), literal(value)) for value in options)
    return first.beside(others[0] if others else None)


def _of_own_form(field: AnyField) -> Invented | None:
    """Invent an array or a UUID; None for other fields."""
    if item := items_of(field):
        return _array(item)
    return uuids() if field.get_internal_type() == "UUIDField" else None


def _array(item: AnyField) -> Invented:
    """Invent arrays of one item, as JSON writes them."""
    target = target_of(item, PLAIN)
    if target is None:
        return EMPTY
    one = _for_field(item, target, PLAIN)
    is_bare = target.kind in {*NUMBERS, Kind.BOOLEAN, Kind.JSON} or items_of(item)
    first, other = (
        Invented(text, literal(text), List((item.stored,)))
        for item in (one, one.other or one)
        for text in [f"[{item.text if is_bare else json.dumps(item.text)}]"]
    )
    return first.beside(other)


def _with_parents(
    field: Any,
    path: tuple[Model, ...],
    parents: Parents,
    named: Mapping[str, Expression] = NOT_NAMED,
) -> Parents:
    """Return the parents, and the rows that a foreign key needs besides.

    Args:
        field: The foreign key.
        path: The models from the invented row to the model of the foreign key.
        parents: The rows so far.
        named: By attname the values by which the row is looked up.

    Raises:
        ValueError: A row would need itself, or a value that cannot be invented.
    """
    model = field.remote_field.model
    if model in path:
        names = " -> ".join(step._meta.label for step in (*path, model))
        raise ValueError(
            f"Rows of these models need each other first: {names}. Allow null in one of "
            "these foreign keys, or write this import by hand."
        )
    values = {}
    for own in model._meta.concrete_fields:
        if own.primary_key or own is field.target_field or is_required(own):
            values[own.attname] = _parent_value(own)
        if isinstance(own, models.ForeignKey) and is_required(own):
            parents = _with_parents(own, (*path, model), parents)
    if model in parents:
        values = parents[model].values | values
    values |= named
    return parents | {model: Parent(model_name(model), values)}


def _parent_value(field: AnyField) -> Expression:
    # Source holds no secrets, not even invented ones.
    if SECRET.search(field.name) and field.empty_strings_allowed:
        return literal("")
    if target := target_of(field, PLAIN):
        return _for_field(field, target, PLAIN).stored
    other = OTHER_VALUES.get(stored_field(field).get_internal_type())
    if other is None:
        raise ValueError(
            f'No test value is known for "{field.name}" of {field.model._meta.label}, '
            f"a {type(field).__name__}: give the field a default, or allow null."
        )
    return other


def _least(field: AnyField) -> int:
    limits = [
        validator.limit_value
        for validator in field.validators
        if isinstance(validator, MinValueValidator)
        and isinstance(validator.limit_value, int | Decimal)
    ]
    return int(max(limits, default=1))


def _formatted_texts(field: AnyField) -> tuple[str, ...]:
    """Return texts that the field's validators accept; empty where they accept any."""
    if isinstance(field, models.EmailField):
        return FORMED[Kind.EMAIL]
    if isinstance(field, models.URLField):
        return FORMED[Kind.URL]
    if isinstance(field, models.SlugField):
        return "slug-1", "slug-2"
    if isinstance(field, models.GenericIPAddressField):
        is_new = field.protocol.lower() == "ipv6"
        return ("2001:db8::1", "2001:db8::2") if is_new else FORMED[Kind.IP]
    return ()
