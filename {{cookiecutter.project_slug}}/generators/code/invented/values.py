"""Invent values that look like those of a column: in its notation, and none of them real."""

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
from django.conf import settings

from generators.code.expressions import Call, call
from generators.code.fields import Target, is_year
from generators.code.invented import Invented
from generators.inference import NUMBERS, TEXTS, Column, Kind
from generators.naming import Source, literal
from importkit.cleaning import PER_SECOND
from importkit.secret_names import names_secret

# Of each pair, the first is a value of the row of the tests, the other one of another row.
# 30 and 31 cannot be read as a month, and 12:30 is the same with and without AM or PM.
DAYS = (dt.date(2026, 1, 31), dt.date(2026, 1, 30))
CLOCKS = (dt.time(12, 30), dt.time(12, 45))
SPANS = (dt.timedelta(hours=36, minutes=15), dt.timedelta(hours=12, minutes=30))
DIGITS = ("123456789123456789", "234567891234567891")
YEAR_DIGITS = ("2026", "2025")
UUIDS = ("7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e", "0b9d8c7a-6f5e-4d3c-8b2a-190817263544")
WRAPPED = ("00123", "00234")
FORMED = {
    Kind.EMAIL: ("name@example.com", "other@example.com"),
    Kind.URL: ("https://example.com/", "https://example.com/other"),
    Kind.IP: ("192.0.2.1", "192.0.2.2"),
}
UNIX_EPOCH = dt.datetime(1970, 1, 1)
# The most digits before the mark of decimals: enough for a mark between thousands.
MOST_WHOLE_DIGITS = 4


def invent(words: str, target: Target, column: Column) -> Invented:
    """Invent a value of a column and another one, in the sample's notation.

    Args:
        words: The name of the field, which is the text of a text.
        target: What the field holds.
        column: The column, with the notation of its values.
    """
    if target.kind is Kind.BOOLEAN:
        return _boolean(column)
    first, other = (_invent(words, target, column, place) for place in (0, 1))
    return first.beside(other)


def uuids() -> Invented:
    """Invent two UUIDs, which a frame has as text."""
    first, other = (
        Invented(text, literal(text), call("UUID", literal(text))) for text in UUIDS
    )
    return first.beside(other)


def texts(*options: str) -> Invented:
    """Return the first of some texts, and the second beside it."""
    first, *others = (Invented.same(text, literal(text)) for text in options)
    return first.beside(others[0] if others else None)


def _invent(words: str, target: Target, column: Column, place: int) -> Invented:
    if target.kind in NUMBERS:
        return _number(target, column, place)
    if target.kind is Kind.DURATION:
        return _span(SPANS[place])
    if target.kind in TEXTS:
        return _text(words, target, column, place)
    return _moment(target, column, place)


def _boolean(column: Column) -> Invented:
    yes = Invented.same([*column.true, "true"][0], literal(True))
    # A word for true alone leaves false to the empty cell.
    if column.true and not column.false:
        return yes
    return yes.beside(Invented.same([*column.false, "false"][0], literal(False)))


def _span(span: dt.timedelta) -> Invented:
    minutes = int(span.total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    value = call("timedelta", hours=literal(hours), minutes=literal(minutes))
    return Invented.same(f"{hours}:{minutes:02}:00", value)


def _text(words: str, target: Target, column: Column, place: int) -> Invented:
    if target.kind is Kind.UUID:
        found = uuids()
        return (found, found.other or found)[place]
    if target.kind is Kind.JSON:
        text = f'{{"key": "text {place + 1}"}}'
        return Invented(text, literal(text), Source(text))
    if target.kind in FORMED:
        text = FORMED[target.kind][place]
        return Invented.same(text, literal(text))
    if column.wrapped:
        return Invented.same(f"'{WRAPPED[place]}", literal(WRAPPED[place]))
    nothing = {token.lower() for token in column.null_tokens}
    # Of a secret not even the form is shown.
    is_secret = names_secret(column.header) or names_secret(words)
    examples = () if is_secret else column.examples[place : place + 1]
    spoken = words.replace("_", " ")
    candidates = (
        *examples,
        *(f"{spoken} {place + 1}", f"text {place + 1}"),
        *(("abc", "a", "b"), ("bcd", "c", "d"))[place],
    )
    text = next(
        text
        for text in candidates
        if (target.length is None or len(text) <= target.length)
        and text.lower() not in nothing
    )
    return Invented.same(text, literal(text))


def _number(target: Target, column: Column, place: int) -> Invented:
    digits = _whole_digits(target, column, place)
    grouped = f"{int(digits):,}".replace(",", column.thousands)
    beside = "%" if column.percent else "".join(column.currency[:1])
    beside += f" {column.unit[0]}" if column.unit else ""
    if target.kind is Kind.INTEGER:
        return Invented.same(f"{grouped}{beside}", Source(digits))
    places = target.places if target.kind is Kind.DECIMAL else 1
    # Without a digit in front, only the decimals can differ.
    decimals = "56"[place if digits == "0" else 0].ljust(places, "0") if places else ""
    text = f"{grouped}{column.decimal}{decimals}" if places else grouped
    plain = f"{digits}.{decimals}" if places else digits
    is_float = target.kind is Kind.FLOAT
    value = Source(plain) if is_float else call("Decimal", literal(plain))
    return Invented.same(text + beside, value)


def _whole_digits(target: Target, column: Column, place: int) -> str:
    """Return digits, about as many as the numbers of the column have in front."""
    digits = DIGITS[place]
    most = column.maximum or 0
    if target.kind is Kind.INTEGER:
        if is_year(column):
            return YEAR_DIGITS[place]
        fitting = (digits[:n] for n in range(len(str(most)), 0, -1))
        return next((part for part in fitting if int(part) <= most), digits[:1])
    room = target.digits - target.places if target.kind is Kind.DECIMAL else 9
    wanted = column.digits if column.kind is Kind.DECIMAL else len(str(most))
    if column.thousands:
        wanted = MOST_WHOLE_DIGITS
    return digits[: min(wanted, room, MOST_WHOLE_DIGITS)] or "0"


def _moment(target: Target, column: Column, place: int) -> Invented:
    day, clock = DAYS[place], CLOCKS[place]
    parts = (day.year, day.month, day.day)
    if target.kind is Kind.DATE:
        return Invented.same(
            _write(day, _format(column, day, "%Y-%m-%d")), _call("date", *parts)
        )
    if target.kind is Kind.TIME:
        text = f"{clock:%H:%M}"
        if column.kind is Kind.TIME and column.format:
            text = _write(dt.datetime.combine(day, clock), column.format)
        return Invented.same(text, _call("time", clock.hour, clock.minute))
    clock = clock if column.kind is Kind.DATETIME else dt.time()
    template = _format(column, day, "%Y-%m-%d %H:%M" + ("Z" if column.zone else ""))
    moment = dt.datetime.combine(day, clock)
    text = _write(moment, template)
    if column.epoch:
        seconds = int((moment - UNIX_EPOCH).total_seconds())
        text = str(seconds * PER_SECOND[column.epoch])
    value = _call("datetime", *parts, clock.hour, clock.minute, zone=target.zone)
    if target.zone is None or settings.USE_TZ:
        return Invented.same(text, value)
    local = moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(settings.TIME_ZONE))
    return Invented(text, value, _call("datetime", *local.timetuple()[:5]))


def _format(column: Column, day: dt.date, iso: str) -> str:
    """Return the format of a column, with the names that an invented day has."""
    format_ = column.format or iso
    if column.weekdays:
        format_ = format_.replace("%a", column.weekdays[day.weekday()].split("|")[0])
    if column.months:
        format_ = format_.replace("%B", column.months[day.month - 1].split("|")[0])
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
