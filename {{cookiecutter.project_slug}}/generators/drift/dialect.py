"""How a file is written, compared with the Dialect by which the command reads it."""

from dataclasses import replace
from math import inf
from pathlib import Path
from typing import NamedTuple

import polars as pl

from generators.drift.existing_import import FileAsRead
from generators.naming import literal
from importkit.cleaning import CleaningDF, match_columns
from importkit.errors import SourceError
from importkit.source import (
    LINE,
    PROBLEM,
    DelimitedFile,
    Dialect,
    differences,
    encoding_sample,
    scan_csv,
)

NEW_HEADER = "header=True in the file, header=False in the import"
UTF_8 = "utf-8"


class DialectChoice(NamedTuple):
    """The dialect that reads a file.

    Attributes:
        read: The file, read by the dialect of the command or by the detected one; None
            if neither finds the columns of the import.
        difference: How the file differs from the dialect of the command; empty if that
            dialect reads the file.
    """

    read: FileAsRead | None
    difference: str = ""


def choose_dialect(
    rules: type[CleaningDF], path: Path, read: FileAsRead, detected: Dialect
) -> DialectChoice:
    """Keep to the dialect of the command, unless the file disproves it.

    The detected dialect is a guess, which the owner of the command may have corrected:
    a dialect that finds the columns and reads the rows is right.

    Args:
        rules: The cleaning class.
        path: The file.
        read: The file as the command reads it.
        detected: The dialect in which the file seems to be written.
    """
    file = read.file
    if not isinstance(file, DelimitedFile):
        return DialectChoice(read)
    difference = describe_difference(file.dialect, detected)
    if not difference:
        return DialectChoice(read)
    if file.dialect.header and not detected.header:
        # The first row holds values, which must not be shown as headers.
        has_names = _count_missing(rules, read) < len(rules.dtypes())
        return DialectChoice(read) if has_names else DialectChoice(None, difference)
    other = FileAsRead(scan_csv(path, detected))
    if not _is_better(rules, read, other, file, detected):
        return DialectChoice(read)
    own = [name for name in file.schema if name in read.headers]
    # Columns that the command itself adds are not in the other frame.
    return DialectChoice(other if own == read.headers else None, difference)


def find_new_header(read: FileAsRead, detected: Dialect) -> int | None:
    """Return the line of a header that the command takes for a row, if there is one."""
    file = read.file
    if not (isinstance(file, DelimitedFile) and LINE in read.frame.collect_schema()):
        return None
    if file.dialect.header or not detected.header:
        return None
    first = read.frame.lazy().select(LINE).head(1).collect()
    return None if first.is_empty() else int(first.item())


def describe_difference(own: Dialect, detected: Dialect) -> str:
    """Return how a file is written otherwise than its import says; empty if it is not."""
    # Only reading the whole file tells how it ends.
    names = differences(own, detected, apart_from={"last_line_end"})
    if not names:
        return ""
    new, old = (_arguments(dialect, names) for dialect in (detected, own))
    return f"{new} in the file, {old} in the import"


def _arguments(dialect: Dialect, names: list[str]) -> str:
    return ", ".join(f"{name}={literal(getattr(dialect, name))}" for name in names)


def _is_better(
    rules: type[CleaningDF],
    own: FileAsRead,
    other: FileAsRead,
    file: DelimitedFile,
    detected: Dialect,
) -> bool:
    """Return whether another dialect finds more columns, or else reads more rows."""
    missing, others = _count_missing(rules, own), _count_missing(rules, other)
    if missing != others:
        return others < missing
    utf_8 = replace(detected, encoding=UTF_8)
    if not differences(detected, utf_8) and differences(
        file.dialect, replace(file.dialect, encoding=UTF_8)
    ):
        # UTF-8 proves itself; an encoding of single bytes reads it as other letters.
        return not encoding_sample(file.path).isascii()
    return _count_broken(other) < _count_broken(own)


def _count_missing(rules: type[CleaningDF], read: FileAsRead) -> int:
    match = match_columns(rules.get_rename_map(), rules.dtypes(), read.headers)
    return len(match.missing)


def _count_broken(read: FileAsRead) -> float:
    """Return how many rows cannot be read; inf if the file cannot be read."""
    if PROBLEM not in read.frame.collect_schema():
        return 0
    broken = pl.col(PROBLEM).is_not_null().sum()
    try:
        return float(read.frame.lazy().select(broken).collect().item())
    except SourceError:
        return inf
