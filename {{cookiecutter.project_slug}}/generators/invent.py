"""Invented values for generated tests: a sample is often production data."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.core.validators import MinValueValidator
from django.db import models

from generators.fields import AnyField, Target, number, stored_field, target_of
from generators.infer import Column, Kind
from generators.layout import Call, Expression
from generators.names import Source, literal

# The 31st cannot be taken for a month, nor 12:30 for half past midnight.
DAY = dt.date(2026, 1, 31)
CLOCK = dt.time(12, 30)
TZINFO = Source("tzinfo")
UUID_TEXT = "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e"


@dataclass(frozen=True)
class Invented:
    """A value of a made-up row.

    Attributes:
        text: As the file writes it.
        cleaned: As the clean frame holds it, a Python expression.
        stored: As the database gives it back.
    """

    text: str
    cleaned: Expression
    stored: Expression


def invent(words: str, target: Target, column: Column) -> Invented:
    """Invent the value of a column, in the sample's notation.

    Args:
        words: What a text should talk about: the field's name.
        target: What the value has to be.
        column: How the sample writes such values.
    """
    if target.kind is Kind.TEXT:
        return _same(*_text(words, target.length, column.null_tokens))
    if target.kind in {Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT}:
        return _number(target, column)
    if target.kind is Kind.BOOLEAN:
        return _same(column.true[0] if column.true else "true", Source("True"))
    return _moment(target, column)


def invent_for_field(field: AnyField, column: Column) -> Invented | None:
    """Invent a value that an existing field takes, None where it takes no CSV's."""
    target = target_of(field, column)
    if target is None:
        return None
    field = stored_field(field)
    if field.choices and target.kind in {Kind.TEXT, Kind.INTEGER}:
        return _chosen(field, column)
    if field.get_internal_type() == "UUIDField":
        cleaned = literal(UUID_TEXT)
        return Invented(UUID_TEXT, cleaned, Call(Source("UUID"), (cleaned,)))
    if text := _formatted_text(field):
        return _same(text, literal(text))
    if target.kind is Kind.INTEGER and (least := _least(field)) > 1:
        return _same(str(least), number(least))
    return invent(field.name.replace("_", " "), target, column)


def _same(text: str, value: Expression) -> Invented:
    return Invented(text, value, value)


def _text(
    words: str, length: int | None, null_tokens: tuple[str, ...]
) -> tuple[str, Source]:
    """Return the longest candidate that fits and does not mean nothing."""
    candidates = (f"{words.replace('_', ' ')} 1", "text 1", "abc", "a", "b")
    nothing = {token.lower() for token in null_tokens}
    fitting = (
        text
        for text in candidates
        if (length is None or len(text) <= length) and text.lower() not in nothing
    )
    text = next(fitting)
    return text, literal(text)


def _number(target: Target, column: Column) -> Invented:
    whole = target.digits - target.places if target.kind is Kind.DECIMAL else 9
    digits = "1234" if column.thousands and whole >= 4 else "1" if whole else "0"
    grouped = digits.replace("1234", f"1{column.thousands}234")
    if target.kind is Kind.INTEGER:
        return _same(grouped, Source(digits))
    places = target.places if target.kind is Kind.DECIMAL else 1
    decimals = "5".ljust(places, "0") if places else ""
    point = (column.decimal or ".") if places else ""
    plain = f"{digits}.{decimals}" if places else digits
    if target.kind is Kind.FLOAT:
        return _same(f"{grouped}{point}{decimals}", Source(plain))
    value = Call(Source("Decimal"), (literal(plain),))
    return _same(f"{grouped}{point}{decimals}", value)


def _moment(target: Target, column: Column) -> Invented:
    if target.kind is Kind.DATE:
        text = _write(DAY, column.format or "%Y-%m-%d")
        return _same(text, _call("date", DAY.year, DAY.month, DAY.day))
    if target.kind is Kind.TIME:
        return _same("12:30", _call("time", CLOCK.hour, CLOCK.minute))
    clock = CLOCK if column.kind is Kind.DATETIME else dt.time()
    moment = dt.datetime.combine(DAY, clock)
    template = column.format or "%Y-%m-%d %H:%M" + ("Z" if column.zone else "")
    parts = (DAY.year, DAY.month, DAY.day, clock.hour, clock.minute)
    return _same(_write(moment, template), _call("datetime", *parts, zone=target.zone))


def _call(name: str, *parts: int, zone: str | None = None) -> Call:
    zones = {None: (), "UTC": ((TZINFO, Source("UTC")),)}
    other = ((TZINFO, Call(Source("ZoneInfo"), (literal(zone or ""),))),)
    return Call(Source(name), tuple(map(number, parts)), zones.get(zone, other))


def _write(moment: dt.date | dt.time | dt.datetime, template: str) -> str:
    """Write a moment in a polars format, which is not quite that of Python."""
    return str(pl.select(pl.lit(moment).dt.to_string(template)).item())


def _chosen(field: AnyField, column: Column) -> Invented:
    value = next(value for value, _ in field.flatchoices if value not in {"", None})
    if isinstance(value, str):
        return _same(str(value), literal(str(value)))
    return _same(str(int(value)), number(value))


def _least(field: AnyField) -> int:
    limits = [
        validator.limit_value
        for validator in field.validators
        if isinstance(validator, MinValueValidator)
        and isinstance(validator.limit_value, int | Decimal)
    ]
    return int(max(limits, default=1))


def _formatted_text(field: AnyField) -> str | None:
    """Return a text that the field's own validators accept, None for free text."""
    if isinstance(field, models.EmailField):
        return "name@example.com"
    if isinstance(field, models.URLField):
        return "https://example.com/"
    if isinstance(field, models.SlugField):
        return "slug-1"
    if isinstance(field, models.GenericIPAddressField):
        return "2001:db8::1" if field.protocol.lower() == "ipv6" else "192.0.2.1"
    return None
