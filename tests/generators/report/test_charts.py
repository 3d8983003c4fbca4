"""The classes of a histogram: as many values in each as a reader would expect."""

import polars as pl
import pytest

from generators.report.charts import histogram_of


@pytest.mark.parametrize(
    ("highest", "counts"),
    [(5, (1, 1, 1, 1, 1)), (24, (1,) * 24), (30, (2,) * 15), (4_800, (200,) * 24)],
)
def test_whole_numbers_that_are_equally_frequent_are_equally_high(
    highest: int, counts: tuple[int, ...]
) -> None:
    histogram = histogram_of(pl.Series(range(1, highest + 1)))

    assert histogram
    assert histogram.counts == counts


def test_a_column_of_one_value_has_no_histogram() -> None:
    assert histogram_of(pl.Series([7, 7])) is None
