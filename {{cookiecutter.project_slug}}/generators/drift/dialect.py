"""How a file is written, against the Dialect that the command reads it by."""

import codecs
from dataclasses import fields
from math import inf
from pathlib import Path
from typing import NamedTuple

import polars as pl

from generators.drift.existing_import import Reading
from generators.naming import literal
from importkit.cleaning import CleaningDF, match_columns
from importkit.errors import SourceError
from importkit.source import (
    DEFAULT_DIALECT,
    LINE,
    PROBLEM,
    DelimitedFile,
    Dialect,
    encoding_sample,
    scan_csv,
)

NEW_HEADER = "header=True in the file, header=False in the import"
UTF_8 = ("utf-8", "utf-8-sig")


class Settled(NamedTuple):
    """The reading to go on with.

    Attributes:
        reading: As the command reads, or else as the file is written; None if neither
            shows the columns of the import.
        told: What of the Dialect is not how the file is written; empty if it reads the
            file.
    """

    reading: Reading | None
    told: str = ""


def settle(
    rules: type[CleaningDF], path: Path, reading: Reading, detected: Dialect
) -> Settled:
    """Take the command's word for how a file is written, unless the file disproves it.

    What is detected is a guess, which the owner of the command may have corrected: as
    long as his Dialect finds the columns and reads the rows, it is right.

    Args:
        rules: The cleaning class.
        path: The file.
        reading: It, as the command reads it.
        detected: How it seems to be written.
    """
    file = reading.file
    if not isinstance(file, DelimitedFile):
        return Settled(reading)
    told = differences(file.dialect, detected)
    if not told:
        return Settled(reading)
    if file.dialect.header and not detected.header:
        # What would stand for names are values.
        has_names = _missing(rules, reading) < len(rules.dtypes())
        return Settled(reading) if has_names else Settled(None, told)
    other = Reading(scan_csv(path, detected))
    if not _is_better(rules, reading, other, file, detected):
        return Settled(reading)
    own = [name for name in file.schema if name in reading.headers]
    # A command that adds columns of its own cannot be read for with another Dialect.
    return Settled(other if own == reading.headers else None, told)


def new_header(reading: Reading, detected: Dialect) -> int | None:
    """Return the line of what may be a header, where the command takes it for a row."""
    file = reading.file
    if not (isinstance(file, DelimitedFile) and LINE in reading.frame.collect_schema()):
        return None
    if file.dialect.header or not detected.header:
        return None
    first = reading.frame.lazy().select(LINE).head(1).collect()
    return None if first.is_empty() else int(first.item())


def differences(own: Dialect, detected: Dialect) -> str:
    """Return what of a Dialect is not how a file is written, as arguments; or nothing."""
    names = _other(own, detected)
    if not names:
        return ""
    new, old = (_arguments(dialect, names) for dialect in (detected, own))
    return f"{new} in the file, {old} in the import"


def written(detected: Dialect) -> str:
    """Return what is special in how a file is written, as arguments; or nothing."""
    names = _other(DEFAULT_DIALECT, detected)
    return f"{_arguments(detected, names)} in the file" if names else ""


def _other(own: Dialect, detected: Dialect) -> list[str]:
    return [
        item.name
        for item in fields(Dialect)
        if _plain(own, item.name) != _plain(detected, item.name)
    ]


def _arguments(dialect: Dialect, names: list[str]) -> str:
    return ", ".join(f"{name}={literal(getattr(dialect, name))}" for name in names)


def _plain(dialect: Dialect, name: str) -> object:
    """Return an attribute as it is compared: one encoding has several names."""
    value: object = getattr(dialect, name)
    if name != "encoding":
        return value
    codec = codecs.lookup(str(value)).name
    return UTF_8[0] if codec in UTF_8 else codec


def _is_better(
    rules: type[CleaningDF],
    own: Reading,
    other: Reading,
    file: DelimitedFile,
    detected: Dialect,
) -> bool:
    """Say whether another reading has more of the columns, or else more of the rows."""
    missing, others = _missing(rules, own), _missing(rules, other)
    if missing != others:
        return others < missing
    if _plain(detected, "encoding") == UTF_8[0] != _plain(file.dialect, "encoding"):
        # UTF-8 proves itself; in an encoding of single bytes it reads as other letters.
        return not encoding_sample(file.path).isascii()
    return _broken(other) < _broken(own)


def _missing(rules: type[CleaningDF], reading: Reading) -> int:
    match = match_columns(rules.get_rename_map(), rules.dtypes(), reading.headers)
    return len(match.missing)


def _broken(reading: Reading) -> float:
    """Return how many rows cannot be read."""
    if PROBLEM not in reading.frame.collect_schema():
        return 0
    broken = pl.col(PROBLEM).is_not_null().sum()
    try:
        return float(reading.frame.lazy().select(broken).collect().item())
    except SourceError:
        return inf
