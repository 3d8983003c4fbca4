"""Step 3, transform: what the fields of a model hold, as polars types."""

import ipaddress
import json
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import NOT_PROVIDED, AutoField, Field, ForeignKey, Model
from django.utils import timezone

from importkit.cleaning import cast
from importkit.errors import ConfigurationError, did_you_mean

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
MOST_DIGITS = 38  # Of a decimal in polars.
TEXTS = ("CharField", "TextField", "SlugField", "FilePathField")
# Looked at value by value, and kept as the text that the database takes.
SPECIAL_TEXTS = ("UUIDField", "GenericIPAddressField", "JSONField")
OTHERS: dict[str, pl.DataType] = {
    "FloatField": pl.Float64(),
    "BooleanField": pl.Boolean(),
    "DateField": pl.Date(),
    "TimeField": pl.Time(),
    "DurationField": pl.Duration("us"),
    "BinaryField": pl.Binary(),
}
# Where a field of another package or of a project may change what is written.
MEANING = (
    "db_type",
    "get_db_prep_save",
    "get_db_prep_value",
    "get_placeholder",
    "get_placeholder_sql",
    "get_prep_value",
    "pre_save",
    "to_python",
)


def writable_fields(model: type[Model]) -> list[AnyField]:
    """Return the fields that have a column which the database does not compute."""
    fields: list[AnyField] = list(model._meta.concrete_fields)
    return [field for field in fields if not field.generated]


def field_of(model: type[Model], attname: str) -> AnyField:
    """Return the field of a column that a frame may have."""
    return next(f for f in writable_fields(model) if f.attname == attname)


def attname_of(model: type[Model], name: str) -> str:
    """Return the attname for the name, or attname, of a field.

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


def column_of(field: AnyField) -> str:
    """Return the name of the column of a field, without quotes."""
    return field.column or field.attname


def target(field: AnyField) -> AnyField:
    """Return the field whose values a field holds: for a foreign key, its parent's."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field


def dtype_of(field: AnyField) -> pl.DataType | None:
    """Return the type of a frame's column for a field; None where polars has none."""
    field = target(field)
    kind = field.get_internal_type()
    if kind in TEXTS or kind in SPECIAL_TEXTS:
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


def own_meaning(field: AnyField) -> str | None:
    """Return the method with which a field changes what it writes, if it has one."""
    for name in MEANING:
        method = getattr(type(target(field)), name, None)
        if method is None:
            continue
        module = method.__module__
        # A file is saved to a storage before its name is written.
        if not module.startswith("django.db.models.") or module.endswith(".files"):
            return name
    return None


def sets_itself(field: AnyField) -> bool:
    """Say whether a field takes the time of writing, whatever it is given."""
    return bool(
        getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    )


def is_update_time(field: AnyField) -> bool:
    """Say whether a field takes the time of each change of a row."""
    return bool(getattr(field, "auto_now", False))


def unique_sets(model: type[Model]) -> list[set[str]]:
    """Return the sets of attnames in which no two rows of a table are alike."""
    fields = {field.name: field for field in writable_fields(model)}
    constraints = [c.fields for c in model._meta.total_unique_constraints]
    together = [*constraints, *model._meta.unique_together]
    single = [{field.attname} for field in fields.values() if field.unique]
    return [*single, *({fields[name].attname for name in names} for names in together)]


def needs_value(field: AnyField) -> bool:
    """Say whether a new row without a value for this field cannot be written."""
    has_default = field.has_default() or field.db_default is not NOT_PROVIDED
    is_link = isinstance(field, ForeignKey) and field.remote_field.parent_link
    filled_by_django = isinstance(field, AutoField) or sets_itself(field) or is_link
    may_be_empty = field.blank and field.empty_strings_allowed
    return not (field.null or has_default or filled_by_django or may_be_empty)


def series_of(field: AnyField, name: str, values: Sequence[object]) -> pl.Series:
    """Return Python values, as a field takes them, in the type of its column.

    Raises:
        ValidationError: A value is none of the field's.
    """
    stored = target(field)
    kind = stored.get_internal_type()
    if kind == "JSONField":
        return pl.Series(
            name, [json_text(stored, value) for value in values], pl.String
        )
    known = [None if value is None else stored.to_python(value) for value in values]
    if kind in SPECIAL_TEXTS:
        known = [None if value is None else str(value) for value in known]
    if kind == "BinaryField":
        known = [None if value is None else bytes(value) for value in known]
    return pl.Series(name, known, dtype_of(field))


def json_text(field: Any, value: object) -> str | None:
    """Return a value as the JSON that Django would write; None is no value."""
    return None if value is None else json.dumps(value, cls=field.encoder)


def shown_value(field: AnyField, value: object) -> object:
    """Return a value of an instance as a person reads it, whichever way it came."""
    stored: Any = target(field)
    kind = stored.get_internal_type()
    if kind == "JSONField" and value is not None:
        return json.dumps(value, cls=stored.encoder, ensure_ascii=False, sort_keys=True)
    return bytes(value) if isinstance(value, memoryview) else value


def default_series(field: AnyField, height: int, *, add: bool) -> pl.Series | None:
    """Return what Django puts into a field without a value; None: the database does.

    Args:
        field: A field that the frame has no column for.
        height: The number of rows.
        add: Whether the rows are new.
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


def _read_uuid(_field: AnyField, text: str) -> str:
    return str(uuid.UUID(text))


def _read_address(field: AnyField, text: str) -> str:
    ipaddress.ip_address(text)
    return str(field.get_prep_value(text))


# What is read value by value, and written in one way however it was spelt.
READERS = {"UUIDField": _read_uuid, "GenericIPAddressField": _read_address}


def fit_values(field: AnyField, values: pl.Series) -> pl.Series:
    """Return the values in the type of the field's column, null where they do not fit."""
    name = field.attname
    values = values.alias(name)
    wanted = dtype_of(field)
    kind = target(field).get_internal_type()
    if kind == "JSONField":
        texts = [_json(target(field), value) for value in values.to_list()]
        return pl.Series(name, texts, pl.String)
    if wanted is not None and values.dtype == pl.Null:
        return values.cast(wanted)
    if kind in READERS:
        texts = [None if value is None else str(value) for value in values]
        text = pl.Series(name, texts, pl.String)
        return _read_each(text, partial(READERS[kind], target(field)))
    if wanted is None or values.dtype == wanted:
        return values.fill_nan(None) if values.dtype.is_float() else values
    if isinstance(wanted, pl.Datetime) and wanted.time_zone:
        values = _aware(values)
    expression = cast(pl.col(name), values.dtype, wanted)
    return values.to_frame().select(expression).to_series()


def _json(field: AnyField, value: object) -> str | None:
    """Write JSON; text that holds an object or a list is JSON already."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        with suppress(ValueError):
            value = json.loads(value)
    try:
        return json_text(field, value)
    except (TypeError, ValueError):
        return None


def _aware(values: pl.Series) -> pl.Series:
    """Give local times the zone that Django takes them to be in."""
    if getattr(values.dtype, "time_zone", None):
        return values.dt.convert_time_zone("UTC")
    zone = timezone.get_current_timezone_name()
    local = values.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    return local.dt.convert_time_zone("UTC")


def _read_each(values: pl.Series, read: Callable[[str], str]) -> pl.Series:
    """Read each distinct value once; null where it does not read."""
    distinct = values.drop_nulls().unique()
    good = pl.Series([_read(read, value) for value in distinct], dtype=pl.String)
    return values.replace_strict(distinct, good, default=None, return_dtype=pl.String)


def _read(read: Callable[[str], str], value: str) -> str | None:
    try:
        return read(value)
    except ValueError:
        return None
