"""The errors of an import, by what has to be corrected: the file, its rows, or the code."""

import difflib
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Self

from importkit import guides
from importkit.texts import look_of

if TYPE_CHECKING:
    import polars as pl

# What importkit imports, besides Django.
PACKAGES = ("polars", "tqdm", "winiutils")


class ImportKitError(Exception):
    """An error that a command shows as a message, without a traceback.

    Attributes:
        returncode: The exit code of the command.
        names: The fields of which the message shows values.
        shown: The values, as the message shows them; empty if it shows none.
    """

    returncode = 1
    names: tuple[str, ...] = ()
    shown: str = ""

    def showing(self, names: Iterable[str], shown: str) -> Self:
        """Say which values of a row the message shows, so that they can be hidden."""
        self.names, self.shown = tuple(names), shown
        return self

    def hide(self, mask: str) -> None:
        """Put a mask in the place of the values that the message shows."""
        text, *others = self.args
        self.args = (str(text).replace(self.shown, mask), *others)


class SourceError(ImportKitError):
    """The file has to be corrected: it cannot be read or written as it is.

    Attributes:
        dialect: The ``Dialect`` by which delimited text was to be read, where it is known.
    """

    returncode = 2
    dialect: object = None


class ImplausibleError(ImportKitError):
    """The file as a whole is not what the import expects."""


class CleaningError(ImportKitError, ValueError):
    """Rows of the file have to be corrected.

    Attributes:
        problems: A frame of ``problems.SCHEMA``; None if the rows are not known.
        place: What the line numbers of the problems count, as ``problems.Place``.
        hint: A text that follows the description of the problems.
    """

    returncode = 1

    def __init__(
        self,
        message: str,
        problems: "pl.DataFrame | None" = None,
        place: tuple[str, str] | None = None,
        hint: str = "",
    ) -> None:
        """Store the problems beside the message that describes them."""
        super().__init__(message + hint)
        self.problems = problems
        self.place = place
        self.hint = hint


class PartlyWrittenError(ImportKitError):
    """One database has committed what a run wrote, and another one has not."""

    returncode = 3


class ConfigurationError(ImportKitError, TypeError):
    """The code has to be corrected: a class or a call cannot work as it is written."""

    returncode = 2


def refuse_missing_packages(what: str, *others: str) -> None:
    """End the program where packages are missing, with a message that names all of them.

    Commands call this before they import what they need.

    Args:
        what: What needs the packages: "Imports".
        others: The packages that it needs besides those of importkit.
    """
    names = [name for name in (*PACKAGES, *others) if find_spec(name) is None]
    if names:
        sys.stderr.write(
            f"{what} need packages that are not installed: {', '.join(names)}.\n"
            f"Install them: uv add {' '.join(names)}, or pip install {' '.join(names)}.\n"
        )
        sys.exit(ConfigurationError.returncode)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return `` (did you mean "price"?)``, or an empty text if no name is similar."""
    folded = {look_of(known).casefold(): known for known in names}
    near = difflib.get_close_matches(look_of(name).casefold(), folded, n=1)
    if near and folded[near[0]] != name and look_of(folded[near[0]]) == look_of(name):
        return " (another column looks the same, and differs in invisible characters)"
    return f' (did you mean "{visible(folded[near[0]])}"?)' if near else ""


def if_changed(change: str) -> str:
    """Return the ways out for a file that is written otherwise than its import says.

    Args:
        change: What to change in the code: "write ... in the Dialect of the import".
    """
    return (
        f"If all files are written so from now on, {change}; else have this file written "
        f"as before. {guides.see(guides.WRITTEN_OTHERWISE)}"
    )


def visible(text: str) -> str:
    """Return a text that is safe to print: control and bidi characters are escaped."""
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    # A byte that is not of the encoding of its file is read as a lone surrogate.
    byte = ord(char) - 0xDC00
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else repr(char)[1:-1]
