"""Propose Django fields for columns, and find what existing fields accept."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.fields import NOT_PROVIDED

from generators.code.expressions import Call, Expression, call
from generators.inference import (
    COMPACT_DATE,
    EMPTY_AS_TEXT,
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

# Room for values to come: the next length above twice the longest of the sample.
LENGTHS = (10, 20, 50, 100, 200, 255, 500)
URL_LENGTHS = (200, 500, 1000, 2000)
# Of a column without values.
LENGTH_UNKNOWN = 255
# The lengths that Django gives these fields by default.
DEFAULT_LENGTHS = {Kind.EMAIL: 254, Kind.URL: 200}
# Larger numbers get 64 bits, although 32 bits hold twice as much: values grow.
INTEGER_LIMIT = 10**9
# Smaller numbers get 16 bits, which hold 300 times as much; so do years.
SMALL_LIMIT = 100
# How many values of a sample it takes to believe that a column stays small.
SMALL_VALUES = 100
YEARS = range(1000, 3000)
# Words of a header that say what its integers are.
YEAR_WORDS = "year jahr annee ano anno"
COUNTED = "amount count number qty quantity size total"
ID_WORDS = "id key"
# How many digits a decimal may have; 38 is the most that polars holds.
DIGITS = (12, 19, 28, 38)
# More digits before the point than the sample has.
DIGITS_ROOM = 2
DECIMAL_PLACES = 2

# The field of each kind that has only one.
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
# As wide as the column in PostgreSQL; SQLite would take any integer.
INTEGERS = {
    **dict.fromkeys(("SmallIntegerField", "SmallAutoField"), Source("pl.Int16")),
    **dict.fromkeys(("IntegerField", "AutoField"), Source("pl.Int32")),
    **dict.fromkeys(("BigIntegerField", "BigAutoField"), Source("pl.Int64")),
    "PositiveSmallIntegerField": Source("pl.Int16"),
    "PositiveIntegerField": Source("pl.Int32"),
    "PositiveBigIntegerField": Source("pl.Int64"),
}
# By ``get_internal_type``, so that a subclass of a field counts as the field.
KINDS = {
    **{name: kind for kind, name in CLASSES.items()},
    **dict.fromkeys(("CharField", "EmailField", "URLField", "SlugField"), Kind.TEXT),
    **dict.fromkeys(("FilePathField", "FileField", "UUIDField"), Kind.TEXT),
    **dict.fromkeys(("GenericIPAddressField", "IPAddressField"), Kind.TEXT),
    **dict.fromkeys(INTEGERS, Kind.INTEGER),
    "DecimalField": Kind.DECIMAL,
}

ARRAY = "ArrayField"

type AnyField = models.Field[Any, Any]


@dataclass(frozen=True)
class Target:
    """The values that a field holds, whether the field is new or exists.

    Attributes:
        kind: Their kind.
        dtype: Their polars dtype, as source.
        length: The characters of the longest text; None without a limit.
        digits: The digits of a decimal, before and after the point.
        places: The digits of a decimal after the point.
        zone: The time zone of datetimes; None where Django stores none.
    """

    kind: Kind
    dtype: Expression
    length: int | None = None
    digits: int = 0
    places: int = 0
    zone: str | None = None


def propose_target(column: Column) -> Target:
    """Return what the field of a new model holds, with room for values to come."""
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

    Where the name says less than the header, the header is the field's verbose name.
    Empty text is stored as "", as Django does it, but as NULL in a unique field, where
    "" would repeat.
    """
    shown = verbose_name(column.header, name)
    options: dict[str, str | bool | int | None] = {}
    if shown:
        options["verbose_name"] = shown
    if target.length != DEFAULT_LENGTHS.get(target.kind):
        options["max_length"] = target.length
    if target.kind is Kind.DECIMAL:
        options |= {"max_digits": target.digits, "decimal_places": target.places}
    if column.nullable and (target.kind not in EMPTY_AS_TEXT or unique):
        options["null"] = True
    # To Django, an empty JSON object or list is blank.
    if column.nullable or target.kind is Kind.JSON:
        options["blank"] = True
    if unique:
        options["unique"] = True
    if unit := _unit(column):
        options["help_text"] = unit
    written = {name: literal(value) for name, value in options.items()}
    return call(f"models.{_field_class(column, target)}", **written)


def target_of(field: AnyField, column: Column) -> Target | None:
    """Return what an existing field holds; None where no column can fill the field."""
    field = stored_field(field)
    if item := items_of(field):
        # A cell is an array as PostgreSQL or JSON writes it; the import reads its items.
        is_known = target_of(item, column) is not None
        return Target(Kind.TEXT, DTYPES[Kind.TEXT]) if is_known else None
    kind = KINDS.get(field.get_internal_type())
    if kind is None or isinstance(field, models.GeneratedField):
        return None
    if isinstance(field, models.DecimalField):
        # A dtype needs the digits; Django does not on SQLite and PostgreSQL.
        if not field.max_digits or field.max_digits > DIGITS[-1]:
            return None
        return _decimal(field.max_digits, field.decimal_places)
    if kind is Kind.INTEGER:
        return Target(kind, INTEGERS[field.get_internal_type()])
    return _plain_target(kind, column, getattr(field, "max_length", None))


def items_of(field: Any) -> AnyField | None:
    """Return the field that each item of an array is a value of; None for other fields."""
    return field.base_field if field.get_internal_type() == ARRAY else None


def stored_field(field: AnyField) -> AnyField:
    """Return the field, or the one that a foreign key takes its values from."""
    while field.remote_field is not None and isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def is_required(field: AnyField) -> bool:
    """Return whether a row cannot be created without a value for the field."""
    if field.null or field.has_default() or field.db_default is not NOT_PROVIDED:
        return False
    if isinstance(field, models.AutoField | models.GeneratedField):
        return False
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return False
    # Django creates the row of a parent table together with the child's row.
    if getattr(field.remote_field, "parent_link", False):
        return False
    return not (field.blank and field.empty_strings_allowed)


def suits(column: Column, kind: Kind) -> bool:
    """Return whether the values of a column can become values of a kind."""
    # Which cells are JSON, only the import can tell.
    if kind in {Kind.TEXT, Kind.JSON, column.kind} or column.nulls == column.rows:
        return True
    if kind is Kind.INTEGER:
        return bool(column.epoch) or column.format == COMPACT_DATE
    return {column.kind, kind} <= NUMBERS or (
        column.kind is Kind.DATE and kind is Kind.DATETIME
    )


def _plain_target(kind: Kind, column: Column, length: int | None = None) -> Target:
    if kind is not Kind.DATETIME:
        return Target(kind, DTYPES[kind], length=length)
    # A time without a zone is taken for one of the project's zone. A moment keeps its own
    # also where USE_TZ is off: importkit stores it as a time of TIME_ZONE.
    local = settings.TIME_ZONE if settings.USE_TZ else None
    zone = "UTC" if column.zone else local
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


def _unit(column: Column) -> str:
    """Return what the sign beside each number says, which the number itself lacks."""
    if beside := column.currency or column.unit:
        return f"In {beside[0].removesuffix('.')}."
    return "In percent: 12 is 12%." if column.percent else ""


def _integer_class(column: Column) -> str:
    """Return a wide field for ids, which grow, and a small one for small numbers."""
    low, high = column.minimum or 0, column.maximum or 0
    words = {*snake(column.header).split("_")}
    fits = low > -INTEGER_LIMIT and high < INTEGER_LIMIT
    if not fits or not words.isdisjoint(ID_WORDS.split()):
        return "BigIntegerField"
    small = low > -SMALL_LIMIT and high < SMALL_LIMIT
    year = is_year(column)
    grows = column.unique or not words.isdisjoint(COUNTED.split())
    enough = column.rows - column.nulls >= SMALL_VALUES
    is_small = enough and (year or small) and not grows
    return "SmallIntegerField" if is_small else "IntegerField"


def is_year(column: Column) -> bool:
    """Return whether whole numbers are years, as the header and their range say."""
    words = {*snake(column.header).split("_")}
    is_named = not words.isdisjoint(YEAR_WORDS.split())
    return is_named and {column.minimum, column.maximum} <= {*YEARS}


def _next(least: int, steps: tuple[int, ...]) -> int | None:
    return next((step for step in steps if step >= least), None)
