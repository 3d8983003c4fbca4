"""What is known of a sample: its dialect, its columns, and what is unusual."""

from dataclasses import dataclass

from generators.inference import Column
from importkit.source import Dialect, Format


@dataclass(frozen=True)
class Origin:
    """What a sample is that is not a plain delimited file.

    Attributes:
        kind: What the output calls it; empty for delimited text.
        sheet: The sheet that each import reads; None for the first that has data.
        format: Its format.
    """

    kind: str = ""
    sheet: str | None = None
    format: Format = Format.DELIMITED

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook."""
        return self.format is Format.WORKBOOK


@dataclass(frozen=True)
class Sample:
    """A sample that was read.

    Attributes:
        dialect: How the file is written.
        columns: Its columns.
        notes: What is unusual about it, in words.
        origin: What it is; None for a plain delimited file.
        key: The headers of the natural key that the user states.
        totals: The lines of rows that look like totals, of which the columns know nothing.
        counted: How many rows the evidence of the columns counts.
    """

    dialect: Dialect
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    origin: Origin | None = None
    key: tuple[str, ...] = ()
    totals: tuple[int, ...] = ()
    counted: int = 0
