"""How a column is read: calls that make parsers, as source, and the parsers themselves."""

import ast
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from generators.code.expressions import (
    Call,
    Dict,
    Expression,
    Tuple,
    call,
    texts,
)
from generators.inference import COMPACT_DATE, FEW_VALUES, NUMBERS, Column, Kind
from generators.naming import Source, literal
from importkit import cleaning

MOMENTS = frozenset({Kind.DATE, Kind.DATETIME, Kind.TIME})
# What comes first in a date, by the first directive of its format.
FIRST_PARTS = {"%d": "day", "%m": "month", "%y": "year"}


def find_parser(column: Column, kind: Kind) -> Call | None:
    """Return the call that makes a column's parser, or None for the default reading.

    Args:
        column: The column, with the notation of its values.
        kind: The kind that the values become.
    """
    if kind in NUMBERS:
        return _number_parser(column) if column.kind in NUMBERS else None
    if kind in MOMENTS:
        return _moment_parser(column, kind)
    if kind is Kind.BOOLEAN and column.kind is Kind.BOOLEAN:
        return _boolean_parser(column)
    if kind is Kind.DURATION:
        return call("duration")
    return call("unwrapped") if kind is Kind.TEXT and column.wrapped else None


def label_parser(values: Mapping[str, str | int | bool], *, ignore_case: bool) -> Call:
    """Return the call that makes the parser of labels, which stand for values."""
    items = tuple((literal(text), literal(value)) for text, value in values.items())
    options = {"ignore_case": literal(True)} if ignore_case else {}
    return call("labels", Dict(items), **options)


def parser_guess(column: Column, parser: Call | None) -> Source:
    """Return what a parser assumes that the sample does not prove; empty if nothing."""
    guess = ""
    if parser is None:
        pass
    elif column.percent:
        guess = "12% is read as 12, not as 0.12."
    elif column.epoch:
        guess = "these numbers count time since 1970, in UTC."
    elif column.format == COMPACT_DATE:
        guess = "these numbers are days."
    elif column.format:
        guess = "; ".join(_guesses_of_format(column, column.format))
        guess += "." if guess else ""
    return Source(guess)


def _guesses_of_format(column: Column, format_: str) -> Iterator[str]:
    """Yield what a format of dates assumes: the order, the names, the century."""
    if first := unproved_first_part(column):
        yield f"the {first} comes first, which this column does not prove"
    if len(column.languages) > 1:
        first, *others = column.languages
        yield f"the names are {first}; in {others[0]} those of the sample are the same"
    if "%y" in format_:
        yield "years from 69 to 99 are 1969 to 1999, those below are after 2000"


def unproved_first_part(column: Column) -> str:
    """Return what comes first in dates, if the column does not prove it; else empty."""
    if not column.format:
        return ""
    is_short = column.rows - column.nulls < FEW_VALUES
    # Nearly all dates with points begin with the day, and a few show nothing else.
    has_points = column.format.startswith("%d.%m.%Y")
    if not column.formats and (column.order or not (has_points and is_short)):
        return ""
    return FIRST_PARTS[column.format[:2].lower()]


def value_of(expression: Expression) -> Any:
    """Return the value of an expression, as in a generated cleaning module.

    A sample is read with it before the module is written.
    """
    if isinstance(expression, Call):
        keywords = {str(name): value_of(item) for name, item in expression.keywords}
        return _named(expression.function)(
            *map(value_of, expression.arguments), **keywords
        )
    if isinstance(expression, Tuple):
        return tuple(map(value_of, expression.items))
    if isinstance(expression, Dict):
        return {value_of(key): value_of(value) for key, value in expression.items}
    text = str(expression)
    return _named(text) if text.startswith("pl.") else ast.literal_eval(text)


def dtype_of(expression: Expression) -> pl.DataType:
    """Return the type that an expression such as ``pl.Decimal(12, 2)`` stands for."""
    found: pl.DataType | type[pl.DataType] = value_of(expression)
    return found() if isinstance(found, type) else found


def _moment_parser(column: Column, kind: Kind) -> Call | None:
    if kind is Kind.DATETIME and column.epoch:
        return call("epoch", literal(column.epoch))
    if not column.format:
        return None
    named = {"months": column.months, "weekdays": column.weekdays}
    names = {keyword: texts(given) for keyword, given in named.items() if given}
    return call(kind.name.lower(), literal(column.format), **names)


def _number_parser(column: Column) -> Call | None:
    marks: dict[str, Expression] = {}
    if column.decimal != ".":
        marks["decimal"] = literal(column.decimal)
    if column.thousands:
        marks["thousands"] = literal(column.thousands)
    if column.currency:
        marks["currency"] = texts(column.currency)
    if column.unit:
        marks["unit"] = texts(column.unit)
    if column.percent:
        marks["percent"] = literal(column.percent)
    if column.negative != "-":
        marks["negative"] = literal(column.negative)
    return call("number", **marks) if marks or column.padded else None


def _boolean_parser(column: Column) -> Call | None:
    if {*column.true} <= {*cleaning.TRUE} and {*column.false} <= {*cleaning.FALSE}:
        return None
    return call("boolean", true=texts(column.true), false=texts(column.false))


def _named(name: str) -> Callable[..., Any]:
    """Return the function or class of a name that a cleaning module uses."""
    if name == "Decimal":
        return Decimal
    module = pl if name.startswith("pl.") else cleaning
    found: Callable[..., Any] = getattr(module, name.removeprefix("pl."))
    return found
