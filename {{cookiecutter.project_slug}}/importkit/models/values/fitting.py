"""Step 3, transform: the values of a frame in the types of their fields, or null."""

import ipaddress
import json
import uuid
from decimal import Decimal

import polars as pl
from django.utils import timezone

from importkit.cleaning import cast
from importkit.models.fields import (
    ONE_SPELLING,
    AnyField,
    dtype_of,
    json_text,
    value_field,
)
from importkit.models.values.composites import composite_text, is_composite


def fit_values(field: AnyField, values: pl.Series) -> pl.Series:
    """Return the values in the type of the field's column, null where they do not fit."""
    name = field.attname
    values = values.alias(name)
    wanted = dtype_of(field)
    kind = value_field(field).get_internal_type()
    if kind == "JSONField":
        texts = [_as_json(value_field(field), value) for value in values.to_list()]
        return pl.Series(name, texts, pl.String)
    if is_composite(value_field(field)):
        texts = [_as_text(value_field(field), value) for value in values.to_list()]
        return pl.Series(name, texts, pl.String)
    if wanted is not None and values.dtype == pl.Null:
        return values.cast(wanted)
    if kind in ONE_SPELLING:
        return _in_one_spelling(value_field(field), values)
    if wanted is None or values.dtype == wanted:
        return values.fill_nan(None) if values.dtype.is_float() else values
    if isinstance(wanted, pl.Datetime):
        values = _in_utc(values) if wanted.time_zone else _on_the_clock(values)
    expression = cast(pl.col(name), values.dtype, wanted)
    return values.to_frame().select(expression).to_series()


def can_be_read(field: AnyField, text: str) -> bool:
    """Return whether a text is an address or a UUID, where its field keeps only those."""
    is_one = field.get_internal_type() in ONE_SPELLING
    return not is_one or _canonical_text(field, text) is not None


def is_empty_cell(field: AnyField, values: pl.Series) -> pl.Series:
    """Return which values are those of empty cells: null, or text without a character."""
    values = without_json_null(field, values)
    empty = values.is_null()
    if values.dtype != pl.String:
        return empty
    return empty | (values == "").fill_null(value=False)


def without_json_null(field: AnyField, values: pl.Series) -> pl.Series:
    """Return no value where JSON says null: Django reads either as None."""
    is_json = value_field(field).get_internal_type() == "JSONField"
    if not is_json or values.dtype != pl.String:
        return values
    return values.set(values.str.strip_chars() == "null", None)


def beside(attname: str) -> str:
    """Return the name of the column with the values for the empty cells of a column."""
    return f"{attname} if empty"


def _as_text(field: AnyField, value: object) -> str | None:
    try:
        return composite_text(field, value)
    except ValueError:
        return None


def _as_json(field: AnyField, value: object) -> str | None:
    """Write a value as JSON; text has to be JSON already. None where it cannot be."""
    try:
        return json_text(field, strict_json(value) if isinstance(value, str) else value)
    except (TypeError, ValueError, RecursionError):
        return None


def strict_json(text: str) -> object:
    """Read JSON without a loss.

    Raises:
        ValueError: The text is not JSON, holds NaN or Infinity, names a key of an object
            twice, or has a number of which a double would lose digits.
    """
    return json.loads(
        text,
        parse_constant=_refused,
        parse_float=_exact_float,
        object_pairs_hook=_object,
    )


def _refused(text: str) -> object:
    raise ValueError(f"{text} is not JSON.")


def _exact_float(text: str) -> float:
    number = float(text)
    if Decimal(repr(number)) != Decimal(text):
        raise ValueError(f"A double loses digits of {text}.")
    return number


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    known = dict(pairs)
    if len(known) < len(pairs):
        raise ValueError("An object names a key twice.")
    return known


def _in_one_spelling(field: AnyField, values: pl.Series) -> pl.Series:
    """Read each distinct value once; null where the field cannot read the text."""
    texts = [None if value is None else str(value) for value in values]
    text = pl.Series(values.name, texts, pl.String)
    distinct = text.drop_nulls().unique()
    read = [_canonical_text(field, value) for value in distinct]
    good = pl.Series(read, dtype=pl.String)
    return text.replace_strict(distinct, good, default=None, return_dtype=pl.String)


def _canonical_text(field: AnyField, text: str) -> str | None:
    try:
        if field.get_internal_type() == "UUIDField":
            return str(uuid.UUID(text))
        ipaddress.ip_address(text)
        return str(field.get_prep_value(text))
    except ValueError:
        return None


def _in_utc(values: pl.Series) -> pl.Series:
    """Convert times to UTC; a time without a zone is in the current zone of Django."""
    if getattr(values.dtype, "time_zone", None):
        return values.dt.convert_time_zone("UTC")
    zone = timezone.get_current_timezone_name()
    local = values.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    return local.dt.convert_time_zone("UTC")


def _on_the_clock(values: pl.Series) -> pl.Series:
    """Return moments as times of the current zone, null where its clock repeats the time.

    Of the two hours that are one on the clock, the table could not tell which was meant.
    """
    if not getattr(values.dtype, "time_zone", None):
        return values
    zone = timezone.get_current_timezone_name()
    local = values.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    once = local.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    return local.set(once.is_null(), None)
