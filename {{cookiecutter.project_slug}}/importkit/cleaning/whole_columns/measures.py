"""Step 2, clean: numbers of whole columns are added up batch by batch, in one pass."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import date, datetime
from decimal import Context, Decimal
from enum import StrEnum
from typing import ClassVar

import polars as pl

# The most distinct values of a column that are counted, since all of them are kept.
MOST_DISTINCT = 1_000_000
# The sum of a batch of decimals with more digits may not fit a decimal of polars.
SAFE_DIGITS = 30
EXACT = Context(prec=200)

type Number = int | float | Decimal
type Value = Number | date | datetime | None


class Measure(StrEnum):
    """What can be known of a column as a whole."""

    NULLS = "nulls"
    DISTINCT = "distinct"
    SUM = "sum"
    NEWEST = "newest"

    def fits(self, dtype: pl.DataType) -> bool:
        """Return whether columns of a type have such a number."""
        if self is Measure.SUM:
            return dtype.is_numeric() or dtype == pl.Boolean
        if self is Measure.NEWEST:
            return isinstance(dtype, pl.Date | pl.Datetime)
        return self is Measure.NULLS or not dtype.is_nested()


type Asked = Collection[tuple[Measure, str]]  # With the columns.


class Measured:
    """What is known of the rows that were cleaned so far.

    Attributes:
        read: How many rows were read, with those that are not among the clean ones.
        clean: How many rows are clean.
        is_whole: Whether all rows have been read.
    """

    def __init__(self, asked: Asked = ()) -> None:
        """Start without rows.

        Args:
            asked: Of which columns what is to be known.
        """
        self.read = 0
        self.clean = 0
        self.is_whole = False
        self._folds = {(measure, name): FOLDS[measure]() for measure, name in asked}

    def add(self, read: int, clean: pl.DataFrame) -> None:
        """Add the rows of a batch.

        Args:
            read: How many rows it had.
            clean: The rows that are clean.
        """
        self.read += read
        self.clean += clean.height
        for (_, name), fold in self._folds.items():
            fold.add(clean[name])

    def value(self, measure: Measure, name: str) -> Value:
        """Return what was asked for; None if it is not known, or if there is no value."""
        return self._folds[measure, name].value


class Fold(ABC):
    """One number of a column so far."""

    @abstractmethod
    def add(self, values: pl.Series) -> None:
        """Add the values of a batch."""

    @property
    @abstractmethod
    def value(self) -> Value:
        """The number of all batches."""


class Nulls(Fold):
    """How many rows have no value."""

    def __init__(self) -> None:
        self._number = 0

    def add(self, values: pl.Series) -> None:
        self._number += values.null_count()

    @property
    def value(self) -> int:
        return self._number


class Sum(Fold):
    """The sum of the values, exact save for floats; 0 without values."""

    def __init__(self) -> None:
        self._sum: Number = 0

    def add(self, values: pl.Series) -> None:
        number = _sum_of(values)
        if isinstance(number, Decimal):
            self._sum = EXACT.add(Decimal(self._sum), number)
        else:
            self._sum += number  # type: ignore[operator]  # A column has one type.

    @property
    def value(self) -> Number:
        return self._sum


def _sum_of(values: pl.Series) -> Number:
    dtype = values.dtype
    if isinstance(dtype, pl.Decimal):
        if (dtype.precision or 0) <= SAFE_DIGITS:
            return Decimal(values.sum())
        found = Decimal(0)
        for value in values.drop_nulls():
            found = EXACT.add(found, value)
        return found
    # A sum of 64 bits starts again at the other end of its range, and one of 32 bits has
    # too few digits.
    if dtype.is_float():
        return float(values.cast(pl.Float64).sum())
    return int(values.cast(pl.Int128).sum())


class Newest(Fold):
    """The latest day or time."""

    def __init__(self) -> None:
        self._newest: date | None = None

    def add(self, values: pl.Series) -> None:
        latest = values.max()
        if isinstance(latest, date) and (self._newest is None or latest > self._newest):
            self._newest = latest

    @property
    def value(self) -> date | None:
        return self._newest


class Distinct(Fold):
    """How many different values there are, up to ``MOST_DISTINCT``; nulls do not count."""

    # Two values are compared when as many are waiting as are known, which takes time that
    # grows with the number of values, and not with that of batches.
    FEWEST_WAITING: ClassVar[int] = 50_000

    def __init__(self) -> None:
        self._known: pl.Series | None = None
        self._waiting: list[pl.Series] = []
        self._is_beyond = False

    def add(self, values: pl.Series) -> None:
        if self._is_beyond:
            return
        self._waiting.append(values.drop_nulls().unique())
        known = 0 if self._known is None else len(self._known)
        if sum(map(len, self._waiting)) > max(known, self.FEWEST_WAITING):
            self._join()

    def _join(self) -> None:
        known = [] if self._known is None else [self._known]
        self._known = pl.concat([*known, *self._waiting]).unique()
        self._waiting = []
        if len(self._known) > MOST_DISTINCT:
            self._is_beyond, self._known = True, None

    @property
    def value(self) -> int | None:
        if self._waiting:
            self._join()
        if self._is_beyond:
            return None
        return 0 if self._known is None else len(self._known)


FOLDS: dict[Measure, type[Fold]] = {
    Measure.NULLS: Nulls,
    Measure.DISTINCT: Distinct,
    Measure.SUM: Sum,
    Measure.NEWEST: Newest,
}
