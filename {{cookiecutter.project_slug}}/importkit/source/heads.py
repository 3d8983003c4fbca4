"""Step 1, import: the records of a table, and its header, which notes above it may move."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from importkit.errors import SourceError
from importkit.source.dialect import Dialect

# Tells whether names are those of the columns that an import needs.
type AreNames = Callable[[Sequence[str]], bool]
# Lines in which a header is sought that is not where the dialect has it.
MOST_SKIPPED = 40


class Record(NamedTuple):
    """A record of a file.

    Attributes:
        line: Its first physical line, from 1.
        last_line: Its last physical line.
        fields: Its fields; none if it cannot be read.
        text: The record as it stands in the file, with its line end.
        error: Why it cannot be read; empty if it can.
    """

    line: int
    last_line: int
    fields: list[str]
    text: str
    error: str = ""


@dataclass(frozen=True)
class Header:
    """The head of a table, as far as reading its rows depends on it.

    Attributes:
        end: The line end of the file; empty for a sheet.
        names: The columns.
        lines: The physical lines of the header; none where the file has no header.
        above: How many physical lines stand above the first row.
        widths: How many fields the rows have, the usual number first.
        is_rejects: Whether the last columns are those of a file of rejects.
    """

    end: str
    names: tuple[str, ...]
    lines: range
    above: int
    widths: tuple[int, ...]
    is_rejects: bool = False


def with_header_found(
    dialect: Dialect,
    read: Callable[[Dialect], Header],
    records: Callable[[], Iterable[Record]],
    are_names: AreNames,
) -> Dialect:
    """Return the dialect with the number of lines that stand above the header of a file.

    Notes above a table come and go; its names stay. Where a line above them may be a row,
    the dialect is left as it is.

    Args:
        dialect: How the file is written, if notes above its table are as they were.
        read: Returns the header that a dialect finds, or raises ``SourceError``.
        records: Returns the records of the file, from its first line on.
        are_names: Tells whether names are those of the columns.
    """
    skips = {dialect.skip, *range(MOST_SKIPPED + 1)}
    for skip in sorted(skips, key=lambda skip: abs(skip - dialect.skip)):
        try:
            header = read(replace(dialect, skip=skip))
        except SourceError:
            continue
        if not are_names(header.names):
            continue
        if skip == dialect.skip or not _are_notes(records(), header):
            return dialect
        return replace(dialect, skip=header.lines.start - 1)
    return dialect


def describe_found(stated: Dialect, dialect: Dialect, header: Header) -> str:
    """Say that a header was found where its dialect does not have it."""
    return (
        f"The header is in line {header.lines.start:,}, found by its names: the Dialect "
        f"says skip={stated.skip}, and this file needs skip={dialect.skip}."
    )


def joined_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join the names of a header of several rows, column by column."""
    *upper, last = rows
    names = [field.strip() for field in last]
    for row in reversed(upper):
        above = ""
        width = max(len(row), len(names))
        names += [""] * (width - len(names))
        for place, field in enumerate(row):
            above = field.strip() or (above if names[place] else "")
            names[place] = f"{above} {names[place]}".strip()
    return names


def _are_notes(records: Iterable[Record], header: Header) -> bool:
    """Return whether no line above a header may be a row: those would be lost."""
    for record in takewhile(lambda row: row.line < header.lines.start, records):
        filled = sum(map(bool, map(str.strip, record.fields)))
        is_wide = len(record.fields) >= len(header.names) > 1
        if (
            record.error
            or len(header.names) == 1
            or (is_wide and 2 * filled > len(header.names))
        ):
            return False
    return True
