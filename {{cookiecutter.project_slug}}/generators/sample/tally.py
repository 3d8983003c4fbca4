"""What rows say of one column of text: counts and measures, batch by batch."""

from decimal import Decimal
from typing import NamedTuple

import polars as pl

from generators.inference import Column


class Tally(NamedTuple):
    """What some rows say of a column.

    Attributes:
        empty: How many cells hold nothing.
        words: How many hold a word for nothing.
        width: The characters of the longest value.
        low: The least number.
        high: The greatest number.
        odd: How many values are not as the column is taken to be.
        asks: How many may tell more about it.
    """

    empty: int = 0
    words: int = 0
    width: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    odd: int = 0
    asks: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Return what these rows and others say."""
        return Tally(
            self.empty + other.empty,
            self.words + other.words,
            max(self.width or 0, other.width or 0),
            min(_known(self.low, other.low), default=None),
            max(_known(self.high, other.high), default=None),
            self.odd + other.odd,
            self.asks + other.asks,
        )


def values(column: Column, cells: pl.Expr) -> pl.Expr:
    """Return the values of a column without its words for nothing."""
    if not column.null_tokens:
        return cells
    return pl.when(~cells.is_in(column.null_tokens)).then(cells)


def tallied(value: pl.Expr, read: pl.Expr | None, **counted: pl.Expr) -> pl.Expr:
    """Return the fields of a ``Tally`` of the cells of a column, as a structure.

    Args:
        value: Its values: stripped, words for nothing and empty ones null.
        read: The numbers that they are, if they are.
        counted: Per field what of the cells is counted.
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
