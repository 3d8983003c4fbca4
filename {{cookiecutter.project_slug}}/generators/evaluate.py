"""What the expressions of a plan stand for: types, parsers and values, not source."""

import ast
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl

from generators.layout import Call, Expression, flat
from generators.names import Source
from importkit import parsing

POLARS = "pl."


def value_of(expression: Expression) -> Any:
    """Return the value that an expression has in a generated cleaning module."""
    if isinstance(expression, Call):
        keywords = {str(name): value_of(item) for name, item in expression.keywords}
        return _named(expression.function)(
            *map(value_of, expression.arguments), **keywords
        )
    text = flat(expression)
    return _named(text) if text.startswith(POLARS) else ast.literal_eval(text)


def dtype_of(expression: Expression) -> pl.DataType:
    """Return the type that an expression such as ``pl.Decimal(12, 2)`` stands for."""
    found: pl.DataType | type[pl.DataType] = value_of(expression)
    return found() if isinstance(found, type) else found


def _named(name: Source) -> Callable[..., Any]:
    """Return a function or class that a cleaning module imports."""
    if name == "Decimal":
        return Decimal
    is_polars = name.startswith(POLARS)
    found: Callable[..., Any] = getattr(
        pl if is_polars else parsing, name.removeprefix(POLARS)
    )
    return found
