"""Step 1, import: what the cells of a sheet show besides their values.

The reader of workbooks returns the values that are stored. It does not tell which number a
format shows with zeros in front or as percent, which formula failed or was never calculated,
which digits a number had, which cells are merged and which rows are hidden.
"""

import re
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from importkit.source.sheets.number_formats import SHEET_DIGITS

IN_DOUBT = re.compile(r"-?[1-9]\d{,2}\.\d{3}")
SHORTEST_LONG = len(f"1E+{SHEET_DIGITS}")  # Characters of a number that may be long.
LONGEST_ID = 1e20  # Above all whole numbers of 64 bits: what is larger is a quantity.


class Cell(NamedTuple):
    """A cell: its row and column from 0, and a text."""

    row: int
    column: int
    text: str


class Area(NamedTuple):
    """Cells that are merged: the first and the last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Marks:
    """What the cells of a sheet show besides their values.

    Attributes:
        seen: Cells that a person sees as this text: numbers with zeros in front or in
            percent, errors.
        long: Numbers of more digits than a spreadsheet keeps, as they are stored.
        in_doubt: Numbers of three decimals, with a zero behind them. Beside texts with a
            decimal comma, they would be taken for thousands.
        moments: Dates with a time, as far as the reader of values writes them otherwise.
        uncalculated: Formulas without a value.
        merged: The areas of merged cells; only their first cell has a value.
        hidden_rows: The rows that are hidden, from 0.
        hidden_columns: The first and the last column of the groups that are hidden.
    """

    seen: list[Cell] = field(default_factory=list)
    long: list[Cell] = field(default_factory=list)
    in_doubt: list[Cell] = field(default_factory=list)
    moments: list[Cell] = field(default_factory=list)
    uncalculated: list[Cell] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    @property
    def texts(self) -> list[Cell]:
        """The cells whose text is not that of their value, formulas as formulas."""
        return [*self.seen, *self.long, *self.uncalculated]


def doubted_number(value: str, marks: Marks) -> tuple[list[Cell], str] | None:
    """Return the marks that a number belongs to by its digits, and its text.

    Args:
        value: The number as the workbook stores it.
        marks: The marks of its sheet.
    """
    if len(value) >= SHORTEST_LONG and _is_long(float(value), value):
        return marks.long, value.upper()
    if IN_DOUBT.fullmatch(value):
        return marks.in_doubt, f"{value}0"
    return None


def _is_long(number: float, text: str) -> bool:
    """Return whether a number has more digits than a spreadsheet keeps."""
    most = inf if len(text) > SHEET_DIGITS else LONGEST_ID
    return bool(10**SHEET_DIGITS <= abs(number) < most)
