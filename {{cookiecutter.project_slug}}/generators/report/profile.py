"""What a page shows of the columns of a sample: how full, how different, which values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from generators.code import ColumnPlan, ImportPlan
from generators.inference import value_of
from generators.report.charts import MEASURED, Histogram, histogram_of
from generators.report.table import cut, reason_of, short, type_of
from generators.report.values import find_personal, values_of
from importkit.errors import visible
from importkit.source import LINE, as_text

TOP = 8  # Values that a column shows.
LONGEST = 60  # Characters of such a value.


@dataclass(frozen=True)
class TopValue:
    """A value of a column, and how often it stands there.

    Attributes:
        text: The value, safe to print.
        count: In how many rows it stands.
        share: The same as a part of the rows that have a value.
    """

    text: str
    count: int
    share: float


@dataclass(frozen=True)
class Profile:
    """What is shown of one column.

    Attributes:
        header: Its header, safe to print.
        name: The name of its field.
        kind: What its values are.
        type: The field, in short.
        reason: Why it has this kind.
        rows: How many rows the sample has.
        nulls: How many of them have no value.
        distinct: How many different values there are.
        counted: Among how many values.
        is_personal: Whether the values must not be shown.
        top: The most frequent values; without any that stands there twice, the first.
        histogram: How numbers or moments are distributed.
    """

    header: str
    name: str
    kind: str
    type: str
    reason: str
    rows: int
    nulls: int
    distinct: int
    counted: int
    is_personal: bool
    top: Sequence[TopValue] = ()
    histogram: Histogram | None = None

    @property
    def null_share(self) -> float:
        """The part of the rows that has no value."""
        return self.nulls / self.rows if self.rows else 0


def profiles_of(plan: ImportPlan, rows: pl.DataFrame) -> Iterator[Profile]:
    """Yield what is shown of each column that an import reads.

    Args:
        plan: The plan of the import.
        rows: Rows of the sample, all or the first.
    """
    personal = find_personal(plan.columns)
    texts = as_text(rows.drop(LINE, strict=False))
    for column in plan.columns:
        header = column.column.header
        is_personal = header in personal
        cells = values_of(column, texts[header])
        yield Profile(
            header=short(header),
            name=column.name,
            kind=str(column.column.kind),
            type=type_of(column),
            reason=reason_of(plan, column),
            rows=column.column.rows,
            nulls=column.column.nulls,
            distinct=cells.n_unique(),
            counted=len(cells),
            is_personal=is_personal,
            top=() if is_personal else tuple(_top(cells)),
            histogram=None if is_personal else _histogram(column, rows[header], cells),
        )


def _top(cells: pl.Series) -> Iterator[TopValue]:
    places = pl.int_range(pl.len()).alias("place")
    counted = (
        pl.DataFrame({"value": cells})
        .with_columns(places)
        .group_by("value")
        .agg(pl.len().alias("count"), pl.col("place").min())
        .sort("count", "place", descending=[True, False])
        .head(TOP)
    )
    for value, count, _ in counted.iter_rows():
        yield TopValue(cut(visible(value), LONGEST), count, count / len(cells))


def _histogram(
    column: ColumnPlan, given: pl.Series, cells: pl.Series
) -> Histogram | None:
    if column.column.kind not in MEASURED:
        return None
    if given.dtype != pl.String:
        return histogram_of(given)
    read = cells.to_frame().select(value_of(column.column, pl.first()))
    return histogram_of(read.to_series())
