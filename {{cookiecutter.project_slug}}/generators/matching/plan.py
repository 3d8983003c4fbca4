"""The plan of an import into an existing model, whose fields decide everything."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from django.db.models import NOT_PROVIDED, Model, UniqueConstraint

from generators.code import (
    EMPTY,
    ColumnPlan,
    ImportPlan,
    MadeParent,
    Parent,
    Place,
    Unmatched,
    invent_row,
    notes_on_guesses,
)
from generators.inference import Column, natural_key
from generators.matching.filling import Pair, plan_column
from generators.matching.matches import Match
from generators.matching.relations.by_parent import parent_of
from generators.matching.relations.links import make_link
from generators.matching.relations.made_parents import find_made_parents
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
    *,
    creates_parents: bool = False,
) -> ImportPlan:
    """Plan an import into an existing model.

    Args:
        name: The import's name.
        place: Its app.
        sample: The sample. It supplies headers, notations, and a natural key.
        found: The columns of the sample that fill fields of the model.
        creates_parents: Whether the import creates the parents that are missing.

    Raises:
        ValueError: No row can be invented, or the natural key fills no field.
    """
    model = found.model
    found = _without_links_of_no_key(found, sample.key)
    row, parents = invent_row(model, found.fields)
    columns = tuple(map(plan_column, found.pairs, row))
    keys = _find_keys(model, columns, sample.key)
    columns = _with_kept(columns, keys)
    own = model_name(model)
    key = _fields_of(keys, columns)
    links = tuple(make_link(model, own, pair, key) for pair in found.pairs if pair.mark)
    made = find_made_parents(model, found.pairs, links) if creates_parents else ()
    parents = _without_made(parents, made, found)
    new = {each.model for each in made}
    _refuse_clashes(
        [
            own,
            *dict.fromkeys(each.model for each in made),
            *(each.model for each in parents if each.model not in new),
        ]
    )
    return ImportPlan(
        name=name,
        place=place,
        model=own,
        model_label=model._meta.label,
        is_new_model=False,
        dialect=sample.dialect,
        columns=columns,
        keys=keys,
        unique_sets=tuple(_unique_sets(model, columns)),
        parents=parents,
        made=made,
        links=links,
        unmatched=found.unmatched,
        notes=(
            *sample.notes,
            *notes_on_guesses(sample.columns, is_new=False),
            *_notes_on_keys(model, columns, keys, sample.columns),
            *_notes_on_links(found.pairs),
            *_notes_on_defaults(model, found.pairs),
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


def _fields_of(
    keys: Sequence[Sequence[Identifier]], columns: Sequence[ColumnPlan]
) -> tuple[Identifier, ...]:
    """Return the natural key, if its columns are fields of the model itself."""
    plain = {column.name for column in columns if not column.relation}
    return tuple(keys[0]) if keys and {*keys[0]} <= plain else ()


def _without_links_of_no_key(found: Match, stated: Sequence[str]) -> Match:
    """Leave out columns of links where no natural key of plain fields finds their rows."""
    if not any(pair.mark for pair in found.pairs):
        return found
    columns = [plan_column(pair, EMPTY) for pair in found.pairs]
    if _fields_of(_find_keys(found.model, columns, stated), columns):
        return found
    why = (
        f"links need a natural key of {found.model._meta.label} without foreign keys, and "
        "the sample has none: state one with --natural-key"
    )
    lost = [Unmatched(pair.column.header, why) for pair in found.pairs if pair.mark]
    pairs = tuple(pair for pair in found.pairs if not pair.mark)
    return replace(found, pairs=pairs, unmatched=(*found.unmatched, *lost))


def _notes_on_defaults(model: type[Model], pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield the unique fields without a column of which each new row gets the same value."""
    filled = [pair.field for pair in pairs]
    for field in model._meta.concrete_fields:
        is_set = field.null or field.is_relation
        is_set |= field.generated or field.db_default is not NOT_PROVIDED
        is_set |= field.has_default() and callable(field.default)
        if field.unique and not (is_set or field in filled or field.primary_key):
            yield (
                f'"{field.name}" is unique and has no column, so that a second new row with '
                "its default is refused: compute the values in get_bulks_by_model, or let "
                f"get_models_with_signals return {model.__name__}, if its save() sets them"
            )


def _with_kept(
    columns: Sequence[ColumnPlan], keys: Sequence[Sequence[Identifier]]
) -> tuple[ColumnPlan, ...]:
    """Let empty cells keep what is stored where a field has a default.

    The fields of a key make a row known again, so that their cells have to say what they are.
    """
    in_keys = {*chain.from_iterable(keys)}
    return tuple(
        replace(column, required=False, fill=None)
        if column.keeps and column.name not in in_keys
        else replace(column, keeps=False)
        for column in columns
    )


def _notes_on_links(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        if pair.mark:
            yield (
                f'"{visible(pair.column.header)}" adds links of "{pair.field.name}", with '
                f'"{visible(pair.mark)}" between two values; a link that a later file no '
                "longer has stays, unless --mode sync --delete removes it, and with it the "
                "links of all rows that the file does not name"
            )


def _lacks(names: Sequence[str], columns: Sequence[ColumnPlan]) -> list[ColumnPlan]:
    """Return the columns of a set that stay empty in rows of the sample."""
    return [
        column
        for column in columns
        if column.name in names and column.column.nulls
        if column.keeps or not (column.required or column.fill is not None)
    ]


def _notes_on_keys(
    model: type[Model],
    columns: Sequence[ColumnPlan],
    keys: Sequence[Sequence[str]],
    sampled: Sequence[Column],
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
    filled = [column.column for column in columns if not column.is_link]
    guess = natural_key(tuple(c for c in sampled if c in filled))
    example = f', for example --natural-key "{visible(guess.header)}"' if guess else ""
    yield (
        f"no natural key: no column is unique in {model._meta.label}, so that each import "
        "adds all rows again; state the columns that make a row known again with "
        f"--natural-key{example}"
    )


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
        tuple(field.name for field in options.pk_fields),
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


def _without_made(
    parents: tuple[Parent, ...], made: Sequence[MadeParent], found: Match
) -> tuple[Parent, ...]:
    """Return the parents of the tests without those that the import creates itself."""
    by_key = {
        model_name(parent_of(pair.field))
        for pair in found.pairs
        if pair.field.is_relation and pair.lookup is None
    }
    own = {each.model for each in made} - by_key
    return tuple(parent for parent in parents if parent.model not in own)


def _refuse_clashes(models: Collection[ModelName]) -> None:
    """Refuse models whose names collide in the one module of tests."""
    seen = Counter(model.name for model in models)
    for model in models:
        if seen[model.name] > 1 or model.name in TAKEN:
            raise ValueError(
                f'"{model.module}.{model.name}" has the name of another class that the '
                "import or its tests need: rename it, or write this import by hand."
            )
