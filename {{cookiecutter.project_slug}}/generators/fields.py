"""Columns become Django fields, and Django fields say what columns must hold."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.fields import NOT_PROVIDED

from generators.infer import Column, Kind
from generators.layout import Call, Expression
from generators.names import Source, literal

LENGTHS = (10, 20, 50, 100, 200, 255, 500)
LENGTH_UNKNOWN = 255
# One digit less than a 32-bit integer holds: values grow.
INTEGER_LIMIT = 10**9
DIGITS = (12, 19, 28, 38)
DIGITS_ROOM = 2
DECIMAL_PLACES = 2

type AnyField = models.Field[Any, Any]

TRUE = Source("True")


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
        return _plain_target(Kind.TEXT, column, _length(column.width))
    if column.kind is Kind.DECIMAL:
        places = max(column.scale, DECIMAL_PLACES)
        digits = _next(column.digits + DIGITS_ROOM + places, DIGITS)
        return (
            _decimal(digits, places) if digits else _decimal(DIGITS[-1], column.scale)
        )
    if column.kind is Kind.INTEGER:
        return Target(Kind.INTEGER, INTEGERS[_integer_class(column)])
    return _plain_target(column.kind, column)


def propose_field(column: Column, target: Target, *, unique: bool) -> Call:
    """Return a new model's field for a column, as source.

    Text that may be empty is stored as "", as Django does it; only where empty cells
    would repeat a unique value they are stored as NULL.
    """
    name, options = _field_type(column, target)
    if column.nullable:
        if target.kind is not Kind.TEXT or unique:
            options["null"] = TRUE
        options["blank"] = TRUE
    if unique:
        options["unique"] = TRUE
    keywords = tuple((Source(key), value) for key, value in options.items())
    return Call(Source(f"models.{name}"), keywords=keywords)


def _field_type(column: Column, target: Target) -> tuple[str, dict[str, Source]]:
    if target.kind is Kind.TEXT and target.length is not None:
        return "CharField", {"max_length": number(target.length)}
    if target.kind is Kind.DECIMAL:
        return "DecimalField", {
            "max_digits": number(target.digits),
            "decimal_places": number(target.places),
        }
    if target.kind is Kind.INTEGER:
        return _integer_class(column), {}
    return FIELD_CLASSES[target.kind], {}


FIELD_CLASSES = {
    Kind.TEXT: "TextField",
    Kind.FLOAT: "FloatField",
    Kind.BOOLEAN: "BooleanField",
    Kind.DATE: "DateField",
    Kind.DATETIME: "DateTimeField",
    Kind.TIME: "TimeField",
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
    **dict.fromkeys(("CharField", "EmailField", "URLField", "SlugField"), Kind.TEXT),
    **dict.fromkeys(("TextField", "FilePathField", "UUIDField"), Kind.TEXT),
    **dict.fromkeys(("FileField", "ImageField"), Kind.TEXT),
    **dict.fromkeys(("GenericIPAddressField", "IPAddressField"), Kind.TEXT),
    **dict.fromkeys(INTEGERS, Kind.INTEGER),
    "DecimalField": Kind.DECIMAL,
    "FloatField": Kind.FLOAT,
    "BooleanField": Kind.BOOLEAN,
    "DateField": Kind.DATE,
    "DateTimeField": Kind.DATETIME,
    "TimeField": Kind.TIME,
}


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
    if field.remote_field is not None and getattr(
        field.remote_field, "parent_link", False
    ):
        return False
    return not (field.blank and field.empty_strings_allowed)


def number(value: int) -> Source:
    """Write an integer as source."""
    return Source(int(value))


def _plain_target(kind: Kind, column: Column, length: int | None = None) -> Target:
    if kind is not Kind.DATETIME:
        return Target(kind, DTYPES[kind], length=length)
    # A local time is one of the project's zone, which is where its people look at it.
    local = "UTC" if column.zone else settings.TIME_ZONE
    zone = local if settings.USE_TZ else None
    arguments = (literal("us"), literal(zone)) if zone else (literal("us"),)
    return Target(kind, Call(Source("pl.Datetime"), arguments), zone=zone)


DTYPES: dict[Kind, Source] = {
    Kind.TEXT: Source("pl.String"),
    Kind.FLOAT: Source("pl.Float64"),
    Kind.BOOLEAN: Source("pl.Boolean"),
    Kind.DATE: Source("pl.Date"),
    Kind.TIME: Source("pl.Time"),
}


def _decimal(digits: int, places: int) -> Target:
    dtype = Call(Source("pl.Decimal"), (number(digits), number(places)))
    return Target(Kind.DECIMAL, dtype, digits=digits, places=places)


def _length(width: int) -> int | None:
    return _next(2 * width, LENGTHS) if width else LENGTH_UNKNOWN


def _integer_class(column: Column) -> str:
    low, high = int(column.minimum or 0), int(column.maximum or 0)
    fits = low > -INTEGER_LIMIT and high < INTEGER_LIMIT
    return "IntegerField" if fits else "BigIntegerField"


def _next(least: int, steps: tuple[int, ...]) -> int | None:
    return next((step for step in steps if step >= least), None)
