"""The counts and measures of one column of text, batch by batch."""

from decimal import Decimal
from typing import NamedTuple

import polars as pl

from generators.inference import Column


class Counts(NamedTuple):
    """What was counted of some rows of a column.

    Attributes:
        empty: The number of empty cells.
        words: The number of null words.
        width: The characters of the longest value.
        low: The least number.
        high: The greatest number.
        odd: The number of values that do not fit the column.
        asks: The number of values that may make the column another kind.
    """

    empty: int = 0
    words: int = 0
    width: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    odd: int = 0
    asks: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Return the counts of these rows and others together."""
        return Counts(
            self.empty + other.empty,
            self.words + other.words,
            max(self.width or 0, other.width or 0),
            min(_known(self.low, other.low), default=None),
            max(_known(self.high, other.high), default=None),
            self.odd + other.odd,
            self.asks + other.asks,
        )


def values(column: Column, cells: pl.Expr) -> pl.Expr:
    """Return the values of a column: its cells, null words and errors as null."""
    nothing = (*column.null_tokens, *column.errors)
    return pl.when(~cells.is_in(nothing)).then(cells) if nothing else cells


def count_cells(value: pl.Expr, read: pl.Expr | None, **counted: pl.Expr) -> pl.Expr:
    """Return the fields of a ``Counts`` of the cells of a column, as a structure.

    Args:
        value: Its values: stripped, null words and empty ones null.
        read: Its values as numbers, if they are numbers.
        counted: For each field of ``Counts`` that is a number of cells, which count.
    """
    number = pl.lit(None, pl.Int64) if read is None else read
    return pl.struct(
        value.str.len_chars().max().alias("width"),
        number.min().alias("low"),
        number.max().alias("high"),
        *(mask.sum().alias(name) for name, mask in counted.items()),
    )


def _known(*numbers: Decimal | int | None) -> list[Decimal]:
    return [Decimal(number) for number in numbers if number is not None]
