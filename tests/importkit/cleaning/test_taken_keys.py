"""A row with a problem is also told that a good row has its key, which it would overwrite."""

from collections.abc import Sequence

import polars as pl
import pytest

from importkit.cleaning import CleaningDF, CleanStream, Contradiction
from importkit.source import LINE, lazily
from tests.importkit.rules import rules

DTYPES = {"sku": pl.String(), "name": pl.String(), "price": pl.Int64()}
BATCHES = pytest.mark.parametrize("rows_of_batch", [0, 1, 2, 100])


def found_in(
    cls: type[CleaningDF], rows: Sequence[tuple[str | None, ...]], rows_of_batch: int
) -> tuple[list[tuple[int, str, str]], list[int]]:
    """Return line, code and reason of each problem, and the lines of the clean rows."""
    names = list(cls.dtypes())
    df = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    df = df.with_columns(pl.Series(LINE, range(2, df.height + 2)))
    cleaned: CleaningDF | CleanStream
    if rows_of_batch:
        stream = lazily(lambda: df.iter_slices(rows_of_batch), df.schema)
        cleaned = CleanStream(cls, stream, skip=True)
        lines = cleaned.df.collect()[LINE]
    else:
        cleaned = cls(df, skip=True)
        lines = cleaned.lines
    found = cleaned.problems.sort("line", maintain_order=True)
    return found.select("line", "code", "reason").rows(), lines.to_list()


def taken(line: int) -> str:
    return (
        "a row without problems has this key too, and would be overwritten "
        f"(line {line})"
    )


@BATCHES
def test_a_bad_row_is_told_that_a_good_one_has_its_key(rows_of_batch: int) -> None:
    cls = rules(dict(DTYPES), unique_subsets=(("sku",),))
    rows = [
        ("a", "Bolt", "1"),
        ("b", "Nut", "two"),
        ("b", "Nut", "2"),
        ("a", "Bolt", "one"),
        ("a", "Bolt", "one"),
        ("c", "Gear", "three"),
        ("c", "Gear", "three"),
        (None, "Pin", "four"),
    ]

    problems, lines = found_in(cls, rows, rows_of_batch)

    assert [each for each in problems if each[1] != "unreadable"] == [
        (3, "contradiction", taken(4)),
        (5, "contradiction", taken(2)),
        (6, "contradiction", taken(2)),
    ]
    assert {line for line, code, _ in problems if code == "unreadable"} == {
        *(3, 5, 6, 7, 8, 9)
    }
    assert lines == [2, 4]


@BATCHES
@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (Contradiction.KEEP_FIRST, [(4, taken(3))]),
        (Contradiction.KEEP_LAST, [(2, taken(3))]),
    ],
)
def test_a_row_that_would_win_may_overwrite_the_others(
    policy: Contradiction, told: list[tuple[int, str]], rows_of_batch: int
) -> None:
    cls = rules(dict(DTYPES), unique_subsets=(("sku",),), on_contradiction=policy)
    rows = [("a", "x", "one"), ("a", "y", "2"), ("a", "z", "three")]

    problems, lines = found_in(cls, rows, rows_of_batch)

    assert [
        (line, reason) for line, code, reason in problems if code != "unreadable"
    ] == told
    assert lines == [3]


@BATCHES
def test_a_key_that_cannot_be_read_is_filled_with_nothing(rows_of_batch: int) -> None:
    cls = rules(
        {"n": pl.Int64(), "m": pl.Int64(), "x": pl.Int64()},
        unique_subsets=(("n", "m"),),
        fill_null_map={"n": 0},
    )
    rows = [("0", "1", "1"), ("zero", "1", "2"), (None, "1", "three")]

    problems, _ = found_in(cls, rows, rows_of_batch)

    assert [(line, code) for line, code, _ in problems] == [
        (3, "unreadable"),
        (4, "unreadable"),
        (4, "contradiction"),
    ]


@BATCHES
def test_a_contradiction_in_one_key_is_told_of_another_key_too(
    rows_of_batch: int,
) -> None:
    cls = rules(dict(DTYPES), unique_subsets=(("sku",), ("name",)))
    rows = [("a", "x", "1"), ("b", "y", "2"), ("a", "y", "3")]

    problems, lines = found_in(cls, rows, rows_of_batch)

    assert problems == [
        (
            4,
            "contradiction",
            "another name, price than an earlier row with this key (line 2)",
        ),
        (4, "contradiction", taken(3)),
    ]
    assert lines == [2, 3]
