"""Step 3, transform: rows of a table that refers to itself: parents before children.

The rows of a bulk are grouped into levels, and each level refers only to levels before it.
Instances refer to each other as objects, the rows of a frame by a natural key, or by stored
keys where the database wants the parent first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

import polars as pl
from django.db.models import Model

from importkit import problems
from importkit.errors import CleaningError
from importkit.models.fields import field_of
from importkit.models.keys.natural_keys import Relation
from importkit.models.ordering import (
    ModelClass,
    foreign_keys,
    refers_to,
)
from importkit.models.values.fitting import fit_values
from importkit.source import LINE

# Instances.


def instance_levels(
    model: ModelClass,
    bulk: Iterable[Model],
    is_open: Callable[[Model], bool] = lambda _row: True,
) -> Iterator[Iterable[Model]]:
    """Yield the instances of a bulk level by level.

    The bulk is yielded as it is where the model does not refer to itself. Instances that
    refer to each other in a circle are one level.

    Args:
        model: The model.
        bulk: Its instances.
        is_open: Returns whether an instance must come before those that refer to it.
    """
    keys = [field for field in foreign_keys(model) if refers_to(field, model)]
    if not keys:
        yield bulk
        return
    rows = list(bulk)
    places = {id(row): place for place, row in enumerate(rows)}
    parents = (
        [id(field.get_cached_value(row, default=None)) for field in keys]
        for row in rows
    )
    sorter = TopologicalSorter(
        {
            place: [
                places[parent]
                for parent in found
                if parent in places and is_open(rows[places[parent]])
            ]
            for place, found in enumerate(parents)
        }
    )
    try:
        sorter.prepare()
    except CycleError:
        # A foreign key that may be null is filled in later; others are refused then.
        yield rows
        return
    while ready := sorter.get_ready():
        yield [rows[place] for place in sorted(ready)]
        sorter.done(*ready)


# Rows of a frame.


def relations_to_own_rows(model: ModelClass, columns: Sequence[str]) -> list[Relation]:
    """Return the foreign keys to its own table that a frame gives as stored keys."""
    return [
        Relation(field, (field.attname,), (field.target_field.attname,))
        for field in foreign_keys(model)
        if refers_to(field, model)
        and {field.attname, field.target_field.attname} <= set(columns)
    ]


def frame_levels(own: Sequence[Relation], df: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the rows of a frame level by level.

    Args:
        own: The foreign keys to the frame's own table.
        df: The rows, with or without ``_line``.

    Raises:
        CleaningError: Rows refer to each other in a circle.
    """
    place = problems.LINES if LINE in df.columns else problems.ROWS
    waiting = df if LINE in df.columns else df.with_row_index(LINE, offset=1)
    while not waiting.is_empty():
        blocked = pl.Series([False]).new_from_index(0, waiting.height)
        for relation in own:
            blocked |= _refers_to_row(relation, waiting)
        if blocked.all():
            lines = problems.listed(waiting[LINE].to_list(), place)
            names = ", ".join(relation.field.name for relation in own)
            raise CleaningError(
                f"{names}: rows refer to each other in a circle: {lines}."
            )
        yield waiting.filter(~blocked).select(df.columns)
        waiting = waiting.filter(blocked)


def _refers_to_row(relation: Relation, df: pl.DataFrame) -> pl.Series:
    """Return which rows refer to a row of the same frame."""
    if not set(relation.lookups) <= set(df.columns):
        return pl.Series([False]).new_from_index(0, df.height)
    fields = [field_of(relation.parent, name) for name in relation.lookups]
    names = [f"_{place}" for place in range(len(fields))]

    def keys(columns: Sequence[str]) -> pl.DataFrame:
        return pl.DataFrame(
            fit_values(field, df[column]).alias(name)
            for field, column, name in zip(fields, columns, names, strict=True)
        )

    parents = keys(relation.columns).with_row_index("row")
    if relation.columns == (relation.field.attname,):
        # A row may have itself as its parent, by a key that is known before.
        is_own = keys(relation.lookups).to_series().eq_missing(parents[names[0]])
        parents = parents.filter(~is_own)
    found = parents.join(keys(relation.lookups), on=names, how="semi")["row"]
    return pl.Series([False]).new_from_index(0, df.height).scatter(found, values=True)
