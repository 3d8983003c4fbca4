"""An existing model is the contract: which of its fields each column fills, and how."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Model, UniqueConstraint

from generators.code import ColumnPlan, ImportPlan, Place, invent_row
from generators.matching.filling import plan_column
from generators.matching.matches import Match
from generators.naming import (
    TAKEN,
    Identifier,
    ModelName,
    model_name,
)
from generators.sample import Sample


def plan_existing_model(
    name: Identifier,
    place: Place,
    sample: Sample,
    found: Match,
) -> ImportPlan:
    """Plan an import into an existing model.

    Args:
        name: The import's name.
        place: Its app.
        sample: What supplies the headers, how values are written, and a natural key
            besides those of the model, no more.
        found: Which of its columns fill which fields of the model.

    Raises:
        ValueError: No row can be made up, or the natural key fills no field.
    """
    model = found.model
    row, parents = invent_row(model, found.fields)
    columns = _distinct(list(map(plan_column, found.pairs, row)))
    names = {column.column.header: column.name for column in columns}
    if lost := [f'"{header}"' for header in sample.key if header not in names]:
        raise ValueError(f"The natural key {', '.join(lost)} fills no field.")
    keys = [tuple(names[header] for header in sample.key)]
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


def _refuse_clashes(models: Sequence[ModelName]) -> None:
    """Refuse models that one module of tests cannot import side by side."""
    seen = Counter(model.name for model in models)
    for model in models:
        if seen[model.name] > 1 or model.name in TAKEN:
            raise ValueError(
                f'"{model.module}.{model.name}" has the name of another class that the '
                "import or its tests need: rename it, or write this import by hand."
            )
