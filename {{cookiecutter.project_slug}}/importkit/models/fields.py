"""Step 3, transform: the fields of a model, and the polars types that hold their values."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import NOT_PROVIDED, AutoField, Field, ForeignKey, Model
from django.db.models.fields.proxy import OrderWrt
from django.utils import timezone

from importkit.errors import ConfigurationError, did_you_mean
from importkit.models.values.composites import RANGES, composite_text, is_composite
from importkit.models.values.unread import Unread

type AnyField = Field[Any, Any]

INTEGERS: dict[str, pl.DataType] = {
    "SmallAutoField": pl.Int16(),
    "SmallIntegerField": pl.Int16(),
    "PositiveSmallIntegerField": pl.Int16(),
    "AutoField": pl.Int32(),
    "IntegerField": pl.Int32(),
    "PositiveIntegerField": pl.Int32(),
    "BigAutoField": pl.Int64(),
    "BigIntegerField": pl.Int64(),
    "PositiveBigIntegerField": pl.Int64(),
}
TEXTS = ("CharField", "TextField", "SlugField", "FilePathField")
# Fields whose text is written in one spelling, however the source spells the value.
ONE_SPELLING = ("UUIDField", "GenericIPAddressField")
# Fields whose values are read one by one, and kept as the text that the database takes.
SPECIAL_TEXTS = (*ONE_SPELLING, "JSONField")
OTHERS: dict[str, pl.DataType] = {
    "FloatField": pl.Float64(),
    "BooleanField": pl.Boolean(),
    "DateField": pl.Date(),
    "TimeField": pl.Time(),
    "DurationField": pl.Duration("us"),
    "BinaryField": pl.Binary(),
}
MOST_DIGITS = 38  # The most digits that a decimal of polars has.
# The methods with which a field of another package, or of a project, may change the value
# that is written.
WRITING_METHODS = (
    "db_type",
    "get_db_prep_save",
    "get_db_prep_value",
    "get_placeholder",
    "get_placeholder_sql",
    "get_prep_value",
    "pre_save",
    "to_python",
)


# The fields of a model.


def writable_fields(model: type[Model]) -> list[AnyField]:
    """Return the fields with a column, except those that the database computes."""
    fields: list[AnyField] = list(model._meta.concrete_fields)
    return [field for field in fields if not field.generated]


def field_of(model: type[Model], attname: str) -> AnyField:
    """Return the writable field with an attname."""
    return next(f for f in writable_fields(model) if f.attname == attname)


def attname_of(model: type[Model], name: str) -> str:
    """Return the attname of a field, given its name or its attname.

    Raises:
        ConfigurationError: The model has no such field.
    """
    fields = {field.name: field.attname for field in writable_fields(model)}
    fields |= {attname: attname for attname in fields.values()}
    if name not in fields:
        raise ConfigurationError(
            f'{model._meta.label} has no field "{name}"{did_you_mean(name, fields)}.'
        )
    return fields[name]


def pk_fields(model: type[Model]) -> list[AnyField]:
    """Return the fields of the primary key: several if it is a composite one."""
    return list(model._meta.pk_fields)


def inherited_pk_fields(model: type[Model]) -> list[AnyField]:
    """Return the same, and the primary keys of parents that have a table of their own."""
    own = pk_fields(model)
    return [f for f in writable_fields(model) if f.primary_key or f in own]


def unique_sets(model: type[Model]) -> list[set[str]]:
    """Return each set of attnames whose values together are unique in the table.

    A set with a value that the database computes is left out: only the table has it.
    """
    fields = {field.name: field for field in writable_fields(model)}
    constraints = [c.fields for c in model._meta.total_unique_constraints]
    together = [*constraints, *model._meta.unique_together]
    single = [{field.attname} for field in fields.values() if field.unique]
    if len(pk := pk_fields(model)) > 1:
        single.append({field.attname for field in pk})
    given = [names for names in together if fields.keys() >= set(names)]
    return [*single, *({fields[name].attname for name in names} for names in given)]


# One field.


def column_of(field: AnyField) -> str:
    """Return the name of the column of a field, without quotes."""
    return field.column or field.attname


def value_field(field: AnyField) -> AnyField:
    """Return the field that defines the values: for a foreign key, the parent's field."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field


def dtype_of(field: AnyField) -> pl.DataType | None:
    """Return the type of a frame's column for a field; None where polars has none."""
    field = value_field(field)
    kind = field.get_internal_type()
    if kind in TEXTS or kind in SPECIAL_TEXTS or is_composite(field):
        return pl.String()
    if kind == "DateTimeField":
        return pl.Datetime("us", "UTC" if settings.USE_TZ else None)
    if kind == "DecimalField":
        digits = getattr(field, "max_digits", None)
        scale = getattr(field, "decimal_places", None)
        if digits is None or scale is None or digits > MOST_DIGITS:
            return None
        return pl.Decimal(digits, scale)
    return INTEGERS.get(kind) or OTHERS.get(kind)


def stored_value(field: AnyField, value: object) -> object:
    """Return the value that is read again from the table, where a field changes values.

    A field may write all text in upper case, for example (``get_prep_value``).
    """
    stored: Any = value_field(field)
    if value is not None and overridden_method(stored):
        value = stored.get_prep_value(value)
    return python_value(stored, value)


def python_value(field: AnyField, value: Any) -> Any:
    """Return a value of an instance in the Python type of its field.

    A time without a zone is in the current zone of Django.

    Raises:
        ValidationError: The field cannot read the value.
        ValueError: The time has a zone and may have none, or does not exist once in the
            current zone.
    """
    value = value_field(field).to_python(value)
    if not isinstance(value, datetime.datetime):
        return value
    if not settings.USE_TZ and timezone.is_aware(value):
        raise ValueError("The time has a zone.")
    if not settings.USE_TZ or timezone.is_aware(value):
        return value
    zone = timezone.get_current_timezone()
    first, second = (value.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise ValueError("The time does not exist once.")
    return first


def overridden_method(field: AnyField) -> str | None:
    """Return the name of a method that is not Django's and may change what is written."""
    for name in WRITING_METHODS:
        method = getattr(type(value_field(field)), name, None)
        if method is None:
            continue
        module = method.__module__
        # A file is saved to a storage before its name is written.
        if not module.startswith("django.db.models.") or module.endswith(".files"):
            return name
    return None


def sets_itself(field: AnyField) -> bool:
    """Return whether the field sets itself to the time at which a row is written."""
    return bool(
        getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    )


def is_update_time(field: AnyField) -> bool:
    """Return whether the field takes the time of each change of a row."""
    return bool(getattr(field, "auto_now", False))


def _makes_its_value(field: AnyField) -> bool:
    """Return whether nobody enters the value, such as a slug made of other values."""
    module = type(field).pre_save.__module__
    return not field.editable and not module.startswith("django.db.models.")


def needs_value(field: AnyField) -> bool:
    """Return whether a new row cannot be written without a value for this field."""
    has_default = field.has_default() or field.db_default is not NOT_PROVIDED
    is_link = isinstance(field, ForeignKey) and field.remote_field.parent_link
    sets = isinstance(field, AutoField | OrderWrt) or sets_itself(field)
    filled_by_django = sets or is_link or _makes_its_value(field)
    may_be_empty = field.blank and field.empty_strings_allowed
    return not (field.null or has_default or filled_by_django or may_be_empty)


# Values of instances, as values of a frame and back.


def series_of(field: AnyField, name: str, values: Sequence[object]) -> pl.Series:
    """Return values that the field accepts as a series in the type of its column.

    Raises:
        ValidationError: The field cannot convert one of the values.
    """
    stored = value_field(field)
    kind = stored.get_internal_type()
    if kind == "JSONField":
        return pl.Series(
            name, [json_text(stored, value) for value in values], pl.String
        )
    if is_composite(stored):
        texts = [composite_text(stored, value) for value in values]
        return pl.Series(name, texts, pl.String)
    is_null = (type(None), Unread)  # What cannot be read equals no value of a frame.
    known = [None if isinstance(v, is_null) else stored.to_python(v) for v in values]
    if kind in SPECIAL_TEXTS:
        known = [None if value is None else str(value) for value in known]
    if kind == "BinaryField":
        known = [None if value is None else bytes(value) for value in known]
    return pl.Series(name, known, dtype_of(field))


def default_series(field: AnyField, height: int, *, add: bool) -> pl.Series | None:
    """Return what Django puts into a field that has no column in the frame.

    Args:
        field: The field.
        height: The number of rows.
        add: Whether the rows are new.

    Returns:
        One value for each row; None where Django leaves the value to the database.
    """
    name = field.attname
    if sets_itself(field):
        now = field.pre_save(field.model(), add=add)
        return series_of(field, name, [now]).new_from_index(0, height)
    if field.has_default() and callable(field.default):
        return series_of(field, name, [field.get_default() for _ in range(height)])
    if field.has_default() or not (field.null or field.db_default is not NOT_PROVIDED):
        if isinstance(field, AutoField):
            return None
        value = series_of(field, name, [field.get_default()])
        return value.new_from_index(0, height)
    return None


def json_text(field: Any, value: object) -> str | None:
    """Return a value as the JSON that Django would write; None stays None."""
    return None if value is None else json.dumps(value, cls=field.encoder)


def shown_value(field: AnyField, value: object) -> object:
    """Return a value of an instance in the one form in which a person reads it."""
    stored: Any = value_field(field)
    kind = stored.get_internal_type()
    if kind == "JSONField" and value is not None:
        return json.dumps(value, cls=stored.encoder, ensure_ascii=False, sort_keys=True)
    if kind in RANGES and value is not None:
        return str(value)
    return bytes(value) if isinstance(value, memoryview) else value
