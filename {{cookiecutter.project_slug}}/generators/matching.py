"""An existing model is the contract: which of its fields each column fills."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Model, UniqueConstraint

from generators.fields import AnyField, is_required, target_of
from generators.infer import Column
from generators.layout import Call, Expression
from generators.names import Source, literal


@dataclass(frozen=True)
class Match:
    """The columns that fill a model's fields, in file order.

    Attributes:
        pairs: Each column with its field.
        unmatched: The headers that fill nothing, each with the reason.
    """

    pairs: tuple[tuple[Column, AnyField], ...]
    unmatched: tuple[tuple[str, str], ...]


def match(columns: Sequence[Column], model: type[Model]) -> Match:
    """Find the field of each column by name, attname, verbose name or database column.

    Raises:
        ValueError: No column fits, or required fields are left without one.
    """
    candidates = _candidates(model)
    found: dict[str, Column] = {}
    # A field goes to the header that is nearest to its name, not to the first one.
    for position in range(4):
        for column in columns:
            field = candidates[position].get(normal(column.header))
            if field is not None and column not in found.values():
                found.setdefault(field.attname, column)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    by_header = {column.header: fields[name] for name, column in found.items()}
    many = {normal(field.name) for field in model._meta.many_to_many}
    pairs, unmatched = [], []
    for column in columns:
        field = by_header.get(column.header)
        if field is None and normal(column.header) in many:
            unmatched.append((column.header, "a CSV cannot fill a ManyToManyField"))
        elif field is None:
            unmatched.append((column.header, f"no field of {model._meta.label}"))
        elif target_of(field, column) is None:
            kind = type(field).__name__
            unmatched.append((column.header, f"a CSV cannot fill a {kind}"))
        else:
            pairs.append((column, field))
    _refuse_gaps(model, [field for _, field in pairs])
    return Match(tuple(pairs), tuple(unmatched))


def plain_default(field: AnyField) -> Expression | None:
    """Return what empty cells of a field become by its own default, as source.

    Nothing for a nullable field, which stays null, and for a default that is computed.
    """
    if field.null:
        return None
    if not field.has_default():
        blank = field.blank and field.empty_strings_allowed
        return literal("") if blank else None
    return _constant(field.default)


def unique_sets(model: type[Model], names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the sets of columns that the model lets no two rows share."""
    options = model._meta
    attnames = {field.name: field.attname for field in options.concrete_fields}
    groups = [
        *((field.name,) for field in options.concrete_fields if field.unique),
        *options.unique_together,
        *(
            constraint.fields
            for constraint in options.constraints
            if isinstance(constraint, UniqueConstraint) and constraint.condition is None
        ),
    ]
    sets = [tuple(attnames.get(name, name) for name in group) for group in groups]
    return [group for group in dict.fromkeys(sets) if group and {*group} <= {*names}]


def _constant(value: object) -> Expression | None:
    """Return a default as source, None if it is computed or of some other type."""
    match value:
        case str():
            return literal(str(value))
        case bool():
            return Source(value)
        case int() | float():
            # Adding nothing makes a number of a member of IntegerChoices.
            return Source(value + 0)
        case Decimal():
            return Call(Source("Decimal"), (literal(str(value)),))
    return None


def _candidates(model: type[Model]) -> list[dict[str, AnyField]]:
    """Return the fields by each of their names, the most telling kind first."""
    kinds: list[dict[str, AnyField]] = [{}, {}, {}, {}]
    for field in model._meta.concrete_fields:
        names = (field.name, field.attname, field.verbose_name, field.column)
        for kind, name in zip(kinds, names, strict=True):
            kind.setdefault(normal(str(name)), field)
    return kinds


def normal(name: str) -> str:
    """Return a name as it is compared: without case, spaces and punctuation."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "", text)


def _refuse_gaps(model: type[Model], filled: Sequence[AnyField]) -> None:
    if not filled:
        names = ", ".join(f'"{field.name}"' for field in model._meta.concrete_fields)
        raise ValueError(
            f"No column of the sample is a field of {model._meta.label}, "
            f"which has {names}."
        )
    missing = [
        f'"{field.name}"'
        for field in model._meta.concrete_fields
        if field not in filled and is_required(field)
    ]
    if missing:
        raise ValueError(
            f"{model._meta.label} requires {', '.join(missing)}, for which the sample "
            "has no column: add the columns, or give the fields a default."
        )
