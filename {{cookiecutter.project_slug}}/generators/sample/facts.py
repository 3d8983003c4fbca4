"""What was read of a sample: its dialect, its columns, and what is odd about it."""

from dataclasses import dataclass

from generators.inference import Column
from importkit.source import Dialect


@dataclass(frozen=True)
class Origin:
    """What a sample is that is no plain delimited file.

    Attributes:
        kind: What it is told as; empty for delimited text, whose dialect is told.
        sheet: The sheet that each import reads; None for the first that holds anything.
    """

    kind: str = ""
    sheet: str | None = None


@dataclass(frozen=True)
class Sample:
    """What was read.

    Attributes:
        dialect: How the file is written.
        columns: Its columns.
        notes: What is odd about it, in words.
        origin: What it is; None for a plain delimited file.
        key: The headers of the natural key that the user says.
        counted: How many rows the evidence of the columns counts.
    """

    dialect: Dialect
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    origin: Origin | None = None
    key: tuple[str, ...] = ()
    counted: int = 0
