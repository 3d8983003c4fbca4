"""The plan of an import into an existing model, whose fields decide everything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from django.db.models import Model, UniqueConstraint

from generators.code import (
    ColumnPlan,
    ImportPlan,
    Place,
    invent_row,
    notes_on_guesses,
)
from generators.matching.filling import plan_column
from generators.matching.matches import Match
from generators.naming import (
    TAKEN,
    Identifier,
    ModelName,
    model_name,
)
from generators.sample import Sample
from importkit.errors import visible


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
        sample: The sample. It supplies headers, notations, and a natural key.
        found: The columns of the sample that fill fields of the model.

    Raises:
        ValueError: No row can be invented, or the natural key fills no field.
    """
    model = found.model
    row, parents = invent_row(model, found.fields)
    columns = _with_distinct_constants(list(map(plan_column, found.pairs, row)))
    keys = _find_keys(model, columns, sample.key)
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
        keys=keys,
        parents=parents,
        unmatched=found.unmatched,
        notes=(
            *sample.notes,
            *notes_on_guesses(sample.columns, is_new=False),
            *_notes_on_keys(model, columns, keys),
        ),
        origin=sample.origin,
        totals=len(sample.totals),
    )


def _find_keys(
    model: type[Model], columns: Sequence[ColumnPlan], natural_key: Sequence[str]
) -> tuple[tuple[Identifier, ...], ...]:
    """Return the sets of columns that no two rows share, the natural key first."""
    names = {column.column.header: column.name for column in columns}
    if lost := [f'"{header}"' for header in natural_key if header not in names]:
        raise ValueError(f"The natural key {', '.join(lost)} fills no field.")
    key = tuple(names[header] for header in natural_key)
    own = [
        names for names in _unique_sets(model, columns) if not _lacks(names, columns)
    ]
    return tuple(unique for unique in dict.fromkeys([key, *own]) if unique)


def _lacks(names: Sequence[str], columns: Sequence[ColumnPlan]) -> list[ColumnPlan]:
    """Return the columns of a set that stay empty in rows of the sample."""
    return [
        column
        for column in columns
        if column.name in names and column.column.nulls
        if not column.required and column.fill is None
    ]


def _notes_on_keys(
    model: type[Model],
    columns: Sequence[ColumnPlan],
    keys: Sequence[Sequence[str]],
) -> Iterator[str]:
    """Yield why no unique set of the model is the natural key, where none is."""
    if keys:
        return
    for names in _unique_sets(model, columns):
        for column in _lacks(names, columns):
            number = column.column.nulls
            yield (
                f"no natural key: {', '.join(names)} are unique in {model._meta.label}, "
                f'but "{visible(column.column.header)}" is empty in {number:,} '
                f"row{'' if number == 1 else 's'}, and an empty cell makes no row known "
                "again; state other columns with --natural-key, or fill the cells"
            )
            return


def _unique_sets(
    model: type[Model], columns: Sequence[ColumnPlan]
) -> list[tuple[Identifier, ...]]:
    """Return the columns that fill each unique set of a model; a look-up may take several."""
    options = model._meta
    by_field: dict[str, tuple[Identifier, ...]] = {}
    for column in columns:
        field = column.relation or column.name
        by_field[field] = (*by_field.get(field, ()), column.name)
    attnames = {field.name: field.attname for field in options.concrete_fields}
    filled = {
        name: by_field.get(name) or by_field.get(attname) or ()
        for name, attname in attnames.items()
    }
    groups = [
        *((field.name,) for field in options.concrete_fields if field.unique),
        *options.unique_together,
        *(
            constraint.fields
            for constraint in options.constraints
            if isinstance(constraint, UniqueConstraint) and constraint.condition is None
        ),
    ]
    return [
        tuple(chain.from_iterable(filled[name] for name in group))
        for group in groups
        if group and all(filled.get(name) for name in group)
    ]


def _with_distinct_constants(columns: Sequence[ColumnPlan]) -> tuple[ColumnPlan, ...]:
    """Number the constants of fields that differ only in upper and lower case."""
    seen = Counter(column.constant for column in columns)
    return tuple(
        column
        if seen[column.constant] == 1
        else replace(column, constant=Identifier(f"{column.constant}_{position}"))
        for position, column in enumerate(columns, start=1)
    )


def _refuse_clashes(models: Sequence[ModelName]) -> None:
    """Refuse models whose names collide in the one module of tests."""
    seen = Counter(model.name for model in models)
    for model in models:
        if seen[model.name] > 1 or model.name in TAKEN:
            raise ValueError(
                f'"{model.module}.{model.name}" has the name of another class that the '
                "import or its tests need: rename it, or write this import by hand."
            )
