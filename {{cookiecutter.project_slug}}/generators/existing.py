"""An existing model is the contract: which of its fields each column fills, and how."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from django.db.models import Model, UniqueConstraint

from generators.columns import PLAIN, Column, Kind
from generators.fields import (
    AnyField,
    Target,
    is_required,
    stored_field,
    suits,
    target_of,
)
from generators.invent import Invented, invent_row
from generators.layout import Expression, call
from generators.names import TAKEN, Identifier, ModelName, literal, model_name, normal
from generators.plan import (
    ColumnPlan,
    ImportPlan,
    Place,
    Sample,
    assumes_zone,
    constant_name,
)
from generators.readings import find_parser, parser_guess
from importkit.model_fields import TEXTS


class Pair(NamedTuple):
    """A column, the field that it fills, what that field takes."""

    column: Column
    field: AnyField
    target: Target

    @property
    def suits(self) -> bool:
        """Whether the sample's values can become values of the field."""
        return suits(self.column, self.target.kind)

    @property
    def written(self) -> Column:
        """How values of the field are written, as far as the sample tells."""
        return self.column if self.suits else PLAIN


@dataclass(frozen=True)
class Match:
    """The columns that fill a model's fields, in file order.

    Attributes:
        pairs: Each column with its field.
        unmatched: The headers that fill nothing, each with the reason.
    """

    pairs: tuple[Pair, ...]
    unmatched: tuple[tuple[str, str], ...]

    @property
    def fields(self) -> list[tuple[AnyField, Target, Column]]:
        """What is filled: each field, what it takes, how its values are written."""
        return [(pair.field, pair.target, pair.written) for pair in self.pairs]


def plan_existing_model(
    name: Identifier,
    place: Place,
    sample: Sample,
    model: type[Model],
    key: Sequence[str] = (),
) -> ImportPlan:
    """Plan an import into an existing model.

    Args:
        name: The import's name.
        place: Its app.
        sample: What supplies the headers and how values are written, no more.
        model: The model.
        key: The headers of a natural key besides the model's own.

    Raises:
        ValueError: The model cannot be filled from these columns.
    """
    found = match(sample.columns, model)
    row, parents = invent_row(model, found.fields)
    columns = _distinct(list(map(_column, found.pairs, row)))
    names = {column.column.header: column.name for column in columns}
    if lost := [f'"{header}"' for header in key if header not in names]:
        raise ValueError(f"The natural key {', '.join(lost)} fills no field.")
    keys = [tuple(names[header] for header in key)]
    keys += _unique_sets(model, set(names.values()))
    own = model_name(model)
    _refuse_clashes([own, *(parent.model for parent in parents)])
    return ImportPlan(
        name=name,
        place=place,
        model=own,
        model_label=model._meta.label,
        is_new_model=False,
        dialect=sample.dialect,
        columns=columns,
        keys=tuple(unique for unique in dict.fromkeys(keys) if unique),
        parents=parents,
        unmatched=found.unmatched,
        notes=sample.notes,
        origin=sample.origin,
    )


def match(columns: Sequence[Column], model: type[Model]) -> Match:
    """Find the field of each column by name, attname, verbose name or database column.

    Raises:
        ValueError: No column fits, or required fields are left without one.
    """
    fields = _fields_by_header(columns, model)
    many = {normal(field.name) for field in model._meta.many_to_many}
    pairs, unmatched = [], []
    for column in columns:
        field = fields.get(column.header)
        if field is None and normal(column.header) in many:
            unmatched.append((column.header, "a CSV cannot fill a ManyToManyField"))
        elif field is None:
            unmatched.append((column.header, f"no field of {model._meta.label}"))
        elif target := target_of(field, column):
            pairs.append(Pair(column, field, target))
        else:
            kind = type(field).__name__
            unmatched.append((column.header, f"a CSV cannot fill a {kind}"))
    _refuse_gaps(model, [pair.field for pair in pairs])
    return Match(tuple(pairs), tuple(unmatched))


def _fields_by_header(
    columns: Sequence[Column], model: type[Model]
) -> dict[str, AnyField]:
    """Find fields; one goes to the header nearest to its name, not to the first."""
    found: dict[str, AnyField] = {}
    for position in range(4):
        by_name: dict[str, AnyField] = {}
        for field in model._meta.concrete_fields:
            names = (field.name, field.attname, field.verbose_name, field.column)
            by_name.setdefault(normal(str(names[position])), field)
        for column in columns:
            wanted = by_name.get(normal(column.header))
            if wanted and wanted not in found.values():
                found.setdefault(column.header, wanted)
    return found


def _column(pair: Pair, invented: Invented) -> ColumnPlan:
    column, field, target = pair
    fill = _plain_default(field)
    stored_kind = stored_field(field).get_internal_type()
    parser = find_parser(pair.written, target.kind)
    return ColumnPlan(
        column=column,
        name=Identifier(field.attname),
        constant=constant_name(field.attname),
        dtype=target.dtype,
        parser=parser,
        null_tokens=() if target.kind is Kind.TEXT else column.null_tokens,
        required=not field.null and fill is None,
        fill=fill,
        field=None,
        invented=invented,
        assumes_zone=assumes_zone(pair.written, target),
        # Others are refused for what they are, not for their length.
        length=target.length if stored_kind in TEXTS else None,
        guess=parser_guess(pair.written, parser),
        doubt=_doubt(pair),
    )


def _doubt(pair: Pair) -> str:
    column, field, target = pair
    if not pair.suits:
        return f"{column.kind} in the sample, but the field takes {target.kind}"
    if target.length is not None and column.width > target.length:
        return (
            f"up to {column.width:,} characters, but the field takes {target.length:,}"
        )
    if column.nullable and not field.null and _plain_default(field) is None:
        return f"empty in {column.nulls:,} rows, but the field takes no null"
    return ""


def _plain_default(field: AnyField) -> Expression | None:
    """Return what empty cells of a field become by its own default, as source.

    Nothing for a nullable field, which stays null, and for a default that is computed.
    """
    if field.null:
        return None
    if field.has_default():
        return _constant(field.default)
    return literal("") if field.blank and field.empty_strings_allowed else None


def _constant(value: object) -> Expression | None:
    """Return a default as source, None if it is computed or of some other type."""
    match value:
        case str():
            return literal(str(value))
        case bool():
            return literal(value)
        case int() | float() if isfinite(value):
            # Adding nothing makes a number of a member of IntegerChoices.
            return literal(value + 0)
        case Decimal():
            return call("Decimal", literal(str(value)))
    return None


def _unique_sets(
    model: type[Model], names: set[Identifier]
) -> list[tuple[Identifier, ...]]:
    """Return the sets of these columns that the model lets no two rows share."""
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
    sets = [tuple(Identifier(attnames.get(n, n)) for n in group) for group in groups]
    return [group for group in sets if {*group} <= names]


def _distinct(columns: Sequence[ColumnPlan]) -> tuple[ColumnPlan, ...]:
    """Tell constants apart where fields differ only in upper and lower case."""
    seen = Counter(column.constant for column in columns)
    return tuple(
        column
        if seen[column.constant] == 1
        else replace(column, constant=Identifier(f"{column.constant}_{position}"))
        for position, column in enumerate(columns, start=1)
    )


def _refuse_gaps(model: type[Model], filled: Sequence[AnyField]) -> None:
    fields = model._meta.concrete_fields
    if not filled:
        names = ", ".join(f'"{field.name}"' for field in fields)
        raise ValueError(
            f"No column of the sample is a field of {model._meta.label}, "
            f"which has {names}."
        )
    gaps = [field for field in fields if field not in filled and is_required(field)]
    if gaps:
        names = ", ".join(f'"{field.name}"' for field in gaps)
        raise ValueError(
            f"{model._meta.label} requires {names}, for which the sample "
            "has no column: add the columns, or give the fields a default."
        )


def _refuse_clashes(models: Sequence[ModelName]) -> None:
    """Refuse models that one module of tests cannot import side by side."""
    seen = Counter(model.name for model in models)
    for model in models:
        if seen[model.name] > 1 or model.name in TAKEN:
            raise ValueError(
                f'"{model.module}.{model.name}" has the name of another class that the '
                "import or its tests need: rename it, or write this import by hand."
            )
