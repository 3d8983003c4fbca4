"""Invent the row of generated tests, and the rows it points to: no value is real."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import polars as pl
from django.core.validators import MinValueValidator
from django.db import models

from generators.code.expressions import Call, Expression, List, call
from generators.code.fields import (
    AnyField,
    Target,
    is_required,
    items_of,
    stored_field,
    target_of,
)
from generators.inference import (
    NUMBERS,
    PLAIN,
    TEXTS,
    Column,
    Kind,
)
from generators.naming import (
    SECRET,
    ModelName,
    Source,
    literal,
    model_name,
)
from importkit.cleaning import PER_SECOND

# 31 cannot be read as a month, and 12:30 is the same with and without AM or PM.
DAY = dt.date(2026, 1, 31)
CLOCK = dt.time(12, 30)
UUID_TEXT = "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e"
# Values of fields that no column fills but a parent row may need.
OTHER_VALUES: dict[str, Expression] = {
    "JSONField": Source("{}"),
    "BinaryField": Source('b"1"'),
}
SPAN_TEXT = "36:15:00"
JSON_TEXT = '{"key": "text 1"}'
FORMED = {
    Kind.EMAIL: "name@example.com",
    Kind.URL: "https://example.com/",
    Kind.IP: "192.0.2.1",
}
UNIX_EPOCH = dt.datetime(1970, 1, 1)


@dataclass(frozen=True)
class Invented:
    """A value of an invented row.

    Attributes:
        text: The value in the file.
        cleaned: The value in the clean frame, as source.
        stored: The value that Django reads from the database, as source.
    """

    text: str
    cleaned: Expression
    stored: Expression


@dataclass(frozen=True)
class Parent:
    """A row of another model, created before the row that points to it."""

    model: ModelName
    values: dict[str, Expression]


class Filled(NamedTuple):
    """A field to fill.

    Attributes:
        field: The field.
        target: What the column holds.
        column: The column that fills it.
        lookup: The field of the parent by which a foreign key is found; None where the
            column holds the field itself.
    """

    field: AnyField
    target: Target
    column: Column
    lookup: AnyField | None = None


type Model = type[models.Model]
type ForeignKey = models.ForeignKey[Any, Any]
type Parents = dict[Model, Parent]

NOT_NAMED: Mapping[str, Expression] = {}
EMPTY = Invented("", literal(None), literal(None))


def invent(words: str, target: Target, column: Column) -> Invented:
    """Invent the value of a column, in the sample's notation.

    Args:
        words: The name of the field, which is the text of a text.
        target: What the field holds.
        column: The column, with the notation of its values.
    """
    if target.kind in NUMBERS:
        return _number(target, column)
    if target.kind is Kind.BOOLEAN:
        return _same(column.true[0] if column.true else "true", literal(True))
    if target.kind is Kind.DURATION:
        span = call("timedelta", hours=literal(36), minutes=literal(15))
        return _same(SPAN_TEXT, span)
    if target.kind in TEXTS:
        return _texts(words.replace("_", " "), target, column)
    return _moment(target, column)


def invent_row(
    model: Model, fields: Iterable[Filled]
) -> tuple[list[Invented], tuple[Parent, ...]]:
    """Invent a row of an existing model.

    Args:
        model: The model.
        fields: Each field to fill.

    Returns:
        A value for each field, and the rows that these point to, grandparents first.

    Raises:
        ValueError: A row that the row points to cannot be invented.
    """
    row = []
    parents: Parents = {}
    for field, target, column, lookup in fields:
        invented = _for_field(lookup or field, target, column)
        if isinstance(field, models.ForeignKey | models.ManyToManyField):
            named = {lookup.attname: invented.stored} if lookup else {}
            try:
                parents = _with_parents(field, (model,), parents, named)
            except ValueError:
                if not (field.null or field.many_to_many):
                    raise
                invented = EMPTY
        row.append(invented)
    return row, tuple(parents.values())


def _for_field(field: AnyField, target: Target, column: Column) -> Invented:
    """Invent a value that an existing field accepts."""
    field = stored_field(field)
    choices = [value for value, _ in field.flatchoices if value not in {"", None}]
    if choices and target.kind is Kind.TEXT:
        return _same(str(choices[0]), literal(str(choices[0])))
    if choices and target.kind is Kind.INTEGER:
        return _same(str(int(choices[0])), literal(int(choices[0])))
    if own := _of_own_form(field):
        return own
    if text := _formatted_text(field):
        return _same(text, literal(text))
    if target.kind is Kind.INTEGER and (least := _least(field)) > 1:
        return _same(str(least), literal(least))
    return invent(field.name, target, column)


def _of_own_form(field: AnyField) -> Invented | None:
    """Invent an array or a UUID; None for other fields."""
    if item := items_of(field):
        return _array(item)
    return _uuid() if field.get_internal_type() == "UUIDField" else None


def _array(item: AnyField) -> Invented:
    """Invent an array of one item, as JSON writes it."""
    target = target_of(item, PLAIN)
    if target is None:
        return EMPTY
    one = _for_field(item, target, PLAIN)
    is_bare = target.kind in {*NUMBERS, Kind.BOOLEAN, Kind.JSON} or items_of(item)
    text = f"[{one.text if is_bare else json.dumps(one.text)}]"
    return Invented(text, literal(text), List((one.stored,)))


def _with_parents(
    field: Any,
    path: tuple[Model, ...],
    parents: Parents,
    named: Mapping[str, Expression] = NOT_NAMED,
) -> Parents:
    """Return the parents, and the rows that a foreign key needs besides.

    Args:
        field: The foreign key.
        path: The models from the invented row to the model of the foreign key.
        parents: The rows so far.
        named: By attname the values by which the row is looked up.

    Raises:
        ValueError: A row would need itself, or a value that cannot be invented.
    """
    model = field.remote_field.model
    if model in path:
        names = " -> ".join(step._meta.label for step in (*path, model))
        raise ValueError(
            f"Rows of these models need each other first: {names}. Allow null in one of "
            "these foreign keys, or write this import by hand."
        )
    values = {}
    for own in model._meta.concrete_fields:
        if own.primary_key or own is field.target_field or is_required(own):
            values[own.attname] = _parent_value(own)
        if isinstance(own, models.ForeignKey) and is_required(own):
            parents = _with_parents(own, (*path, model), parents)
    if model in parents:
        values = parents[model].values | values
    values |= named
    return parents | {model: Parent(model_name(model), values)}


def _parent_value(field: AnyField) -> Expression:
    # Source holds no secrets, not even invented ones.
    if SECRET.search(field.name) and field.empty_strings_allowed:
        return literal("")
    if target := target_of(field, PLAIN):
        return _for_field(field, target, PLAIN).stored
    other = OTHER_VALUES.get(stored_field(field).get_internal_type())
    if other is None:
        raise ValueError(
            f'No test value is known for "{field.name}" of {field.model._meta.label}, '
            f"a {type(field).__name__}: give the field a default, or allow null."
        )
    return other


def _uuid() -> Invented:
    cleaned = literal(UUID_TEXT)
    return Invented(UUID_TEXT, cleaned, call("UUID", cleaned))


def _same(text: str, value: Expression) -> Invented:
    return Invented(text, value, value)


def _texts(words: str, target: Target, column: Column) -> Invented:
    if target.kind is Kind.UUID:
        return _uuid()
    if target.kind is Kind.JSON:
        return Invented(JSON_TEXT, literal(JSON_TEXT), Source(JSON_TEXT))
    if target.kind in FORMED:
        return _same(FORMED[target.kind], literal(FORMED[target.kind]))
    if column.wrapped:
        return Invented("'00123", literal("00123"), literal("00123"))
    text = _text(words, target.length, column.null_tokens)
    return _same(text, literal(text))


def _text(words: str, length: int | None, null_tokens: tuple[str, ...]) -> str:
    """Return the first candidate that fits and is not a null word."""
    nothing = {token.lower() for token in null_tokens}
    return next(
        text
        for text in (f"{words} 1", "text 1", "abc", "a", "b")
        if (length is None or len(text) <= length) and text.lower() not in nothing
    )


def _number(target: Target, column: Column) -> Invented:
    whole = target.digits - target.places if target.kind is Kind.DECIMAL else 9
    digits = "1234" if column.thousands and whole >= 4 else "1" if whole else "0"
    grouped = digits.replace("1234", f"1{column.thousands}234")
    beside = "%" if column.percent else "".join(column.currency[:1])
    if target.kind is Kind.INTEGER:
        return _same(f"{grouped}{beside}", Source(digits))
    places = target.places if target.kind is Kind.DECIMAL else 1
    decimals = "5".ljust(places, "0") if places else ""
    text = f"{grouped}{column.decimal}{decimals}" if places else grouped
    text += beside
    plain = f"{digits}.{decimals}" if places else digits
    if target.kind is Kind.FLOAT:
        return _same(text, Source(plain))
    return _same(text, call("Decimal", literal(plain)))


def _moment(target: Target, column: Column) -> Invented:
    day = (DAY.year, DAY.month, DAY.day)
    if target.kind is Kind.DATE:
        return _same(_write(DAY, _format(column, "%Y-%m-%d")), _call("date", *day))
    if target.kind is Kind.TIME:
        text = "12:30"
        if column.kind is Kind.TIME and column.format:
            text = _write(dt.datetime.combine(DAY, CLOCK), column.format)
        return _same(text, _call("time", CLOCK.hour, CLOCK.minute))
    clock = CLOCK if column.kind is Kind.DATETIME else dt.time()
    template = _format(column, "%Y-%m-%d %H:%M" + ("Z" if column.zone else ""))
    moment = dt.datetime.combine(DAY, clock)
    text = _write(moment, template)
    if column.epoch:
        seconds = int((moment - UNIX_EPOCH).total_seconds())
        text = str(seconds * PER_SECOND[column.epoch])
    return _same(
        text, _call("datetime", *day, clock.hour, clock.minute, zone=target.zone)
    )


def _format(column: Column, iso: str) -> str:
    """Return the format of a column, with the names that the invented day has."""
    format_ = column.format or iso
    if column.weekdays:
        format_ = format_.replace("%a", column.weekdays[DAY.weekday()].split("|")[0])
    if column.months:
        format_ = format_.replace("%B", column.months[DAY.month - 1].split("|")[0])
    return format_


def _call(name: str, *parts: int, zone: str | None = None) -> Call:
    numbers = map(literal, parts)
    if zone is None:
        return call(name, *numbers)
    tzinfo = Source(zone) if zone == "UTC" else call("ZoneInfo", literal(zone))
    return call(name, *numbers, tzinfo=tzinfo)


def _write(moment: dt.date | dt.datetime, template: str) -> str:
    """Write a date or time in a format of polars, which differs from Python's."""
    return str(pl.select(pl.lit(moment).dt.to_string(template)).item())


def _least(field: AnyField) -> int:
    limits = [
        validator.limit_value
        for validator in field.validators
        if isinstance(validator, MinValueValidator)
        and isinstance(validator.limit_value, int | Decimal)
    ]
    return int(max(limits, default=1))


def _formatted_text(field: AnyField) -> str | None:
    """Return a text that the field's validators accept; None where they accept any."""
    if isinstance(field, models.EmailField):
        return "name@example.com"
    if isinstance(field, models.URLField):
        return "https://example.com/"
    if isinstance(field, models.SlugField):
        return "slug-1"
    if isinstance(field, models.GenericIPAddressField):
        return "2001:db8::1" if field.protocol.lower() == "ipv6" else "192.0.2.1"
    return None
