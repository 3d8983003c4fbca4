"""How a column fills a field of an existing model: type, nulls, default."""

import json
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from django.db.models import NOT_PROVIDED, DateTimeField, GeneratedField

from generators.code import (
    AnyField,
    ColumnPlan,
    Expression,
    Invented,
    Target,
    assumes_zone,
    call,
    find_parser,
    label_parser,
    parser_guess,
    stored_field,
    suits,
    target_of,
)
from generators.inference import NUMBERS, PLAIN, Column, Kind
from generators.matching.labels import NO_LABELS, Labels, Value
from generators.naming import Identifier, literal
from importkit.models import TEXTS, sets_itself


class FieldPath(NamedTuple):
    """A field, or a field of the parent that a foreign key is looked up by.

    Attributes:
        field: The field of the model.
        lookup: The field of the parent; None where the column holds the field itself.
    """

    field: AnyField
    lookup: AnyField | None = None

    @property
    def name(self) -> Identifier:
        """The name of the column in a frame."""
        if self.lookup is None:
            return Identifier(self.field.attname)
        return Identifier(f"{self.field.name}__{self.lookup.name}")


class Pair(NamedTuple):
    """A column and the field that it fills.

    Attributes:
        column: The column.
        field: The field.
        target: What the field takes.
        evidence: Why values match the two, where names do not: counts, never values.
        lookup: The field of the parent by which a foreign key is found; None where the
            column holds the field itself.
        labels: What the column holds instead of the field's choices.
        ignores_case: Whether the column has labels in another case than the field.
        mark: What stands between the values of a many-to-many field; empty for others.
    """

    column: Column
    field: AnyField
    target: Target
    evidence: str = ""
    lookup: AnyField | None = None
    labels: Labels = NO_LABELS
    ignores_case: bool = False
    mark: str = ""

    @property
    def name(self) -> Identifier:
        """The name of the column in the clean frame."""
        return FieldPath(self.field, self.lookup).name

    @property
    def held(self) -> AnyField:
        """The field whose values the column holds."""
        return self.lookup or self.field

    @property
    def suits(self) -> bool:
        """Whether the sample's values can become values of the field."""
        return bool(self.labels.values) or suits(self.column, self.target.kind)

    @property
    def written(self) -> Column:
        """How values of the field are written, as far as the sample tells."""
        is_plain = self.labels.values or not self.suits
        return PLAIN if is_plain else self.column


def why_not_filled(field: AnyField) -> str:
    """Return why no file can fill a field; empty if a file can."""
    if sets_itself(field):
        return _why_itself(field)
    if isinstance(field, GeneratedField):
        return f'"{field.name}" is computed by the database from other fields'
    if target_of(field, PLAIN) is None:
        return (
            f"startimport does not know how a file writes a {type(field).__name__}: give the "
            "field a column in get_bulks_by_model"
        )
    return ""


def _why_itself(field: AnyField) -> str:
    is_update = getattr(field, "auto_now", False)
    option = "auto_now" if is_update else "auto_now_add"
    now = "now" if isinstance(field, DateTimeField) else "localdate"
    return (
        f'"{field.name}" sets itself when a row is written; to keep the times of the file, '
        f"give the field default=timezone.{now} instead of {option}"
    )


def plan_column(pair: Pair, invented: Invented) -> ColumnPlan:
    """Return what the generated code says about a column that fills a field.

    Args:
        pair: The column and the field.
        invented: An invented value of the field, for the generated tests.
    """
    column, field, target = pair.column, pair.field, pair.target
    fill = None if pair.lookup else _plain_default(field)
    labels = pair.labels.values
    parser = (
        label_parser(labels, ignore_case=pair.ignores_case)
        if labels
        else find_parser(pair.written, target.kind)
    )
    return ColumnPlan(
        column=column,
        name=pair.name,
        dtype=target.dtype,
        parser=parser,
        null_tokens=() if target.kind is Kind.TEXT else column.null_tokens,
        required=not (field.null or pair.mark) and fill is None,
        fill=fill,
        field=None,
        invented=_labelled(labels) if labels else invented,
        assumes_zone=assumes_zone(pair.written, target),
        length=None if labels else _length(pair),
        guess=parser_guess(pair.written, parser),
        doubt=_doubt(pair),
        evidence=pair.evidence,
        relation=Identifier(field.name) if pair.lookup else None,
        is_link=bool(pair.mark),
        keeps=has_any_default(field) and not pair.mark,
    )


def has_any_default(field: AnyField) -> bool:
    """Return whether Python or the database knows a value for rows that give none."""
    return field.has_default() or field.db_default is not NOT_PROVIDED


def _labelled(labels: Mapping[str, Value]) -> Invented:
    """Return the first labels, which are no values of a sample: the model has them."""
    first, *others = (
        Invented.same(text, literal(value)) for text, value in labels.items()
    )
    return first.beside(others[0] if others else None)


def _doubt(pair: Pair) -> str:
    column, field, target = pair.column, pair.field, pair.target
    if pair.mark:
        return ""
    if pair.labels.doubt:
        return pair.labels.doubt
    if not pair.suits:
        why = f": {column.evidence}" if target.kind in NUMBERS else ""
        return f"{column.kind} in the sample, but the field takes {target.kind}{why}"
    length = _length(pair)
    if not pair.labels.values and length is not None and column.width > length:
        return f"up to {column.width:,} characters, but the field takes {length:,}"
    is_filled = has_any_default(field) or _plain_default(field) is not None
    if column.nullable and not field.null and not is_filled:
        rows = "row" if column.nulls == 1 else "rows"
        return f"empty in {column.nulls:,} {rows}, but the field takes no null"
    return ""


def _length(pair: Pair) -> int | None:
    """Return the greatest length of a text field; None without one, or of other fields."""
    # Values that are not text have other problems than their length.
    is_text = stored_field(pair.held).get_internal_type() in TEXTS
    return pair.target.length if is_text else None


def _plain_default(field: AnyField) -> Expression | None:
    """Return as source what an empty cell becomes; None if it stays empty.

    It stays empty where the field is nullable, has no default, or computes its default.
    """
    if field.null:
        return None
    if field.has_default():
        is_json = field.get_internal_type() == "JSONField"
        return _json(field) if is_json else _constant(field.default)
    return literal("") if field.blank and field.empty_strings_allowed else None


def _json(field: AnyField) -> Expression | None:
    """Return the default of a JSONField as text; None if code of a project makes it."""
    if callable(field.default) and field.default not in {dict, list}:
        return None
    return literal(json.dumps(field.get_default()))


def _constant(value: object) -> Expression | None:
    """Return a default as source; None if it is computed, or of another type."""
    match value:
        case str():
            return literal(str(value))
        case bool():
            return literal(value)
        case int() | float() if isfinite(value):
            # Adding 0 turns a member of IntegerChoices into a plain number.
            return literal(value + 0)
        case Decimal():
            return call("Decimal", literal(str(value)))
    return None
