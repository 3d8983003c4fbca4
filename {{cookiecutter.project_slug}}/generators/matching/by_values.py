"""Fields of an existing model are found by the values of columns; always a guess."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import polars as pl
from django.db import models

from generators.code import EMPTY, AnyField, stored_field, target_of
from generators.inference import Column, Kind
from generators.matching.filling import Pair, plan_column
from generators.matching.labels import are_in_another_case, find_labels
from generators.matching.misfits import (
    MOST_ROWS,
    UNCHECKABLE,
    cleaning_class,
    named_after_fields,
)
from generators.matching.relations.by_parent import distinct, look_ups_of
from generators.matching.relations.stored import LOOKED_UP, count_stored, is_small
from importkit.models import fit, sets_itself

# Distinct values that a column needs at least: a single value may match by chance.
FEWEST = 2
FEWEST_NUMBERS = 3
# Fields of kinds of which most files have one column at most.
RARE_FIELDS: dict[type[AnyField], Kind] = {
    models.EmailField: Kind.EMAIL,
    models.URLField: Kind.URL,
    models.UUIDField: Kind.UUID,
    models.GenericIPAddressField: Kind.IP,
    models.DateTimeField: Kind.DATETIME,  # Before DateField, its base class.
    models.DateField: Kind.DATE,
    models.TimeField: Kind.TIME,
    models.DurationField: Kind.DURATION,
}

type Model = type[models.Model]
type Evidence = Callable[[Model, Pair, pl.DataFrame], str]


class MatchesByValues(NamedTuple):
    """Columns and the fields that their values fit.

    Attributes:
        pairs: Columns that fit one field each, which no other column fits.
        rivals: Columns that fit several fields, or a field that other columns fit.
    """

    pairs: tuple[Pair, ...]
    rivals: tuple[Pair, ...]


def match_by_values(
    model: Model,
    columns: Sequence[Column],
    fields: Sequence[AnyField],
    cells: pl.DataFrame,
) -> MatchesByValues:
    """Match columns and fields whose names do not match, on strong evidence only.

    Evidence is, in this order: the table of the model or of a parent has the values;
    all values are choices of the field; the column is the only one of a rare kind, and
    the field as well. In each case all values have to fit the field.

    Args:
        model: The model.
        columns: The columns that fill no field.
        fields: The fields that no column fills.
        cells: The sample's rows.
    """
    left = _possible_pairs(columns, fields, cells)
    pairs: list[Pair] = []
    rivals: list[Pair] = []
    for find_evidence in EVIDENCE:
        found = [
            pair._replace(evidence=evidence)
            for pair in left
            if (evidence := find_evidence(model, pair, cells))
        ]
        sole = _one_to_one(found)
        pairs += sole
        rivals += [pair for pair in found if pair not in sole]
        left = [pair for pair in left if not _is_taken(pair, pairs)]
    open_rivals = [pair for pair in rivals if not _is_taken(pair, pairs)]
    return MatchesByValues(tuple(pairs), tuple(open_rivals))


def _possible_pairs(
    columns: Sequence[Column], fields: Sequence[AnyField], cells: pl.DataFrame
) -> list[Pair]:
    pairs = [
        Pair(
            column,
            field,
            target,
            labels=labels,
            ignores_case=are_in_another_case(labels, cells[column.header]),
        )
        for column in columns
        for field in fields
        if not (isinstance(field, models.AutoField) or sets_itself(field))
        if (target := target_of(field, column)) and column.nulls < column.rows
        for labels in [find_labels(field, target.kind, cells[column.header])]
    ]
    return [*(pair for pair in pairs if pair.suits), *_look_ups(columns, fields)]


def _look_ups(columns: Sequence[Column], fields: Sequence[AnyField]) -> Iterator[Pair]:
    """Yield columns with the unique fields by which the parents of a row may be named."""
    for column in columns:
        for field in fields:
            if not isinstance(field, models.ForeignKey) or column.nulls == column.rows:
                continue
            if field.remote_field.parent_link:
                continue
            for other in look_ups_of(field, column, is_unique=True):
                if target := target_of(other, column):
                    yield Pair(column, field, target, lookup=other)


def _one_to_one(pairs: Sequence[Pair]) -> list[Pair]:
    columns = Counter(pair.column.header for pair in pairs)
    fields = Counter(pair.field.attname for pair in pairs)
    return [
        pair
        for pair in pairs
        if columns[pair.column.header] == fields[pair.field.attname] == 1
    ]


def _is_taken(pair: Pair, pairs: Sequence[Pair]) -> bool:
    return any(
        pair.column.header == other.column.header or pair.field == other.field
        for other in pairs
    )


def _are_choices(model: Model, pair: Pair, cells: pl.DataFrame) -> str:
    """Return evidence for a field with choices: all values are among the choices."""
    if not pair.field.choices or pair.lookup:
        return ""
    values = _fitting(model, pair, cells)
    least = FEWEST_NUMBERS if pair.target.kind is Kind.INTEGER else FEWEST
    if values is None or len(values) < least:
        return ""
    return f"all {len(values):,} distinct values are choices of the field"


def _of_rare_kind(model: Model, pair: Pair, cells: pl.DataFrame) -> str:
    """Return evidence for a field of a rare kind: the column is of the same kind."""
    field = stored_field(pair.held)
    kinds = (kind for class_, kind in RARE_FIELDS.items() if isinstance(field, class_))
    kind = next(kinds, None)
    if kind is None or kind is not pair.column.kind or pair.lookup:
        return ""
    if _fitting(model, pair, cells) is None:
        return ""
    full = pair.column.rows - pair.column.nulls
    return f"all {full:,} values are of the kind {kind}, like the field"


def _are_stored(model: Model, pair: Pair, cells: pl.DataFrame) -> str:
    """Return evidence for a unique field or a foreign key: a table has the values.

    The table of a parent has to have all values, the table of a unique field half.
    """
    is_key = isinstance(pair.field, models.ForeignKey)
    if not (is_key or pair.field.unique) or is_small(pair.column):
        return ""
    values = (
        distinct(pair.lookup, cells[pair.column.header])
        if pair.lookup
        else _fitting(model, pair, cells)
    )
    if values is None or len(values) < FEWEST:
        return ""
    some = values.head(LOOKED_UP)
    stored = stored_field(pair.held)
    hits = count_stored(stored, some)
    least = len(some) if is_key else max(FEWEST, len(some) / 2)
    if hits < least:
        return ""
    label = stored.model._meta.label
    return f"{hits:,} of {len(some):,} distinct values looked up are in {label}"


EVIDENCE: tuple[Evidence, ...] = (_are_stored, _are_choices, _of_rare_kind)


def _fitting(model: Model, pair: Pair, cells: pl.DataFrame) -> pl.Series | None:
    """Return the distinct values of a column in the type of a field, if all fit it."""
    plan = plan_column(pair, EMPTY)
    if plan.required and pair.column.nullable:
        return None
    rows = named_after_fields([plan], cells).head(MOST_ROWS).unique(maintain_order=True)
    try:
        cleaned = cleaning_class([plan], ())(rows, skip=True)
        fitting, refused = fit(model, cleaned.df.with_columns(cleaned.lines))
    except UNCHECKABLE:
        return None
    if not (cleaned.problems.is_empty() and refused.is_empty()):
        return None
    return fitting.to_series().drop_nulls().unique(maintain_order=True)
