"""Step 3, transform: the rows that a check constraint of their model refuses.

A condition is translated into an expression of polars, where polars compares values as the
database does. All other conditions are left to the database.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import reduce
from operator import and_, ge, gt, le, lt, or_
from typing import Any

import polars as pl
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connections, router
from django.db.models import (
    BaseConstraint,
    CheckConstraint,
    F,
    Model,
    Q,
    UniqueConstraint,
    Value,
)

from importkit import problems
from importkit.models.fields import (
    AnyField,
    dtype_of,
    field_of,
    overridden_method,
    series_of,
    value_field,
)

COMPARISONS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "exact": pl.Expr.eq,
    "gt": gt,
    "gte": ge,
    "lt": lt,
    "lte": le,
}


class _NotTranslatedError(Exception):
    """Only the database can evaluate the condition."""


def broken_constraints(
    model: type[Model], df: pl.DataFrame, lines: pl.Series
) -> Iterator[pl.DataFrame]:
    """Yield problems for the rows that break a check constraint of their model.

    The database checks a constraint that is more than comparisons of columns and values,
    or that needs a column which the frame does not have.

    Args:
        model: The model.
        df: The columns of the model's fields, in their types.
        lines: The line of each row.
    """
    for constraint in model._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        columns: list[str] = []
        try:
            holds = _translated(model, constraint.condition, columns)
        except _NotTranslatedError:
            continue
        if not (set(columns) <= set(df.columns) and _are_exact(model, columns)):
            continue
        # In SQL a comparison with NULL is unknown, and unknown breaks no constraint.
        broken = df.select(~holds.fill_null(value=True)).to_series()
        if broken.any():
            names = list(dict.fromkeys(columns))
            reason = str(constraint.get_violation_error_message())
            yield problems.of_rows(
                df.select(names), lines, broken, problems.Code.CONSTRAINT, reason
            )


def checks_of_frames(model: type[Model], columns: Collection[str]) -> set[str]:
    """Return the names of the constraints that ``broken_constraints`` judges.

    Args:
        model: The model.
        columns: The columns of the frame.
    """
    found = set()
    for constraint in model._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        needed: list[str] = []
        with suppress(_NotTranslatedError):
            _translated(model, constraint.condition, needed)
            if set(needed) <= set(columns) and _are_exact(model, needed):
                found.add(constraint.name)
    return found


def words_of_check(model: type[Model], name: str) -> tuple[list[str], str] | None:
    """Return the columns and the message of a check that compares columns and values.

    Args:
        model: The model.
        name: The name of the constraint.
    """
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint) and constraint.name == name:
            columns: list[str] = []
            with suppress(_NotTranslatedError):
                _translated(model, constraint.condition, columns)
                reason = str(constraint.get_violation_error_message())
                return list(dict.fromkeys(columns)), reason
    return None


def is_enforced(constraint: BaseConstraint, using: str) -> bool:
    """Return whether a database has what a constraint needs; Django leaves out others."""
    features = connections[using].features
    if isinstance(constraint, CheckConstraint):
        return bool(features.supports_table_check_constraints)
    if not isinstance(constraint, UniqueConstraint):
        return True
    demands = (
        (constraint.condition, features.supports_partial_indexes),
        (constraint.expressions, features.supports_expression_indexes),
        (constraint.deferrable, features.supports_deferrable_unique_constraints),
        (
            constraint.nulls_distinct is not None,
            features.supports_nulls_distinct_unique_constraints,
        ),
    )
    return all(has for demand, has in demands if demand)


def _translated(
    model: type[Model], condition: Any, columns: list[str], *, negated: bool = False
) -> pl.Expr:
    """Return a condition as an expression, and append the columns that it needs."""
    if not isinstance(condition, Q) or condition.connector not in (Q.AND, Q.OR):
        raise _NotTranslatedError
    negated ^= condition.negated
    parts = [
        _lookup(model, part[0], part[1], columns, negated=negated)
        if isinstance(part, tuple)
        else _translated(model, part, columns, negated=negated)
        for part in condition.children
    ]
    if not parts:
        raise _NotTranslatedError
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
        raise _NotTranslatedError
    # Django adds IS NOT NULL to a negated condition.
    return holds & column.is_not_null() if negated and field.null else holds


def _operand(
    model: type[Model], field: AnyField, value: Any, columns: list[str]
) -> pl.Expr:
    """Return the other side of a comparison: another column, or a value of this type."""
    if isinstance(value, F):
        name: str = getattr(value, "name")  # noqa: B009  the stubs do not know it
        other = _field(model, name)
        if dtype_of(other) != dtype_of(field):
            raise _NotTranslatedError
        columns.append(other.attname)
        return pl.col(other.attname)
    plain = value.value if isinstance(value, Value) else value
    try:
        [literal] = series_of(field, field.attname, [plain])
    except (TypeError, ValueError, OverflowError, ValidationError) as error:
        raise _NotTranslatedError from error
    except pl.exceptions.PolarsError as error:
        raise _NotTranslatedError from error
    if literal is None or literal != value_field(field).to_python(plain):
        raise _NotTranslatedError
    return pl.lit(literal, dtype=dtype_of(field))


def _field(model: type[Model], name: str) -> AnyField:
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        raise _NotTranslatedError from None
    if not getattr(field, "concrete", False) or field.generated:
        raise _NotTranslatedError
    if dtype_of(field) is None or value_field(field).get_internal_type() == "JSONField":
        raise _NotTranslatedError
    found: AnyField = field
    return found


def _are_exact(model: type[Model], attnames: Collection[str]) -> bool:
    """Return whether the database compares the values of fields as polars does."""
    vendor = connections[router.db_for_write(model)].vendor
    for name in attnames:
        field = _field_of(model, name)
        is_loose = vendor == "mysql" or getattr(field, "db_collation", None)
        if overridden_method(field) or (_is_text(field) and is_loose):
            return False
    return True


def _field_of(model: type[Model], attname: str) -> AnyField:
    return value_field(field_of(model, attname))


def _is_text(field: AnyField) -> bool:
    # The order of texts depends on the collation of the database.
    return dtype_of(field) == pl.String
