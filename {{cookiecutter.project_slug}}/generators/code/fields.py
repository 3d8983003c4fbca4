"""Columns become Django fields, and Django fields say what columns must hold."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.fields import NOT_PROVIDED

from generators.code.expressions import Call, Expression, call
from generators.inference import (
    BLANKS,
    COMPACT,
    NUMBERS,
    TEXTS,
    Column,
    Kind,
)
from generators.naming import (
    Source,
    literal,
    snake,
    verbose_name,
)

LENGTHS = (10, 20, 50, 100, 200, 255, 500)
URL_LENGTHS = (200, 500, 1000, 2000)
LENGTH_UNKNOWN = 255
# What Django gives these fields unless told otherwise.
DEFAULT_LENGTHS = {Kind.EMAIL: 254, Kind.URL: 200}
# One digit less than a 32-bit integer holds: values grow.
INTEGER_LIMIT = 10**9
# A 16-bit integer holds more than three hundred times as much; and four digits of a year.
SMALL_LIMIT = 100
SMALL_VALUES = 100
YEARS = range(1000, 3000)
YEAR_WORDS = "year jahr annee ano anno"
COUNTED = "amount count number qty quantity size total"
ID_WORDS = "id key"
DIGITS = (12, 19, 28, 38)
DIGITS_ROOM = 2
DECIMAL_PLACES = 2

# The kinds of which there is one field and one dtype.
CLASSES = {
    Kind.TEXT: "TextField",
    Kind.FLOAT: "FloatField",
    Kind.BOOLEAN: "BooleanField",
    Kind.DATE: "DateField",
    Kind.DATETIME: "DateTimeField",
    Kind.TIME: "TimeField",
    Kind.DURATION: "DurationField",
    Kind.UUID: "UUIDField",
    Kind.EMAIL: "EmailField",
    Kind.URL: "URLField",
    Kind.IP: "GenericIPAddressField",
    Kind.JSON: "JSONField",
}
DTYPES: dict[Kind, Expression] = {
    **dict.fromkeys(TEXTS, Source("pl.String")),
    Kind.DURATION: call("pl.Duration", literal("us")),
    Kind.FLOAT: Source("pl.Float64"),
    Kind.BOOLEAN: Source("pl.Boolean"),
    Kind.DATE: Source("pl.Date"),
    Kind.TIME: Source("pl.Time"),
}
# As wide as the column in the database: SQLite would take any integer without a word.
INTEGERS = {
    **dict.fromkeys(("SmallIntegerField", "SmallAutoField"), Source("pl.Int16")),
    **dict.fromkeys(("IntegerField", "AutoField"), Source("pl.Int32")),
    **dict.fromkeys(("BigIntegerField", "BigAutoField"), Source("pl.Int64")),
    "PositiveSmallIntegerField": Source("pl.Int16"),
    "PositiveIntegerField": Source("pl.Int32"),
    "PositiveBigIntegerField": Source("pl.Int64"),
}
# What ``get_internal_type`` says, so that a subclass of a field counts as the field.
KINDS = {
    **{name: kind for kind, name in CLASSES.items() if kind is not Kind.JSON},
    **dict.fromkeys(("CharField", "EmailField", "URLField", "SlugField"), Kind.TEXT),
    **dict.fromkeys(("FilePathField", "FileField", "UUIDField"), Kind.TEXT),
    **dict.fromkeys(("GenericIPAddressField", "IPAddressField"), Kind.TEXT),
    **dict.fromkeys(INTEGERS, Kind.INTEGER),
    "DecimalField": Kind.DECIMAL,
}

type AnyField = models.Field[Any, Any]


@dataclass(frozen=True)
class Target:
    """What a column becomes, whether its field is new or exists.

    Attributes:
        kind: The kind of values that the field holds.
        dtype: Its polars dtype, as source.
        length: The longest text it takes; None for any.
        digits: How many digits its decimals have in all.
        places: How many of them stand behind the point.
        zone: The time zone of its datetimes; None where Django keeps none.
    """

    kind: Kind
    dtype: Expression
    length: int | None = None
    digits: int = 0
    places: int = 0
    zone: str | None = None


def propose_target(column: Column) -> Target:
    """Return what a column of a new model holds, with room for values to come."""
    if column.kind is Kind.TEXT:
        length = _next(2 * column.width, LENGTHS) if column.width else LENGTH_UNKNOWN
        return _plain_target(Kind.TEXT, column, length)
    if column.kind is Kind.EMAIL:
        return _plain_target(Kind.EMAIL, column, DEFAULT_LENGTHS[Kind.EMAIL])
    if column.kind is Kind.URL:
        length = _next(2 * column.width, URL_LENGTHS)
        return _plain_target(Kind.URL if length else Kind.TEXT, column, length)
    if column.kind is Kind.DECIMAL:
        places = max(column.scale, DECIMAL_PLACES)
        digits = _next(column.digits + DIGITS_ROOM + places, DIGITS)
        return (
            _decimal(digits, places) if digits else _decimal(DIGITS[-1], column.scale)
        )
    if column.kind is Kind.INTEGER:
        return Target(Kind.INTEGER, INTEGERS[_integer_class(column)])
    return _plain_target(column.kind, column)


def propose_field(column: Column, name: str, target: Target, *, unique: bool) -> Call:
    """Return a new model's field for a column, as source.

    Where its name does not say what the header says, people read the header.

    Text that may be empty is stored as "", as Django does it; only where empty cells
    would repeat a unique value they are stored as NULL.
    """
    read = verbose_name(column.header, name)
    options: dict[str, str | bool | int | None] = {"verbose_name": read} if read else {}
    if target.length != DEFAULT_LENGTHS.get(target.kind):
        options["max_length"] = target.length
    if target.kind is Kind.DECIMAL:
        options |= {"max_digits": target.digits, "decimal_places": target.places}
    if column.nullable and (target.kind not in BLANKS or unique):
        options["null"] = True
    # To Django an empty object, or list, is blank.
    if column.nullable or target.kind is Kind.JSON:
        options["blank"] = True
    if unique:
        options["unique"] = True
    written = {name: literal(value) for name, value in options.items()}
    return call(f"models.{_field_class(column, target)}", **written)


def target_of(field: AnyField, column: Column) -> Target | None:
    """Return what an existing field demands, or None where a CSV cannot fill it."""
    field = stored_field(field)
    kind = KINDS.get(field.get_internal_type())
    if kind is None or isinstance(field, models.GeneratedField):
        return None
    if isinstance(field, models.DecimalField):
        # Django lets SQLite and PostgreSQL do without; polars needs to know.
        if not field.max_digits or field.max_digits > DIGITS[-1]:
            return None
        return _decimal(field.max_digits, field.decimal_places)
    if kind is Kind.INTEGER:
        return Target(kind, INTEGERS[field.get_internal_type()])
    return _plain_target(kind, column, getattr(field, "max_length", None))


def stored_field(field: AnyField) -> AnyField:
    """Follow foreign keys to the field whose values are stored."""
    while field.remote_field is not None and isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def is_required(field: AnyField) -> bool:
    """Say whether a row of this model cannot be made without a value for the field."""
    if field.null or field.has_default() or field.db_default is not NOT_PROVIDED:
        return False
    if isinstance(field, models.AutoField | models.GeneratedField):
        return False
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return False
    # The row of a parent table is made together with that of its child table.
    if getattr(field.remote_field, "parent_link", False):
        return False
    return not (field.blank and field.empty_strings_allowed)


def suits(column: Column, kind: Kind) -> bool:
    """Say whether a sample's values can become values of a kind."""
    if kind in {Kind.TEXT, column.kind} or column.nulls == column.rows:
        return True
    if kind is Kind.INTEGER:
        return bool(column.epoch) or column.format == COMPACT
    return {column.kind, kind} <= NUMBERS or (
        column.kind is Kind.DATE and kind is Kind.DATETIME
    )


def _plain_target(kind: Kind, column: Column, length: int | None = None) -> Target:
    if kind is not Kind.DATETIME:
        return Target(kind, DTYPES[kind], length=length)
    # A local time is one of the project's zone, which is where its people look at it.
    local = "UTC" if column.zone else settings.TIME_ZONE
    zone = local if settings.USE_TZ else None
    arguments = (literal("us"), literal(zone)) if zone else (literal("us"),)
    return Target(kind, call("pl.Datetime", *arguments), zone=zone)


def _decimal(digits: int, places: int) -> Target:
    dtype = call("pl.Decimal", literal(digits), literal(places))
    return Target(Kind.DECIMAL, dtype, digits=digits, places=places)


def _field_class(column: Column, target: Target) -> str:
    if target.kind is Kind.DECIMAL:
        return "DecimalField"
    if target.kind is Kind.INTEGER:
        return _integer_class(column)
    if target.kind is Kind.TEXT and target.length is not None:
        return "CharField"
    return CLASSES[target.kind]


def _integer_class(column: Column) -> str:
    """Return the field for integers: wide for ids, which grow, small for few digits."""
    low, high = column.minimum or 0, column.maximum or 0
    words = {*snake(column.header).split("_")}
    fits = low > -INTEGER_LIMIT and high < INTEGER_LIMIT
    if not fits or not words.isdisjoint(ID_WORDS.split()):
        return "BigIntegerField"
    small = low > -SMALL_LIMIT and high < SMALL_LIMIT
    year = not words.isdisjoint(YEAR_WORDS.split()) and {low, high} <= {*YEARS}
    grows = column.unique or not words.isdisjoint(COUNTED.split())
    enough = column.rows - column.nulls >= SMALL_VALUES
    return (
        "SmallIntegerField"
        if enough and (year or small) and not grows
        else ("IntegerField")
    )


def _next(least: int, steps: tuple[int, ...]) -> int | None:
    return next((step for step in steps if step >= least), None)
