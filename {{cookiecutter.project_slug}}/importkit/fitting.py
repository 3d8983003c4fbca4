"""Step 3, transform: values in the types of a model's fields, null where they do not fit."""

import ipaddress
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import polars as pl
from django.utils import timezone

from importkit import casting
from importkit.model_fields import AnyField, dtype_of, json_text, target


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
    expression = casting.cast(pl.col(name), values.dtype, wanted)
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
