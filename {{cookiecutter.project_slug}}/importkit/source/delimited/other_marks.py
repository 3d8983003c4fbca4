"""Step 1, import: a file with another separator or quote than its Dialect says is noticed.

The names of its columns prove a separator: in only one way of reading, the header has them.
A quote that stands in the rows alone is proved by the rows that have too many fields without
it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from importkit.errors import SourceError, if_changed
from importkit.source.delimited.header import read_header
from importkit.source.delimited.records import records_of
from importkit.source.dialect import QUOTES, SEPARATORS, Dialect, as_arguments
from importkit.source.heads import AreNames, Record

# So many rows, and at least this share of all, have the right fields with another quote
# only: in a single row, quotes may mean nothing.
LEAST_ROWS = 2
LEAST_SHARE = 0.02
NAMES = {**SEPARATORS, **QUOTES, "": "no quotes"}


def find_other_marks(path: Path, dialect: Dialect, are_names: AreNames) -> str:
    """Return why a file whose header lacks the names of its columns is refused.

    Args:
        path: The file.
        dialect: How it should be written.
        are_names: Tells whether names are those of the columns.

    Returns:
        Which separator and quote the file seems to have, and what to change. No text
        where no other ones give the header its names.
    """
    for other in _others(dialect):
        try:
            header = read_header(path, other)
        except SourceError:
            continue
        if are_names(header.names):
            return _refusal(path, dialect, other, "its header has the names then")
    return ""


def check_quotes(
    path: Path, rows: Sequence[Record], widths: Sequence[int], dialect: Dialect
) -> None:
    """Refuse a file whose rows have the fields of the header with another quote only.

    Args:
        path: The file.
        rows: Rows of it, some of which may not be readable.
        widths: How many fields they may have, the usual number first.
        dialect: How the file should be written.

    Raises:
        SourceError: Another quote makes all rows readable that were not.
    """
    misfits = [row for row in rows if row.error or len(row.fields) not in widths]
    if len(misfits) < max(LEAST_ROWS, LEAST_SHARE * len(rows)):
        return
    for quote in QUOTES:
        other = replace(dialect, quote=quote)
        if quote != dialect.quote and _fit(misfits, widths, other):
            line = misfits[0].line
            why = f"line {line:,} has {widths[0]:,} fields then"
            raise SourceError(_refusal(path, dialect, other, why))


def _others(dialect: Dialect) -> Iterator[Dialect]:
    """Yield dialects with another separator, another quote, or both."""
    separators = [mark for mark in SEPARATORS if mark != dialect.separator]
    quotes = [mark for mark in QUOTES if mark != dialect.quote]
    for separator in separators:
        yield replace(dialect, separator=separator)
    for separator, quote in product((dialect.separator, *separators), quotes):
        yield replace(dialect, separator=separator, quote=quote)


def _fit(rows: Iterable[Record], widths: Sequence[int], dialect: Dialect) -> bool:
    """Return whether rows have so many fields, of which quotes hold text with a separator."""
    for row in rows:
        [*again] = records_of(row.text.splitlines(keepends=True), dialect)
        if len(again) != 1 or again[0].error or len(again[0].fields) not in widths:
            return False
        parts = [field.split(dialect.separator) for field in again[0].fields]
        if not any(len(part) > 1 and all(map(str.strip, part)) for part in parts):
            return False
    return True


def _refusal(path: Path, stated: Dialect, other: Dialect, why: str) -> str:
    changed = [
        name
        for name in ("separator", "quote")
        if getattr(stated, name) != getattr(other, name)
    ]
    new, old = (
        " and ".join(_named(getattr(dialect, name)) for name in changed)
        for dialect in (other, stated)
    )
    change = as_arguments(**{name: getattr(other, name) for name in changed})
    return (
        f'"{path.name}" seems to be written with {new}, but the Dialect says {old}: {why}. '
        f"{if_changed(f'write {change} in the Dialect of the import')}"
    )


def _named(mark: str | None) -> str:
    return NAMES.get(mark or "") or f'"{mark}"'
