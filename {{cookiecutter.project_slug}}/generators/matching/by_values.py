"""Columns find fields by their values, where names do not tell: always a guess."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import models, transaction

from generators.code import EMPTY, AnyField, stored_field, target_of
from generators.inference import FORMS, Column, Kind
from generators.matching.filling import Pair, plan_column
from generators.matching.misfits import (
    MOST_ROWS,
    UNCHECKABLE,
    cleaning_class,
    named_after_fields,
)
from importkit.models import all_rows, fit, sets_itself, values_among

# So many values are looked up in a table.
LOOKED_UP = 100
# One value is alike by chance; and so are numbers of few digits, which are ids of most
# tables, and members of most choices.
FEWEST = 2
FEWEST_NUMBERS = 3
SMALL = 1000
# The kinds of which most files have at most one column, besides those of text.
RARE = FORMS - {Kind.JSON} | {Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.DURATION}
RARE_FIELDS: dict[type[AnyField], Kind] = {
    models.EmailField: Kind.EMAIL,
    models.URLField: Kind.URL,
    models.UUIDField: Kind.UUID,
    models.GenericIPAddressField: Kind.IP,
    models.DateTimeField: Kind.DATETIME,  # A kind of DateField, too.
    models.DateField: Kind.DATE,
    models.TimeField: Kind.TIME,
    models.DurationField: Kind.DURATION,
}

type Model = type[models.Model]
type Test = Callable[[Model, Pair, pl.DataFrame], str]


class Found(NamedTuple):
    """What values say.

    Attributes:
        pairs: The columns that fit one field each, which no other column fits.
        rivals: Those that fit several fields, or a field that others fit.
    """

    pairs: tuple[Pair, ...]
    rivals: tuple[Pair, ...]


def match_by_values(
    model: Model,
    columns: Sequence[Column],
    fields: Sequence[AnyField],
    cells: pl.DataFrame,
) -> Found:
    """Match columns and fields of which no names are alike, on strong evidence only.

    That is, in this order: values that the table, or that of a parent, has already;
    values that are all among a field's choices; the only column of a rare kind. In each
    case all values have to fit the field.

    Args:
        model: The model.
        columns: The columns that fill no field.
        fields: The fields that no column fills.
        cells: The sample's rows.
    """
    open_pairs = [
        Pair(column, field, target)
        for column in columns
        for field in fields
        if not (isinstance(field, models.AutoField) or sets_itself(field))
        if (target := target_of(field, column)) and column.nulls < column.rows
    ]
    left = [pair for pair in open_pairs if pair.suits]
    pairs: list[Pair] = []
    rivals: list[Pair] = []
    for test in (_stored, _chosen, _of_rare_kind):
        found = [
            pair._replace(evidence=evidence)
            for pair in left
            if (evidence := test(model, pair, cells))
        ]
        sole = _one_to_one(found)
        pairs += sole
        rivals += [pair for pair in found if pair not in sole]
        left = [pair for pair in left if not _is_taken(pair, pairs)]
    return Found(tuple(pairs), tuple(r for r in rivals if not _is_taken(r, pairs)))


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


def _chosen(model: Model, pair: Pair, cells: pl.DataFrame) -> str:
    """Return what speaks for a field with choices: its values are all among them."""
    if not pair.field.choices:
        return ""
    values = _fitting(model, pair, cells)
    least = FEWEST_NUMBERS if pair.target.kind is Kind.INTEGER else FEWEST
    if values is None or len(values) < least:
        return ""
    return f"all {len(values):,} distinct values are choices of the field"


def _of_rare_kind(model: Model, pair: Pair, cells: pl.DataFrame) -> str:
    """Return what speaks for a field of a rare kind: the column is of it, too."""
    kinds = (kind for class_, kind in RARE_FIELDS.items() if _is_of(pair.field, class_))
    kind = next(kinds, None)
    if kind is None or kind is not pair.column.kind:
        return ""
    if _fitting(model, pair, cells) is None:
        return ""
    full = pair.column.rows - pair.column.nulls
    return f"all {full:,} values are of the kind {kind}, as the field"


def _is_of(field: AnyField, class_: type[AnyField]) -> bool:
    return isinstance(stored_field(field), class_)


def _stored(model: Model, pair: Pair, cells: pl.DataFrame) -> str:
    """Return what speaks for a unique field, or a foreign key: the table has the values.

    Of a foreign key the parent has to have all of them, of a unique field at least half.
    """
    is_key = isinstance(pair.field, models.ForeignKey)
    if not (is_key or pair.field.unique) or is_small(pair.column):
        return ""
    values = _fitting(model, pair, cells)
    if values is None or len(values) < FEWEST:
        return ""
    some = values.head(LOOKED_UP)
    stored = stored_field(pair.field)
    hits = count_stored(stored, some)
    least = len(some) if is_key else max(FEWEST, len(some) / 2)
    if hits < least:
        return ""
    label = stored.model._meta.label
    return f"{hits:,} of {len(some):,} distinct values looked up are in {label}"


def is_small(column: Column) -> bool:
    """Say whether values may be those of anything: numbers of few digits."""
    return column.kind is Kind.INTEGER and (column.minimum or 0) < SMALL


def count_stored(field: AnyField, values: pl.Series) -> int:
    """Return how many values a table has; none if it is not there, or cannot be asked."""
    rows = all_rows(field.model)
    try:
        with transaction.atomic(rows.db):
            found = values_among(rows, field, values, [field.attname])
    except (DatabaseError, ImproperlyConfigured):
        return 0
    return found.to_series().n_unique() if found.height else 0


def _fitting(model: Model, pair: Pair, cells: pl.DataFrame) -> pl.Series | None:
    """Return the distinct values of a column as a field has them, if they all fit it."""
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
