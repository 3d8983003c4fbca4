"""Step 1, import: a file that is written otherwise than its Dialect says is noticed.

The names of its columns prove a separator: in only one way of reading, the header has them.
A quote that stands in the rows alone is proved by the rows that have too many fields without
it. An encoding, and all else, is what detection finds where the Dialect reads no header, or
not the rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from importkit.display_names import shown_name
from importkit.errors import SourceError, if_changed, visible
from importkit.source.delimited.header import read_header
from importkit.source.delimited.records import records_of
from importkit.source.delimited.text import broken_in
from importkit.source.dialect import (
    QUOTES,
    SEPARATORS,
    Dialect,
    as_arguments,
    differences,
)
from importkit.source.heads import AreNames, Record

# So many rows, and at least this share of all, have the right fields with another quote
# only, or bytes of another encoding: in a single row, both may mean nothing.
LEAST_ROWS = 2
LEAST_SHARE = 0.02
# At least this share of all rows has the right fields in another dialect only.
MOST_ROWS = 0.5
NAMES = {**SEPARATORS, **QUOTES, "": "no quotes"}
# The encoding of most files that are not UTF-8.
LIKELIEST = "cp1252"

# Returns the dialect in which a file seems to be written, or raises ``SourceError``.
type FindDialect = Callable[[Path], Dialect]


def find_other_dialect(
    path: Path, dialect: Dialect, are_names: AreNames, find: FindDialect
) -> str:
    """Return why a file whose header lacks the names of its columns is refused.

    Args:
        path: The file.
        dialect: How it should be written.
        are_names: Tells whether names are those of the columns.
        find: Finds how it seems to be written.

    Returns:
        How the file seems to be written, and what to change. No text where no other dialect
        gives the header its names.
    """
    for other in _others(dialect):
        if _has_names(path, other, are_names):
            return _refusal(path, dialect, other, "its header has the names then")
    try:
        found = find(path)
    except SourceError as error:
        return str(error)
    names = differences(dialect, found)
    # What reading the file in UTF-8 says of it shows how its letters would change.
    is_told = names == ["encoding"] and found.encoding == "utf-8"
    if names and not is_told and _has_names(path, found, are_names):
        return _refusal(path, dialect, found, "its header has the names then")
    return ""


def check_rows(
    path: Path,
    rows: Sequence[Record],
    widths: Sequence[int],
    dialect: Dialect,
    find: FindDialect,
) -> str:
    """Look for another dialect in which rows can be read.

    Args:
        path: The file.
        rows: Rows of it, some of which may not be readable.
        widths: How many fields they may have, the usual number first.
        dialect: How the file should be written.
        find: Finds how it seems to be written.

    Returns:
        How the file seems to be written, where that is a guess; no text without one.

    Raises:
        SourceError: Another quote makes all rows readable that were not.
    """
    least = max(LEAST_ROWS, LEAST_SHARE * len(rows))
    misfits = [row for row in rows if row.error or len(row.fields) not in widths]
    if len(misfits) >= least:
        _check_quotes(path, misfits, widths, dialect)
    broken = [row for row in rows if broken_in(row.text)]
    if len(broken) >= least and not any(map(_has_other_letters, rows)):
        return _other_encoding(path, broken[0], dialect, find)
    if len(misfits) >= max(LEAST_ROWS, MOST_ROWS * len(rows)):
        return _other_fields(path, misfits, dialect, find)
    return ""


def _check_quotes(
    path: Path, misfits: Sequence[Record], widths: Sequence[int], dialect: Dialect
) -> None:
    for quote in QUOTES:
        other = replace(dialect, quote=quote)
        if quote == dialect.quote or not _fit(misfits, widths, other):
            continue
        if all(_is_text_in_quotes(row, other) for row in misfits):
            why = f"line {misfits[0].line:,} has {widths[0]:,} fields then"
            raise SourceError(_refusal(path, dialect, other, why))


def _other_encoding(
    path: Path, row: Record, dialect: Dialect, find: FindDialect
) -> str:
    found = replace(dialect, encoding=_found(path, dialect, find).encoding)
    sign = next(char for char in row.text if broken_in(char))
    if not differences(dialect, found) or not "\udc80" <= sign <= "\udcff":
        return ""
    byte = bytes([ord(sign) - 0xDC00])
    readings = [
        f'{name}, in which it is "{visible(byte.decode(name))}"'
        if _is_of(byte, name)
        else f"{name}, in which it is a part of a character"
        for name in dict.fromkeys((LIKELIEST, found.encoding))
        # With few letters a script that has a word of them is found too easily.
        if name == found.encoding or _is_of(byte, name) > _is_of(byte, found.encoding)
    ]
    return (
        f'"{shown_name(path)}" is not written in {dialect.encoding}, as the Dialect says: line '
        f"{row.line:,} holds the byte 0x{byte[0]:02x}. The file seems to be written in "
        f"{', or in '.join(readings)}. "
        f"{if_changed('write that encoding in the Dialect of the import')}"
    )


def _is_of(byte: bytes, encoding: str) -> bool:
    try:
        byte.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _other_fields(
    path: Path, misfits: Sequence[Record], dialect: Dialect, find: FindDialect
) -> str:
    other = replace(_found(path, dialect, find), encoding=dialect.encoding)
    if not differences(dialect, other) or other.header != dialect.header:
        return ""
    try:
        widths = read_header(path, other).widths
    except SourceError:  # A guess in which the file has no header is none.
        return ""
    if not _fit(misfits, widths, other):
        return ""
    why = f"line {misfits[0].line:,} fits the header then"
    return _refusal(path, dialect, other, why)


def _found(path: Path, dialect: Dialect, find: FindDialect) -> Dialect:
    try:
        return find(path)
    except SourceError:
        return dialect


def _has_names(path: Path, dialect: Dialect, are_names: AreNames) -> bool:
    try:
        return are_names(read_header(path, dialect).names)
    except SourceError:
        return False


def _has_other_letters(row: Record) -> bool:
    """Return whether a row has letters beyond ASCII that are of the encoding."""
    return any(char >= "\x80" and not broken_in(char) for char in row.text)


def _others(dialect: Dialect) -> Iterator[Dialect]:
    """Yield dialects with another separator, another quote, or both."""
    separators = [mark for mark in SEPARATORS if mark != dialect.separator]
    quotes = [mark for mark in QUOTES if mark != dialect.quote]
    for separator in separators:
        yield replace(dialect, separator=separator)
    for separator, quote in product((dialect.separator, *separators), quotes):
        yield replace(dialect, separator=separator, quote=quote)


def _fit(rows: Iterable[Record], widths: Sequence[int], dialect: Dialect) -> bool:
    """Return whether all rows can be read with so many fields."""
    return all(len(_fields(row, dialect)) in widths for row in rows)


def _is_text_in_quotes(row: Record, dialect: Dialect) -> bool:
    """Return whether a field holds text on both sides of a separator."""
    parts = (field.split(dialect.separator) for field in _fields(row, dialect))
    return any(len(part) > 1 and all(map(str.strip, part)) for part in parts)


def _fields(row: Record, dialect: Dialect) -> list[str]:
    """Return the fields of a row in another dialect; none if it is no row then."""
    [*again] = records_of(row.text.splitlines(keepends=True), dialect)
    return again[0].fields if len(again) == 1 and not again[0].error else []


def _refusal(path: Path, stated: Dialect, other: Dialect, why: str) -> str:
    changed = differences(stated, other)
    marks = [_named(other, name) for name in changed if name != "encoding"]
    ways = [f"with {' and '.join(marks)}"] if marks else []
    ways += [f"in {other.encoding}"] if "encoding" in changed else []
    old = " and ".join(_named(stated, name) for name in changed)
    change = as_arguments(other, changed)
    return (
        f'"{shown_name(path)}" seems to be written {" and ".join(ways)}, but the Dialect says {old}: '
        f"{why}. {if_changed(f'write {change} in the Dialect of the import')}"
    )


def _named(dialect: Dialect, name: str) -> str:
    value = getattr(dialect, name)
    if name == "encoding":
        return str(value)
    if name not in ("separator", "quote"):
        return as_arguments(dialect, [name])
    return NAMES.get(value or "") or f'"{value}"'
