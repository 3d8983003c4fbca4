"""How a column fills a field of a model that exists: its type, its nulls, its default."""

from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from generators.code import (
    AnyField,
    ColumnPlan,
    Expression,
    Invented,
    Target,
    assumes_zone,
    call,
    constant_name,
    find_parser,
    parser_guess,
    stored_field,
    suits,
)
from generators.inference import PLAIN, Column, Kind
from generators.naming import Identifier, literal
from importkit.models import TEXTS


class Pair(NamedTuple):
    """A column, the field that it fills, what that field takes.

    Attributes:
        column: The column.
        field: The field.
        target: What it takes.
        evidence: What speaks for the pair where names do not: counts, never values.
    """

    column: Column
    field: AnyField
    target: Target
    evidence: str = ""

    @property
    def suits(self) -> bool:
        """Whether the sample's values can become values of the field."""
        return suits(self.column, self.target.kind)

    @property
    def written(self) -> Column:
        """How values of the field are written, as far as the sample tells."""
        return self.column if self.suits else PLAIN


def plan_column(pair: Pair, invented: Invented) -> ColumnPlan:
    """Return what is printed of a column that fills a field.

    Args:
        pair: The column and the field.
        invented: A made-up value of the field.
    """
    column, field, target, evidence = pair
    fill = _plain_default(field)
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
        length=_length(pair),
        guess=parser_guess(pair.written, parser),
        doubt=_doubt(pair),
        evidence=evidence,
    )


def _doubt(pair: Pair) -> str:
    column, field, target, _ = pair
    if not pair.suits:
        return f"{column.kind} in the sample, but the field takes {target.kind}"
    length = _length(pair)
    if length is not None and column.width > length:
        return f"up to {column.width:,} characters, but the field takes {length:,}"
    if column.nullable and not field.null and _plain_default(field) is None:
        rows = "row" if column.nulls == 1 else "rows"
        return f"empty in {column.nulls:,} {rows}, but the field takes no null"
    return ""


def _length(pair: Pair) -> int | None:
    """Return the longest text that a field takes; None for any, or what is no text."""
    # Others are refused for what they are, not for their length.
    is_text = stored_field(pair.field).get_internal_type() in TEXTS
    return pair.target.length if is_text else None


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
