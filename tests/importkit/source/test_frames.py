"""Lazy frames of batches: how far they are read ahead, and what polars makes of them."""

from collections.abc import Iterator

import polars as pl

from importkit.cleaning import clean
from importkit.source import batches_of, lazily
from tests.importkit.rules import rules


def numbers(made: list[int]) -> pl.LazyFrame:
    """Return a lazy frame of nine batches, and note each that is made."""

    def batches() -> Iterator[pl.DataFrame]:
        for number in range(9):
            made.append(number)
            yield pl.DataFrame({"number": [str(number)]})

    return lazily(batches, {"number": pl.String()})


def test_no_batch_is_made_before_it_is_asked_for() -> None:
    made: list[int] = []
    stream = clean(rules({"number": pl.Int64()}), numbers(made))
    batches = batches_of(stream.df.lazy())

    assert next(batches)["number"].to_list() == [0]
    assert made == [0]
    assert sum(batch.height for batch in batches) == 8
    assert made == list(range(9))


def test_what_is_made_of_such_a_frame_has_its_own_batches() -> None:
    odd = numbers([]).filter(pl.col("number").cast(pl.Int64) % 2 == 1)

    assert pl.concat(batches_of(odd))["number"].to_list() == ["1", "3", "5", "7"]
