"""Step 1, import: how a delimited file, or a sheet, is written, and what a user states of it."""

import codecs
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields

# The usual separators and quotes, the likelier first, as messages call them.
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
QUOTES = {'"': "double quotes", "'": "single quotes"}


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written.

    Of a sheet, ``header``, ``header_rows``, ``skip`` and ``fill_merged`` count; its rows
    are its lines.

    Attributes:
        separator: One character between the fields of a row.
        quote: The character around fields that hold separators or line ends,
            doubled inside them; None where quotes mean nothing.
        encoding: The name of a codec of Python. "utf-8" reads files with and without a
            byte order mark.
        header: Whether the first record names the columns.
        header_rows: How many records name the columns. The names of several are joined,
            column by column. A name above also counts for the empty cells to its right,
            where there is a name below.
        trailing: Whether each row ends with a separator that the header lacks. Then there
            is one column more, which is empty and has no name.
        quoted_lines: Whether each line as a whole stands in quotes, and the quotes inside of
            it are doubled: ``"1,""Bolt, M4"",2.50"``. A line without them is read as it is.
        row_names: Whether the first cell of each row is the name of the row, for which the
            header has no name, as R writes tables; the column is called ``row_name``.
        short_rows: By how many cells rows end before the header does; these cells are
            empty. A row may as well have all of them.
        long_rows: How many cells rows have beyond the header; their columns are called
            ``column_5`` by their place. A row may as well end with the header.
        skip: How many physical lines stand above the header, or above the first row where
            there is no header. They may hold anything, and are not read.
        escape: The character that makes the next character plain text if that is a quote,
            a separator or the escape itself, as "\\" in dumps of MySQL; before any other
            character it is text, unless that is a line end, which is text then. None if
            quotes are doubled instead.
        skip_blanks: Whether the blanks before a field are left out, so that a quote behind
            them is one: ``1, "a, b"``.
        fill_merged: Whether each row of cells of a sheet that are merged has their value,
            instead of the first row alone.
        last_line_end: Whether the last row ends with a line end. Then a file in which it
            has none may be cut off, and an import warns.
    """

    separator: str = ","
    quote: str | None = '"'
    encoding: str = "utf-8"
    header: bool = True
    header_rows: int = 1
    trailing: bool = False
    skip: int = 0
    escape: str | None = None
    skip_blanks: bool = False
    quoted_lines: bool = False
    row_names: bool = False
    short_rows: int = 0
    long_rows: int = 0
    fill_merged: bool = False
    last_line_end: bool = True


DEFAULT_DIALECT = Dialect()


@dataclass(frozen=True)
class Stated:
    """What a user states about how a sample is written; the rest is detected.

    Attributes:
        separator: One character between the fields of a row; detected if None.
        quote: The character around fields, empty where quotes mean nothing; detected if
            None.
        escape: The character that makes the next one plain text, empty where there is
            none; detected if None.
        header: Whether the first record names the columns; detected if None.
        header_rows: How many records name the columns; detected if None.
        skip: How many physical lines stand above the table; detected if None.
    """

    separator: str | None = None
    quote: str | None = None
    escape: str | None = None
    header: bool | None = None
    header_rows: int | None = None
    skip: int | None = None


NOTHING = Stated()


# How many lines stand above a header, and how the last row ends, may change from file to
# file.
OF_ONE_FILE = frozenset({"skip", "last_line_end"})


def differences(
    stated: Dialect, other: Dialect, apart_from: Collection[str] = OF_ONE_FILE
) -> list[str]:
    """Return the attributes in which two dialects read a file otherwise.

    Args:
        stated: A dialect.
        other: Another one.
        apart_from: The attributes that do not count.
    """
    return [
        item.name
        for item in fields(Dialect)
        if item.name not in apart_from
        and _comparable(stated, item.name) != _comparable(other, item.name)
    ]


def as_arguments(dialect: Dialect, names: Iterable[str]) -> str:
    """Return attributes as a call of ``Dialect`` has them: ``separator=";", quote="'"``."""
    return ", ".join(f"{name}={_literal(getattr(dialect, name))}" for name in names)


def _comparable(dialect: Dialect, name: str) -> object:
    """Return an attribute of a dialect; an encoding by one of its several names."""
    value: object = getattr(dialect, name)
    if name != "encoding":
        return value
    try:
        codec = codecs.lookup(str(value)).name
    except LookupError:
        return value
    return "utf-8" if codec == "utf-8-sig" else codec


def _literal(value: str | bool | int | None) -> str:
    """Return an attribute as Python source."""
    if not isinstance(value, str):
        return str(value)
    return f"'{value}'" if value == '"' else json.dumps(value, ensure_ascii=False)
