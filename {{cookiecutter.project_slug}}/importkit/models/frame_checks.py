"""Step 3, transform: a frame is checked against the fields that its columns go into."""

from collections.abc import Collection, Iterator, Mapping

import polars as pl
from django.db.models import Model
from django.utils import timezone

from importkit import problems
from importkit.cleaning import expected
from importkit.errors import ConfigurationError, did_you_mean
from importkit.models.constraints import broken_constraints
from importkit.models.fields import (
    AnyField,
    dtype_of,
    fit_values,
    needs_value,
    sets_itself,
    target,
    writable_fields,
)
from importkit.models.validation import (
    demands,
    filled,
    is_blank,
    may_be_empty,
    messages,
)
from importkit.source import LINE

TEXT = (pl.String, pl.Categorical, pl.Enum)
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
        problem
        for field in fields
        if field.attname not in resolved
        for problem in _problems(
            model, field, df[field.attname], fitting[field.attname], df[LINE]
        )
    ]
    found += broken_constraints(model, fitting, df[LINE])
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


def _problems(
    model: type[Model],
    field: AnyField,
    given: pl.Series,
    fitting: pl.Series,
    lines: pl.Series,
) -> Iterator[pl.DataFrame]:
    """Yield the problems of one column."""
    values = given.to_frame()
    if fitting.null_count() > given.null_count():
        lost = fitting.is_null() & given.is_not_null()
        yield problems.of_rows(
            values, lines, lost, problems.Code.UNREADABLE, _wanted(field, given.dtype)
        )
    if not may_be_empty(field) and given.null_count():
        yield problems.of_rows(
            values, lines, given.is_null(), problems.Code.EMPTY, filled(field)
        )
    blank = is_blank(field, fitting)
    if blank.any():
        yield problems.of_rows(values, lines, blank, problems.Code.EMPTY, filled(field))
    for demand in demands(field):
        right = demand.holds(fitting)
        if not right.all():  # Nulls aside.
            wrong = (fitting.is_not_null() & ~right & ~blank).fill_null(value=False)
            yield problems.of_rows(values, lines, wrong, demand.code, demand.reason)
    said = messages(model, field, fitting)
    if said.null_count() < said.len():
        wrong = said.is_not_null()
        yield problems.of_rows(
            values, lines, wrong, problems.Code.INVALID, said.filter(wrong)
        )


def _wanted(field: AnyField, given: pl.DataType) -> str:
    wanted = dtype_of(field)
    if noun := NOUNS.get(target(field).get_internal_type()):
        return f"not {noun}"
    if isinstance(wanted, pl.Datetime) and not getattr(given, "time_zone", "UTC"):
        return f"not a time that exists once in {timezone.get_current_timezone_name()}"
    return f"not {expected(wanted)}" if wanted else "not a value of the field"
