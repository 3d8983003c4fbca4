"""Step 4, load: the values of instances as columns, and those that no table takes.

``values`` reads them. Choices, validators and ``blank`` are not checked: ``save()`` does not check them either.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any

import polars as pl
from django.db import connections
from django.db.models import AutoField, FileField, ForeignKey, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields.proxy import OrderWrt

from importkit import problems
from importkit.loading.instances.values import (
    Unfit,
    plain_values,
    reason_of,
    typed_values,
    value_of,
)
from importkit.loading.plan import Mode, TableTarget
from importkit.models import (
    AnyField,
    PlannedKey,
    composite_text,
    dtype_of,
    is_composite,
    overridden_method,
    problems_of_parts,
    sets_itself,
    table_checks,
    value_field,
    writable_fields,
)

NOT_COMPARED = "the database computes this value, so that it cannot be compared with the stored one"
# What tables refuse in an item; validators of a project are those of ``full_clean``.
OF_TABLES = {problems.Code.LENGTH, problems.Code.RANGE, problems.Code.NUL}
NO_VALUE = object()  # In the place of a value that is deferred.


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
        column = plain_values(field, values)
        if column is None:
            column = _read(target, field, values_of, numbers, found)
        elif column.null_count() and _needs_value(target, field):
            _add_empty(field, column.is_null(), numbers, found)
        if is_composite(value_field(field)):
            found.problems.extend(_parts(field, values, numbers))
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


def _parts(
    field: AnyField, values: Sequence[Any], numbers: pl.Series
) -> Iterator[pl.DataFrame]:
    """Yield the problems of items that no table takes, of arrays, ranges and maps."""
    own = value_field(field)
    read = [value for value in values if _is_value(value)]
    at = pl.Series([_is_value(value) for value in values], dtype=pl.Boolean)
    texts = [
        None if isinstance(value_of(own, value), Unfit) else composite_text(own, value)
        for value in read
    ]
    fitted = pl.Series(texts, dtype=pl.String)
    shown = _text(field.attname, read).to_frame()
    for wrong in problems_of_parts(own, shown, fitted, numbers.filter(at)):
        if not wrong.is_empty() and wrong["code"][0] in OF_TABLES:
            yield wrong


def _is_value(value: object) -> bool:
    """Return whether a value is there, and not one that the database computes."""
    return not (value in (None, NO_VALUE) or hasattr(value, "resolve_expression"))


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
        None if value is None or left or computed else value_of(field, value)
        for value, left, computed in zip(values, is_left, is_expression, strict=True)
    ]
    is_address = value_field(field).get_internal_type() == "GenericIPAddressField"
    for values_of_row, given_value, value in zip(values_of, values, read, strict=True):
        # Django warns about times without zones, and writes no text for no address.
        if isinstance(value, datetime.datetime) or (is_address and given_value == ""):
            values_of_row[field.attname] = value
    if any(isinstance(value, Unfit) for value in read):
        wrong = [isinstance(v, Unfit) for v in read]
        given = _as_text(field, values)
        code = problems.Code.UNREADABLE
        found.problems.append(
            problems.of_rows(given, numbers, pl.Series(wrong), code, reason_of(field))
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
    known = [None if isinstance(value, Unfit) else value for value in read]
    return typed_values(field, [_number(value) for value in known])


def is_set_by_django(field: AnyField) -> bool:
    """Return whether a new row gets a value without being given one."""
    is_link = isinstance(field, ForeignKey) and field.remote_field.parent_link
    return isinstance(field, AutoField | OrderWrt) or is_link


def _needs_value(target: TableTarget, field: AnyField) -> bool:
    """Return whether a null would be refused."""
    sets_later = target.signals or overridden_method(field) is not None
    return not (field.null or sets_later or is_set_by_django(field))


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
