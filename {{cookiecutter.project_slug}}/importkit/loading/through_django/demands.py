"""Step 4, load: what the tables of a model demand, as far as rows can be judged by it.

A model that extends others has a row in several tables, each with demands of its own. The
databases are asked; of one that cannot be asked, the models are.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from django.db.models import Model

from importkit.loading.plan import TableTarget
from importkit.loading.writers.catalogue import Catalogue, Check, UniqueKey, catalogue
from importkit.loading.writers.keys import names_column
from importkit.models import (
    attname_of,
    checks_of_frames,
    column_of,
    concrete,
    field_of,
    is_enforced,
    unique_sets,
    value_field,
    writable_fields,
)


@dataclass(frozen=True)
class Unique:
    """What may stand in one row of a table only.

    Attributes:
        table: The model whose own table demands it.
        names: The attnames of the fields.
        parts: The SQL that is computed from them; empty where the values are unique.
        condition: The SQL of the rows that it counts for; empty for all.
        nulls_differ: Whether rows with a null never repeat each other.
        name: The name of the index.
        reads: The attnames of all fields that it depends on.
        columns: The columns of the key, where the database computes one of them.
    """

    table: type[Model]
    names: tuple[str, ...]
    parts: tuple[str, ...] = ()
    condition: str = ""
    nulls_differ: bool = True
    name: str = ""
    reads: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Demands:
    """What the tables of a model demand.

    Attributes:
        uniques: What may stand in one row only.
        checks: What must hold for each row of a table.
        unjudged: In words what nobody can judge but the database.
    """

    uniques: list[Unique]
    checks: list[tuple[type[Model], Check]]
    unjudged: list[str]


def demands_of(target: TableTarget, columns: Collection[str]) -> Demands:
    """Return what the tables of a target demand.

    Args:
        target: The table that rows go into.
        columns: The columns of a frame: the checks that need no others are judged by then.
    """
    uniques: list[Unique] = []
    checks: list[tuple[type[Model], Check]] = []
    unjudged: list[str] = []
    for table in tables_of(target.model):
        known = catalogue(replace(target, model=table))
        judged = checks_of_frames(table, columns) if table is target.model else set()
        checks += [(table, check) for check in known.checks if check.name not in judged]
        plain = _plain(table, target.using, known)
        uniques += [Unique(table, names, reads=names) for names in sorted(plain)]
        for key in known.keys:
            if _is_judged(table, key):
                uniques += _of_key(table, key, plain)
            else:
                unjudged.append(f'the constraint "{key.name}"')
    return Demands(uniques, checks, unjudged)


def tables_of(model: type[Model]) -> list[type[Model]]:
    """Return the models with a table in which a row of a model has a row."""
    found = [*reversed(model._meta.all_parents), model]
    return list({concrete(table): table for table in found}.values())


def _plain(table: type[Model], using: str, known: Catalogue) -> set[tuple[str, ...]]:
    """Return the attnames of what is unique by its values, where nulls differ."""
    fields = {f.attname for f in writable_fields(table) if _is_local(f, table)}
    sets = {tuple(sorted(names)) for names in unique_sets(table) if names <= fields}
    sets -= {
        tuple(sorted(attname_of(table, name) for name in each.fields))
        for each in table._meta.total_unique_constraints
        if not is_enforced(each, using) or each.nulls_distinct is False
    } - {(field.attname,) for field in writable_fields(table) if field.unique}
    sets |= {
        names
        for key in known.keys
        if _is_judged(table, key) and key.nulls_differ and not key.condition
        if (names := _attnames(table, key.columns))
    }
    return {names for names in sets if not any(_is_json(table, n) for n in names)}


def _of_key(
    table: type[Model], key: UniqueKey, plain: set[tuple[str, ...]]
) -> Iterator[Unique]:
    """Yield what a key demands that the values alone do not show."""
    names = _attnames(table, key.columns)
    if names in plain and not key.condition:
        return
    if names and not key.condition:
        yield Unique(table, names, nulls_differ=key.nulls_differ, reads=names)
        return
    columns = () if names or key.condition else key.columns
    names = names or _named_in(table, key.parts)
    reads = _named_in(table, [*key.parts, key.condition])
    yield Unique(
        table,
        names,
        key.parts,
        key.condition,
        key.nulls_differ,
        key.name,
        reads,
        columns,
    )


def _named_in(table: type[Model], texts: Collection[str]) -> tuple[str, ...]:
    """Return the sorted attnames of the fields whose columns SQL names."""
    return tuple(
        sorted(
            field.attname
            for field in writable_fields(table)
            if any(names_column(column_of(field), text) for text in texts)
        )
    )


def _is_judged(table: type[Model], key: UniqueKey) -> bool:
    """Return whether the values of a key can be compared here."""
    if key.excludes or not key.parts:
        return False
    names = _attnames(table, key.columns)
    return bool(names) or not any(key.collations)


def _attnames(table: type[Model], columns: Collection[str]) -> tuple[str, ...]:
    """Return the sorted attnames of columns; none if one is not that of a field."""
    known = {
        column_of(f): f.attname for f in writable_fields(table) if _is_local(f, table)
    }
    if not set(columns) <= known.keys():
        return ()
    return tuple(sorted(known[column] for column in columns))


def _is_local(field: object, table: type[Model]) -> bool:
    return field in concrete(table)._meta.local_concrete_fields


def _is_json(table: type[Model], attname: str) -> bool:
    field = value_field(field_of(table, attname))
    return field.get_internal_type() == "JSONField"
