"""Step 4, load: the values of instances as columns, and those that no table takes.

A value that a column takes as it is costs one look at its type. Other values, such as text
for a number, are read by their field, as Django reads them when it saves an instance.
Choices, validators and ``blank`` are not checked: ``save()`` does not check them either.
"""

import datetime
import decimal
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any

import polars as pl
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import AutoField, FileField, ForeignKey, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields.proxy import OrderWrt
from django.utils import timezone

from importkit import problems
from importkit.cleaning import cast, expected
from importkit.loading.plan import Mode, TableTarget
from importkit.models import (
    AnyField,
    PlannedKey,
    can_be_read,
    dtype_of,
    json_text,
    overridden_method,
    python_value,
    sets_itself,
    table_checks,
    value_field,
    writable_fields,
)

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
NOUNS = {
    "UUIDField": "a UUID",
    "GenericIPAddressField": "an IP address",
    "JSONField": "JSON",
}
NOT_COMPARED = "the database computes this value, so that it cannot be compared with the stored one"
NO_VALUE = object()  # In the place of a value that is deferred.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    TypeError,
    ValueError,
    ValidationError,
    pl.exceptions.PolarsError,
)


@dataclass(frozen=True)
class Columns:
    """The values of some instances.

    Attributes:
        known: By attname the values, in the type of the column.
        for_django: The attnames of the fields whose values only Django can write.
        problems: The values that no table takes, of ``problems.SCHEMA``.
    """

    known: dict[str, pl.Series] = with_default(default_factory=dict)
    for_django: list[str] = with_default(default_factory=list)
    problems: list[pl.DataFrame] = with_default(default_factory=list)

    @property
    def frame(self) -> pl.DataFrame | None:
        """The values; None if only Django can write them, or refuse them."""
        if self.for_django or self.problems:
            return None
        return pl.DataFrame([*self.known.values()])


def columns_of(
    target: TableTarget, rows: Sequence[Model], places: Sequence[int]
) -> Columns:
    """Return the values of instances, except the times that set themselves.

    Args:
        target: Their table.
        rows: The instances.
        places: The number of each instance in its bulk.
    """
    found = Columns()
    model = target.model
    values_of = [row.__dict__ for row in rows]
    numbers = pl.Series(places, dtype=pl.Int64)
    for field in writable_fields(model):
        if sets_itself(field):
            continue
        name = field.attname
        values = [values.get(name, NO_VALUE) for values in values_of]
        if is_set_by_django(field) and all(v is None for v in values):
            continue
        column = _plain(field, values)
        if column is None:
            column = _read(target, field, values_of, numbers, found)
        elif column.null_count() and _needs_value(target, field):
            _add_empty(field, column.is_null(), numbers, found)
        if isinstance(field, FileField):
            found.problems.extend(_refused(target, field, _text(name, values), numbers))
        if column is None or (is_set_by_django(field) and column.null_count()):
            found.for_django.append(name)
            continue
        found.problems.extend(_refused(target, field, column, numbers))
        found.known[name] = column
    return found


def _refused(
    target: TableTarget, field: AnyField, column: pl.Series, numbers: pl.Series
) -> Iterator[pl.DataFrame]:
    """Yield the problems of values that the table does not take."""
    for check in table_checks(field, connections[target.using].vendor):
        right = check.holds(column)
        if not right.all():
            wrong = (~right).fill_null(value=False)
            yield problems.of_rows(
                column.to_frame(), numbers, wrong, check.code, check.reason
            )


def _plain(field: AnyField, values: Sequence[Any]) -> pl.Series | None:
    """Return values that a column takes as they are; None if one of them is another."""
    dtype = dtype_of(field)
    if dtype is None or overridden_method(field):
        return None
    types = set(map(type, values)) - {type(None)}
    kind = value_field(field).get_internal_type()
    if kind == "JSONField":
        return _json(field, values) if types <= JSON else None
    if kind == "GenericIPAddressField" and types:
        return None
    plain = {uuid.UUID if kind == "UUIDField" else PLAIN[dtype.base_type()]}
    if dtype.is_decimal():
        plain.add(int)
    if not types <= plain or kind == "GenericIPAddressField":
        return None
    return _series(field, values)


def _series(field: AnyField, values: Sequence[Any]) -> pl.Series | None:
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


def _read(
    target: TableTarget,
    field: AnyField,
    values_of: Sequence[dict[str, Any]],
    numbers: pl.Series,
    found: Columns,
) -> pl.Series | None:
    """Read values by their field, and add the problems of those that do not fit.

    Returns:
        The values; None if only Django can write them.
    """
    values = [known.get(field.attname, NO_VALUE) for known in values_of]
    is_left = [
        value is NO_VALUE or isinstance(value, DatabaseDefault) for value in values
    ]
    is_expression = [
        hasattr(value, "resolve_expression") and not left
        for value, left in zip(values, is_left, strict=True)
    ]
    read = [
        None if value is None or left or computed else _value(field, value)
        for value, left, computed in zip(values, is_left, is_expression, strict=True)
    ]
    is_address = value_field(field).get_internal_type() == "GenericIPAddressField"
    for values_of_row, given_value, value in zip(values_of, values, read, strict=True):
        # Django warns about times without zones, and writes no text for no address.
        if isinstance(value, datetime.datetime) or (is_address and given_value == ""):
            values_of_row[field.attname] = value
    if any(isinstance(value, _Unfit) for value in read):
        wrong = [isinstance(v, _Unfit) for v in read]
        given = _as_text(field, values)
        code = problems.Code.UNREADABLE
        found.problems.append(
            problems.of_rows(given, numbers, pl.Series(wrong), code, _reason(field))
        )
    if target.mode is not Mode.INSERT and any(is_expression):
        given, code = _as_text(field, values), problems.Code.INVALID
        computed = pl.Series(is_expression)
        found.problems.append(
            problems.of_rows(given, numbers, computed, code, NOT_COMPARED)
        )
    if _needs_value(target, field):
        empty = pl.Series([value is None for value in values])
        _add_empty(field, empty, numbers, found)
    if any(is_left) or any(is_expression) or dtype_of(field) is None:
        return None
    if overridden_method(field):
        return None
    known = [None if isinstance(value, _Unfit) else value for value in read]
    return _series(field, [_number(value) for value in known])


def is_set_by_django(field: AnyField) -> bool:
    """Return whether a new row gets a value without being given one."""
    is_link = isinstance(field, ForeignKey) and field.remote_field.parent_link
    return isinstance(field, AutoField | OrderWrt) or is_link


def _needs_value(target: TableTarget, field: AnyField) -> bool:
    """Return whether a null would be refused."""
    sets_later = target.signals or overridden_method(field) is not None
    return not (field.null or sets_later or is_set_by_django(field))


class _Unfit:
    """Marks a value that does not fit its field."""


UNFIT = _Unfit()


def _value(field: AnyField, value: Any) -> Any:
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
    return UNFIT if _series(stored, [read]) is None else read


def _of_another_field(field: Any, value: Any) -> Any:
    """Return the value that a field of a project reads, or ``UNFIT``."""
    try:
        return field.to_python(value)
    except ValidationError:
        return UNFIT


def _number(value: Any) -> Any:
    """Return for a key to come a number that no row of a table has."""
    return value.number if isinstance(value, PlannedKey) else value


def _as_text(field: AnyField, values: Sequence[Any]) -> pl.DataFrame:
    return _text(field.attname, values).to_frame()


def _text(name: str, values: Sequence[Any]) -> pl.Series:
    texts = [None if value is None else str(value) for value in values]
    return pl.Series(name, texts, dtype=pl.String)


def _add_empty(
    field: AnyField, empty: pl.Series, numbers: pl.Series, found: Columns
) -> None:
    if not empty.any():
        return
    given = pl.DataFrame(
        {field.attname: pl.Series([None] * len(empty), dtype=pl.String)}
    )
    code, reason = problems.Code.EMPTY, "must not be empty"
    found.problems.append(problems.of_rows(given, numbers, empty, code, reason))


def _reason(field: AnyField) -> str:
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
        return f"not a time that exists once in {zone}"
    return f"not {expected(dtype)}"
