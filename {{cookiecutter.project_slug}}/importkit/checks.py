"""Step 3, transform: a frame is checked against the fields that its columns go into."""

import ipaddress
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import polars as pl
from django.db.models import Model
from django.utils import timezone

from importkit import casting, problems
from importkit.delimited import LINE
from importkit.errors import ConfigurationError, did_you_mean
from importkit.model_fields import (
    SPECIAL_TEXTS,
    AnyField,
    dtype_of,
    json_text,
    needs_value,
    sets_itself,
    target,
    writable_fields,
)

TEXT = (pl.String, pl.Categorical, pl.Enum)
type Check = Callable[[pl.Series], pl.Series]


def _read_uuid(_field: AnyField, text: str) -> str:
    return str(uuid.UUID(text))


def _read_address(field: AnyField, text: str) -> str:
    ipaddress.ip_address(text)
    return str(field.get_prep_value(text))


# What is read value by value, and written in one way however it was spelt.
READERS = {"UUIDField": _read_uuid, "GenericIPAddressField": _read_address}
NOUNS = {
    "UUIDField": "a UUID",
    "GenericIPAddressField": "an IP address",
    "JSONField": "what JSON can hold",
}


def check_columns(
    model: type[Model],
    schema: Mapping[str, pl.DataType],
    *,
    complete: bool = True,
) -> None:
    """Refuse a frame whose columns are not those of a model.

    Args:
        model: The model.
        schema: The columns of the frame, and their types.
        complete: Whether every field that needs a value has to have a column.

    Raises:
        ConfigurationError: Columns are unknown, missing, or of another type than their
            field takes; names them all.
    """
    fields = {field.attname: field for field in writable_fields(model)}
    wrong = [
        _complaint(name, dtype, fields)
        for name, dtype in schema.items()
        if name != LINE
    ]
    missing = [
        f'"{name}" needs a value but has no column'
        for name, field in fields.items()
        if complete and name not in schema and needs_value(field)
    ]
    if found := [text for text in wrong if text] + missing:
        raise ConfigurationError(
            f"The frame for {model._meta.label} does not fit: {'; '.join(found)}. "
            "Rename, drop, cast or add columns in get_bulks_by_model."
        )


def fit(
    model: type[Model], df: pl.DataFrame, resolved: Collection[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a frame in the types of a model's columns, and what does not fit them.

    Args:
        model: The model.
        df: A frame that ``check_columns`` accepts, with ``_line``.
        resolved: Columns whose nulls are known to be problems already, or none.

    Returns:
        The columns of fields, and problems of ``problems.SCHEMA``.
    """
    fields = [f for f in writable_fields(model) if f.attname in df.columns]
    fitting = pl.DataFrame([fit_values(field, df[field.attname]) for field in fields])
    found = [
        _problems(field, df[field.attname], fitting[field.attname], df[LINE])
        for field in fields
        if field.attname not in resolved
    ]
    return fitting, pl.concat([pl.DataFrame(schema=problems.SCHEMA), *found])


def _complaint(name: str, dtype: pl.DataType, fields: dict[str, AnyField]) -> str:
    field = fields.get(name)
    if field is None:
        return f'"{name}" is not a field{did_you_mean(name, fields)}'
    if sets_itself(field):
        return f'"{name}" sets itself when it is written, so that it takes no column'
    wanted = dtype_of(field)
    if dtype == pl.Null or wanted is None or _accepts(field, wanted, dtype):
        return ""
    return f'"{name}" is {dtype}, but its field takes {_takes(field, wanted)}'


def _accepts(field: AnyField, wanted: pl.DataType, dtype: pl.DataType) -> bool:
    """Say whether values of a type can be values of a field."""
    kind = target(field).get_internal_type()
    if kind == "JSONField":
        return True
    if isinstance(wanted, pl.String):
        return isinstance(dtype, TEXT) or (kind == "UUIDField" and dtype == pl.Object)
    if wanted.is_decimal():
        return dtype.is_decimal() or dtype.is_integer()
    if wanted.is_float():
        return dtype.is_numeric()
    if wanted.is_integer():
        return dtype.is_integer()
    return dtype.base_type() == wanted.base_type()


def _takes(field: AnyField, wanted: pl.DataType) -> str:
    return "whole numbers" if wanted.is_integer() else str(wanted)


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


def _problems(
    field: AnyField, given: pl.Series, fitting: pl.Series, lines: pl.Series
) -> pl.DataFrame:
    """Return the problems of one column."""
    found = [pl.DataFrame(schema=problems.SCHEMA)]
    if fitting.null_count() > given.null_count():
        lost = fitting.is_null() & given.is_not_null()
        reason = _wanted(field, given.dtype)
        found.append(_described(given, lines, lost, "unreadable", reason))
    if not field.null and given.null_count():
        reason = "must not be empty"
        found.append(_described(given, lines, given.is_null(), "empty", reason))
    for code, reason, check in _rules(field):
        right = check(fitting)
        if not right.all():  # Nulls aside.
            wrong = fitting.is_not_null() & ~right
            found.append(
                _described(given, lines, wrong.fill_null(value=False), code, reason)
            )
    return pl.concat(found)


def _wanted(field: AnyField, given: pl.DataType) -> str:
    wanted = dtype_of(field)
    if noun := NOUNS.get(target(field).get_internal_type()):
        return f"not {noun}"
    if isinstance(wanted, pl.Datetime) and not getattr(given, "time_zone", "UTC"):
        return f"not a time that exists once in {timezone.get_current_timezone_name()}"
    return f"not {casting.describe(wanted)}" if wanted else "not a value of the field"


def _rules(field: AnyField) -> Sequence[tuple[str, str, Check]]:
    """Return what values of the right type still have to be: code, reason and check."""
    stored = target(field)
    kind = stored.get_internal_type()
    rules: list[tuple[str, str, Check]] = []
    if kind.startswith("Positive"):
        rules.append(("range", "is less than 0", lambda values: values >= 0))
    if kind not in SPECIAL_TEXTS and stored.max_length and dtype_of(field) == pl.String:
        longest: int = stored.max_length
        reason = f"longer than {longest:,} characters"
        rules.append(("length", reason, lambda v: v.str.len_chars() <= longest))
    if dtype_of(field) == pl.String:
        reason = "holds a NUL character"
        rules.append(("nul", reason, lambda v: ~v.str.contains("\0", literal=True)))
    return rules


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


def _described(
    given: pl.Series, lines: pl.Series, wrong: pl.Series, code: str, reason: str
) -> pl.DataFrame:
    rows = lines.filter(wrong)
    values = given.filter(wrong)
    if values.dtype.is_nested() or values.dtype in (pl.Object, pl.Binary):
        values = pl.Series([str(value) for value in values], dtype=pl.String)
    return pl.DataFrame({"line": rows.cast(pl.Int64)}).with_columns(
        column=pl.lit(given.name),
        value=values.cast(pl.String),
        code=pl.lit(code),
        reason=pl.lit(reason),
    )
