"""How the values of a column are distributed: the classes of a histogram, in numbers."""

import math
from dataclasses import dataclass

import polars as pl

from generators.inference import NUMBERS, Kind

CLASSES = 24  # At most.
MOMENTS = frozenset({Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.DURATION})
MEASURED = NUMBERS | MOMENTS
DIGITS = 6  # Of the bounds of a class.


@dataclass(frozen=True)
class Histogram:
    """The values of a column in classes of the same width.

    Attributes:
        counts: How many values each class has.
        low: The least value.
        high: The greatest value.
        text: The same for a reader who does not see it.
    """

    counts: tuple[int, ...]
    low: str
    high: str
    text: str

    @property
    def heights(self) -> list[float]:
        """The height of each class, as a part of the highest."""
        return [count / max(self.counts) for count in self.counts]


def histogram_of(values: pl.Series) -> Histogram | None:
    """Return the histogram of numbers or moments; None for fewer than two values.

    Args:
        values: The values; null ones do not count.
    """
    known = values.alias("").drop_nulls()
    numbers = known.to_physical() if known.dtype.is_temporal() else known
    places = numbers.cast(pl.Float64)
    if known.is_empty() or not places.is_finite().all():
        return None
    bounds = pl.first().min().alias("low"), pl.first().max().alias("high")
    low, high = places.to_frame().select(bounds).row(0)
    if low == high:
        return None
    # Classes of whole numbers hold equally many of them, or some would seem to be higher.
    numbered = numbers.dtype.is_integer()
    width = (
        math.ceil((high - low + 1) / CLASSES) if numbered else (high - low) / CLASSES
    )
    number = int((high - low) // width) + 1 if numbered else CLASSES
    classes = ((places - low) / width).floor().clip(0, number - 1).cast(pl.Int64)
    counted = dict(classes.value_counts().iter_rows())
    counts = tuple(counted.get(place, 0) for place in range(number))
    first, last = _shown(known.min()), _shown(known.max())
    where = counts.index(max(counts)) + 1
    text = (
        f"Histogram from {first} to {last} in {number} classes of the same width. Most "
        f"values, {max(counts):,} of {len(known):,}, are in class {where}."
    )
    return Histogram(counts, first, last, text)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)
