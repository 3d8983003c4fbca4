"""Which column fills which field of an existing model: as told, by names, by values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import Model

from generators.code import (
    AnyField,
    Target,
    Unmatched,
    is_required,
    target_of,
)
from generators.inference import PLAIN, Column
from generators.matching.by_values import match_by_values
from generators.matching.filling import Pair
from generators.matching.nearest import candidates, names_of, nearest_headers
from generators.naming import normal
from importkit.errors import visible
from importkit.models import sets_itself


@dataclass(frozen=True)
class Match:
    """The columns that fill a model's fields, in file order.

    Attributes:
        model: The model.
        pairs: Each column with its field.
        unmatched: The columns that fill nothing.
    """

    model: type[Model]
    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]

    @property
    def fields(self) -> list[tuple[AnyField, Target, Column]]:
        """What is filled: each field, what it takes, how its values are written."""
        return [(pair.field, pair.target, pair.written) for pair in self.pairs]


def match(
    columns: Sequence[Column],
    model: type[Model],
    cells: pl.DataFrame,
    told: Mapping[str, AnyField],
) -> Match:
    """Find the field of each column.

    What the user says comes first; then a field's name, attname, verbose name and
    database column; then values, which are a guess.

    Args:
        columns: The columns of the sample.
        model: The model.
        cells: The sample's rows.
        told: Per header the field that the user says.

    Raises:
        ValueError: No column fits, or required fields are left without one.
    """
    named = _fields_by_header(columns, model, told)
    pairs = [
        Pair(column, field, target)
        for column in columns
        if (field := named.get(column.header))
        if not why_not(field) and (target := target_of(field, column))
    ]
    fields = [f for f in model._meta.concrete_fields if f not in named.values()]
    left = [column for column in columns if column.header not in named]
    found = match_by_values(model, left, fields, cells)
    pairs += found.pairs
    filled = {pair.column.header: pair.field for pair in pairs}
    free = [f for f in fields if f not in filled.values() and not why_not(f)]
    unmatched = tuple(
        Unmatched(
            column.header,
            _reason(column, model, named),
            ()
            if column.header in named
            else candidates(column.header, free, found.rivals),
        )
        for column in columns
        if column.header not in filled
    )
    _refuse_gaps(model, [*filled.values()], [item.header for item in unmatched])
    order = {column.header: place for place, column in enumerate(columns)}
    pairs.sort(key=lambda pair: order[pair.column.header])
    return Match(model, tuple(pairs), unmatched)


def why_not(field: AnyField) -> str:
    """Say why no file can fill a field; empty if one can."""
    if sets_itself(field):
        return f'"{field.name}" sets itself when a row is written'
    if target_of(field, PLAIN) is None:
        return f"a CSV cannot fill a {type(field).__name__}"
    return ""


def _fields_by_header(
    columns: Sequence[Column], model: type[Model], told: Mapping[str, AnyField]
) -> dict[str, AnyField]:
    """Find fields; one goes to the header nearest to its name, not to the first."""
    found: dict[str, AnyField] = {**told}
    for position in range(4):
        by_name: dict[str, AnyField] = {}
        for field in model._meta.concrete_fields:
            by_name.setdefault(names_of(field)[position], field)
        for column in columns:
            wanted = by_name.get(normal(column.header))
            if wanted and wanted not in found.values():
                found.setdefault(column.header, wanted)
    return found


def _reason(column: Column, model: type[Model], named: Mapping[str, AnyField]) -> str:
    """Say why a column fills no field."""
    if field := named.get(column.header):
        return why_not(field)
    name = normal(column.header)
    if name in {normal(field.name) for field in model._meta.many_to_many}:
        return "a CSV cannot fill a ManyToManyField"
    for header, field in named.items():
        if name in names_of(field):
            return f'"{visible(header)}" fills "{field.name}" already'
    return f"no field of {model._meta.label}"


def _refuse_gaps(
    model: type[Model], filled: Sequence[AnyField], headers: Sequence[str]
) -> None:
    fields = model._meta.concrete_fields
    if not filled:
        names = ", ".join(f'"{field.name}"' for field in fields)
        raise ValueError(
            f"No column of the sample is a field of {model._meta.label}, "
            f"which has {names}. Say which column fills which with --field HEADER=FIELD."
        )
    gaps = [field for field in fields if field not in filled and is_required(field)]
    if gaps:
        names = ", ".join(f'"{field.name}"' for field in gaps)
        near = "; ".join(nearest_headers(gaps, headers))
        near = f" Nearest: {near}." if near else ""
        raise ValueError(
            f"{model._meta.label} requires {names}, for which the sample "
            f"has no column.{near} Say which column it is with --field HEADER=FIELD, "
            "add the columns, or give the fields a default."
        )
