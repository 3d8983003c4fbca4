"""Step 3, transform: stored values that their field cannot read stay as they are stored.

SQLite keeps text in a column of numbers or dates, for example after a migration has changed
the type of a column. Django's converters raise for such a value, or make it null.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections

# Kinds without a converter, for which SQLite returns the value that it has.
UNCONVERTED = ("Integer", "AutoField", "Float", "Boolean", "Duration")

type Converter = Callable[[Any, Any, Any], Any]


class Unread(str):
    """The text of a stored value that its field cannot read; it equals no other value."""

    __slots__ = ()


@contextmanager
def unread_values_kept(aliases: Iterable[str]) -> Iterator[None]:
    """Read values that their field cannot read as ``Unread``.

    Args:
        aliases: The databases; only SQLite has such values.
    """
    with ExitStack() as stack:
        for alias in dict.fromkeys(aliases):
            if connections[alias].vendor == "sqlite":
                stack.enter_context(_kept(connections[alias].ops))
        yield


@contextmanager
def _kept(ops: Any) -> Iterator[None]:
    of_kind, of_durations = ops.get_db_converters, ops.convert_durationfield_value

    def converters(expression: Any) -> list[Converter]:
        found = [_tolerant(convert) for convert in of_kind(expression)]
        kind = expression.output_field.get_internal_type()
        return [*found, _marked] if any(k in kind for k in UNCONVERTED) else found

    ops.get_db_converters = converters
    ops.convert_durationfield_value = _tolerant(of_durations)
    try:
        yield
    finally:
        ops.get_db_converters = of_kind
        ops.convert_durationfield_value = of_durations


def _tolerant(convert: Converter) -> Converter:
    def read(value: Any, expression: Any, connection: Any) -> Any:
        if value is None or isinstance(value, Unread):
            return value
        try:
            found = convert(value, expression, connection)
        except (ArithmeticError, AttributeError, TypeError, ValueError):
            return Unread(value)
        return Unread(value) if found is None else found

    return read


def _marked(value: Any, _expression: Any, _connection: Any) -> Any:
    return Unread(value) if isinstance(value, str) else value
