"""Step 4, load: values of instances in the types of their fields.

A value that a column takes as it is costs one look at its type. Other values, such as text
for a number, are read by their field, as Django reads them when it saves an instance.
"""

import datetime
import decimal
import uuid
from collections.abc import Sequence
from typing import Any

import polars as pl
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from importkit.cleaning import cast, expected
from importkit.models import (
    NOUNS,
    AnyField,
    PlannedKey,
    can_be_read,
    composite_text,
    dtype_of,
    is_composite,
    json_text,
    overridden_method,
    python_value,
    value_field,
)
from importkit.problems import Reason

# The Python types of values that a column takes unchanged.
PLAIN: dict[type[pl.DataType], type] = {
    pl.String: str,
    pl.Int16: int,
    pl.Int32: int,
    pl.Int64: int,
    pl.Float64: float,
    pl.Boolean: bool,
    pl.Decimal: decimal.Decimal,
    pl.Date: datetime.date,
    pl.Datetime: datetime.datetime,
    pl.Time: datetime.time,
    pl.Duration: datetime.timedelta,
    pl.Binary: bytes,
}
JSON = {dict, list, str, int, float, bool}
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    TypeError,
    ValueError,
    ValidationError,
    pl.exceptions.PolarsError,
)


def plain_values(field: AnyField, values: Sequence[Any]) -> pl.Series | None:
    """Return values that a column takes as they are; None if one of them is another."""
    dtype = dtype_of(field)
    if dtype is None or overridden_method(field):
        return None
    types = set(map(type, values)) - {type(None)}
    kind = value_field(field).get_internal_type()
    if kind == "JSONField":
        return _json(field, values) if types <= JSON else None
    plain = {uuid.UUID if kind == "UUIDField" else PLAIN[dtype.base_type()]}
    if dtype.is_decimal():
        plain.add(int)
    if not types <= plain or kind == "GenericIPAddressField":
        return None
    return typed_values(field, values)


def typed_values(field: AnyField, values: Sequence[Any]) -> pl.Series | None:
    """Return values of the field's Python type; None if the column would change one."""
    dtype = dtype_of(field)
    if dtype is None:
        return None
    kind = value_field(field).get_internal_type()
    if kind == "JSONField":
        return _json(field, values)
    if kind in ("UUIDField", "GenericIPAddressField") or dtype.is_decimal():
        values = [None if value is None else str(value) for value in values]
    if kind == "BinaryField":
        values = [None if value is None else bytes(value) for value in values]
    try:
        return _exactly(pl.Series(field.attname, values, strict=True), dtype)
    except UNREADABLE:
        return None


def _json(field: AnyField, values: Sequence[Any]) -> pl.Series | None:
    try:
        texts = [json_text(value_field(field), value) for value in values]
    except (TypeError, ValueError, RecursionError):
        return None
    return pl.Series(field.attname, texts, pl.String)


def _exactly(values: pl.Series, dtype: pl.DataType) -> pl.Series | None:
    """Return the values in a type; None if the conversion changes a value."""
    if isinstance(values.dtype, pl.Datetime):
        zones = [getattr(known, "time_zone", None) for known in (values.dtype, dtype)]
        if bool(zones[0]) != bool(zones[1]):
            return None
    if values.dtype.is_float() and values.is_nan().any():
        return None
    if values.dtype == dtype == pl.Binary:
        return values
    expression = cast(pl.col(values.name), values.dtype, dtype)
    fitting = values.to_frame().select(expression).to_series()
    return fitting if fitting.null_count() == values.null_count() else None


# Values of other types.


class Unfit:
    """Marks a value that does not fit its field."""


UNFIT = Unfit()


def value_of(field: AnyField, value: Any) -> Any:
    """Return a value in the field's Python type, or ``UNFIT``."""
    if isinstance(value, PlannedKey):
        return value
    stored = value_field(field)
    if overridden_method(stored) or dtype_of(stored) is None:
        return _of_another_field(stored, value)
    if isinstance(value, float) and stored.get_internal_type() == "DecimalField":
        value = repr(value)  # 0.1 as a binary float is not exactly 0.1; its text is.
    try:
        read = python_value(stored, value)
    except UNREADABLE:
        return UNFIT
    if isinstance(read, str) and not can_be_read(stored, read):
        return UNFIT if read or not stored.null else None
    if isinstance(value, float | decimal.Decimal) and isinstance(read, int):
        return read if read == value else UNFIT
    return UNFIT if typed_values(stored, [read]) is None else read


def _of_another_field(field: Any, value: Any) -> Any:
    """Return the value that a field of a project reads, or ``UNFIT``."""
    try:
        if is_composite(field):
            field.to_python(composite_text(field, value))
        return field.to_python(value)
    except (ValidationError, ValueError):
        return UNFIT


def reason_of(field: AnyField) -> str:
    dtype = dtype_of(field)
    stored = value_field(field)
    if noun := NOUNS.get(stored.get_internal_type()):
        return f"not {noun}"
    if dtype is None:
        return f"not a value of {type(stored).__name__}"
    if isinstance(dtype, pl.Datetime):
        if not settings.USE_TZ:
            return "not a time without a time zone (USE_TZ is off)"
        zone = timezone.get_current_timezone_name()
        return Reason.NOT_ONCE.of(zone)
    return f"not {expected(dtype)}"
