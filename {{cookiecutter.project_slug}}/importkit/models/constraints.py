"""Step 3, transform: the check constraints of a model, as far as polars knows them."""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import and_, ge, gt, le, lt, or_
from typing import Any

import polars as pl
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import CheckConstraint, F, Model, Q, Value

from importkit import problems
from importkit.models.fields import (
    AnyField,
    dtype_of,
    series_of,
    target,
)

COMPARISONS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "exact": pl.Expr.eq,
    "gt": gt,
    "gte": ge,
    "lt": lt,
    "lte": le,
}


class _UnknownError(Exception):
    """Only the database knows what this means."""


def broken_constraints(
    model: type[Model], df: pl.DataFrame, lines: pl.Series
) -> Iterator[pl.DataFrame]:
    """Yield problems for the rows that break a check constraint of their model.

    A constraint that says more than comparisons of columns and values, or that needs a
    column which the frame does not have, is left to the database.

    Args:
        model: The model.
        df: The columns of fields, in their types.
        lines: The line of each row.
    """
    for constraint in model._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        columns: list[str] = []
        try:
            holds = _translated(model, constraint.condition, columns)
        except _UnknownError:
            continue
        if not set(columns) <= set(df.columns):
            continue
        # In SQL a comparison with nothing is unknown, and the unknown breaks nothing.
        broken = df.select(~holds.fill_null(value=True)).to_series()
        if broken.any():
            names = list(dict.fromkeys(columns))
            reason = str(constraint.get_violation_error_message())
            yield problems.of_rows(
                df.select(names), lines, broken, problems.Code.CONSTRAINT, reason
            )


def _translated(
    model: type[Model], condition: Any, columns: list[str], *, negated: bool = False
) -> pl.Expr:
    """Return a condition as polars evaluates it, and note the columns that it needs."""
    if not isinstance(condition, Q) or condition.connector not in (Q.AND, Q.OR):
        raise _UnknownError
    negated ^= condition.negated
    parts = [
        _lookup(model, part[0], part[1], columns, negated=negated)
        if isinstance(part, tuple)
        else _translated(model, part, columns, negated=negated)
        for part in condition.children
    ]
    if not parts:
        raise _UnknownError
    whole = reduce(and_ if condition.connector == Q.AND else or_, parts)
    return ~whole if condition.negated else whole


def _lookup(
    model: type[Model], path: str, value: Any, columns: list[str], *, negated: bool
) -> pl.Expr:
    name, _, kind = path.partition("__")
    kind = kind or "exact"
    field = _field(model, name)
    columns.append(field.attname)
    column = pl.col(field.attname)
    if kind == "isnull" or (kind == "exact" and value is None):
        return column.is_null() if value or value is None else column.is_not_null()
    if kind == "in":
        options = [_operand(model, field, option, columns) for option in value]
        holds = reduce(or_, [column == option for option in options])
    elif kind == "range":
        low, high = (_operand(model, field, limit, columns) for limit in value)
        holds = (column >= low) & (column <= high)
    elif kind in COMPARISONS and not (kind != "exact" and _is_text(field)):
        holds = COMPARISONS[kind](column, _operand(model, field, value, columns))
    else:
        raise _UnknownError
    # Where a condition is turned around, Django asks for a value as well.
    return holds & column.is_not_null() if negated and field.null else holds


def _operand(
    model: type[Model], field: AnyField, value: Any, columns: list[str]
) -> pl.Expr:
    """Return what a column is compared with: another one, or a value of its type."""
    if isinstance(value, F):
        name: str = getattr(value, "name")  # noqa: B009  the stubs do not know it
        other = _field(model, name)
        if dtype_of(other) != dtype_of(field):
            raise _UnknownError
        columns.append(other.attname)
        return pl.col(other.attname)
    plain = value.value if isinstance(value, Value) else value
    try:
        [literal] = series_of(field, field.attname, [plain])
    except (TypeError, ValueError, OverflowError, ValidationError) as error:
        raise _UnknownError from error
    except pl.exceptions.PolarsError as error:
        raise _UnknownError from error
    if literal is None or literal != target(field).to_python(plain):
        raise _UnknownError
    return pl.lit(literal, dtype=dtype_of(field))


def _field(model: type[Model], name: str) -> AnyField:
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        raise _UnknownError from None
    if not getattr(field, "concrete", False) or field.generated:
        raise _UnknownError
    if dtype_of(field) is None or target(field).get_internal_type() == "JSONField":
        raise _UnknownError
    found: AnyField = field
    return found


def _is_text(field: AnyField) -> bool:
    # In which order texts come is the database's to say.
    return dtype_of(field) == pl.String
