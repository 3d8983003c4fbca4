"""What can go wrong in an import, told apart by who has to act: file, rows or class."""

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


class ImportKitError(Exception):
    """A problem that is told to the user in words, without a traceback."""

    returncode = 1


class SourceError(ImportKitError):
    """The file cannot be read as it is."""

    returncode = 2


class CleaningError(ImportKitError, ValueError):
    """Rows of the file do not fit what the columns promise.

    Attributes:
        problems: One row each, of ``problems.SCHEMA``, where they are known one by one.
        place: What the lines of these count, as ``problems.Place``.
        hint: What the text adds to its description of the problems.
    """

    returncode = 1

    def __init__(
        self,
        message: str,
        problems: "pl.DataFrame | None" = None,
        place: tuple[str, str] | None = None,
        hint: str = "",
    ) -> None:
        """Keep the problems beside the text that describes them."""
        super().__init__(message + hint)
        self.problems = problems
        self.place = place
        self.hint = hint


class ConfigurationError(ImportKitError, TypeError):
    """A class or a call is written in a way that cannot work."""

    returncode = 2


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return `` (did you mean "price"?)``, or nothing when nothing is near."""
    folded = {known.casefold(): known for known in names}
    near = difflib.get_close_matches(name.casefold(), folded, n=1)
    return f' (did you mean "{visible(folded[near[0]])}"?)' if near else ""


def visible(text: str) -> str:
    """Return a text for a terminal: what moves the cursor or turns text is escaped."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
