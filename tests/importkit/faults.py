"""A connection that fails at one of its statements, counted from the first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

# What reaches the database by itself: COPY is one of them, and each piece of it.
COUNTED = {"execute", "executemany", "copy", "write", "commit"}
WATCHED = {"cursor", "copy", "__enter__"}


class Statements:
    """The statements of a run.

    Attributes:
        seen: What each of them was, as far as that is text.
    """

    def __init__(self, failing: int | None) -> None:
        """Take the number of the one that fails, from 0; None if all work."""
        self._failing = failing
        self.seen: list[str] = []

    def count(self, what: str) -> None:
        """Count a statement; fail instead of it if its turn has come."""
        if "PRAGMA" in what:
            return  # The statement reads or sets something other than data.
        number = len(self.seen)
        self.seen.append(what)
        if number == self._failing:
            driver: Any = connection
            raise driver.Database.OperationalError("the disk is full")


@contextmanager
def statements(failing: int | None = None) -> Iterator[Statements]:
    """Count what is sent to the database below Django, and have one of them fail."""
    connection.ensure_connection()
    counted = Statements(failing)
    watched = _Watched(connection.connection, counted)
    with patch.object(connection, "connection", watched):
        yield counted


class _Watched:
    """A connection, a cursor or a COPY of the driver, whose statements are counted."""

    def __init__(self, real: Any, counted: Statements) -> None:
        vars(self).update(_real=real, _counted=counted)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        return self._made(name, value) if name in COUNTED | WATCHED else value

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real, name, value)

    def __enter__(self) -> Any:
        return self._made("__enter__", self._real.__enter__)()

    def __exit__(self, *error: object) -> Any:
        return self._real.__exit__(*error)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._real)

    def _made(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: Any, **kwargs: Any) -> Any:
            if name in COUNTED:
                what = args[0] if args and isinstance(args[0], str) else ""
                self._counted.count(f"{name} {what}".strip())
            made = function(*args, **kwargs)
            return _Watched(made, self._counted) if name in WATCHED else made

        return counting
