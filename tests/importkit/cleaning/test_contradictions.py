"""Rows with one key: repeats are left out, and rows that differ are told or ranked."""

from datetime import timedelta

import polars as pl
import pytest

from importkit.cleaning import CleaningDF, CleanStream, Contradiction
from importkit.errors import ConfigurationError
from importkit.source import LINE, lazily
from tests.importkit.rules import rules

DTYPES = {"sku": pl.String(), "name": pl.String(), "price": pl.Int64()}
ROWS = pl.DataFrame(
    {
        "sku": ["a", "b", "a", "b", None, None, "a"],
        "name": ["Bolt", "Nut", "Bolt", "Nut", "x", "y", "Bold"],
        "price": ["1", "2", "1", "3", "4", "5", "7"],
        LINE: range(2, 9),
    }
)


def cleaned(
    policy: Contradiction, rows_of_batch: int
) -> tuple[CleaningDF | CleanStream, list[int]]:
    """Clean all rows at once, or as a stream of batches; also return the prices."""
    cls = rules(dict(DTYPES), unique_subsets=(("sku",),), on_contradiction=policy)
    if not rows_of_batch:
        whole = cls(ROWS, skip=True)
        return whole, whole.df["price"].to_list()
    stream = lazily(lambda: ROWS.iter_slices(rows_of_batch), ROWS.schema)
    found = CleanStream(cls, stream, skip=True)
    return found, found.df.collect()["price"].to_list()


@pytest.mark.parametrize("rows_of_batch", [0, 1, 2, 3, 100])
def test_rows_that_contradict_each_other_are_problems(rows_of_batch: int) -> None:
    found, prices_found = cleaned(Contradiction.ERROR, rows_of_batch)

    assert found.left_out.rows() == [(4, "sku as in an earlier row")]
    assert found.problems.rows() == [
        (
            *(5, "sku", "b", "contradiction"),
            "another price than an earlier row with this key (line 3)",
        ),
        (
            *(8, "sku", "a", "contradiction"),
            "another name, price than an earlier row with this key (line 2)",
        ),
    ]
    assert prices_found == [1, 2, 4, 5]


@pytest.mark.parametrize("rows_of_batch", [0, 1, 3])
@pytest.mark.parametrize(
    ("policy", "prices", "lines"),
    [
        (Contradiction.KEEP_FIRST, [1, 2, 4, 5], [4, 5, 8]),
        (Contradiction.KEEP_LAST, [3, 4, 5, 7], [2, 3, 4]),
    ],
)
def test_a_class_may_say_which_row_wins(
    policy: Contradiction, prices: list[int], lines: list[int], rows_of_batch: int
) -> None:
    found, prices_found = cleaned(policy, rows_of_batch)

    assert found.problems.is_empty()
    assert found.left_out["line"].to_list() == lines
    assert prices_found == prices


def test_columns_that_are_added_up_do_not_contradict_each_other() -> None:
    cls = rules(
        dict(DTYPES), unique_subsets=(("sku",),), add_on_duplicate_cols=("price",)
    )

    df = cls({"sku": ["a", "a"], "name": ["x", "x"], "price": ["1", "2"]}).df

    assert df.rows() == [("a", "x", 3)]


def test_more_columns_than_are_named_contradict_each_other_all_the_same() -> None:
    names = [f"c{n}" for n in range(20)]
    cls = rules(dict.fromkeys(["sku", *names], pl.String), unique_subsets=(("sku",),))

    found = cls(
        {"sku": ["a", "a"], **{name: ["x", "x"] for name in names}, "c7": ["x", "y"]},
        skip=True,
    )

    assert found.problems["reason"].to_list() == [
        "other values than an earlier row with this key (row 1)"
    ]


def test_a_policy_that_does_not_exist_is_refused() -> None:
    cls = rules(dict(DTYPES), on_contradiction="newest")

    with pytest.raises(ConfigurationError, match=r"Contradiction\.KEEP_LAST"):
        cls.check_rules()


def test_a_key_of_durations_is_told_as_it_is_written() -> None:
    cls = rules(
        {"took": pl.Duration("us"), "n": pl.Int64()}, unique_subsets=(("took",),)
    )
    span = timedelta(hours=36, minutes=15)

    found = cls(pl.DataFrame({"took": [span, span, span], "n": [1, 1, 2]}), skip=True)

    assert found.df["n"].to_list() == [1]
    assert found.problems["value"].to_list() == ["1 day, 12:15:00"]
