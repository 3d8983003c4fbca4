"""Which rows are left out, added up and sorted, and with which lines."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importkit import problems
from importkit.cleaning import Contradiction, DType
from importkit.source import LINE
from tests.importkit.cleaning.conftest import CleanFile
from tests.importkit.rules import clean, problems_of, rules


def test_lines_follow_their_rows() -> None:
    cls = rules(
        {"n": pl.Int64, "name": pl.String},
        unique_subsets=(("n",),),
        on_contradiction=Contradiction.KEEP_FIRST,
        sort_cols=(("n", True),),
    )

    cleaned = cls(
        {LINE: [2, 4, 5, 6], "n": [1, None, 1, 3], "name": ["a", None, "b", "c"]}
    )

    assert cleaned.df.to_dicts() == [{"n": 3, "name": "c"}, {"n": 1, "name": "a"}]
    assert cleaned.lines.to_list() == [6, 2]
    assert problems.describe_left_out(cleaned.left_out, cleaned.place) == (
        "Left out 1 row: nothing in any column (line 4).\n"
        "Left out 1 row: n as in an earlier row, whose other values are kept (line 5)."
    )


def test_rows_are_left_out_when_all_of_a_subset_is_null(clean_file: CleanFile) -> None:
    table = clean_file(
        "mail,phone,n\na,,1\n,1,2\n, ,3\n",
        {"mail": pl.String, "phone": pl.String, "n": pl.Int64},
        drop_null_subsets=(("mail", "phone"),),
    )

    assert table.rows == [("a", None, 1), (None, "1", 2)]
    assert table.left_out == [(4, "nothing in mail, phone")]


def test_of_rows_alike_the_first_of_the_file_is_kept_and_sums_are_added(
    clean_file: CleanFile,
) -> None:
    table = clean_file(
        "sku,name,n,paid\nb,1,1,0.10\na,2,2,1\nb,3,4,0.20\n"
        ",4,8,2\n,5,16,3\nc,6,,4\nc,7,,5\n",
        {"sku": pl.String, "name": pl.String, "n": pl.Int32, "paid": pl.Decimal(6, 2)},
        unique_subsets=(("sku",),),
        on_contradiction=Contradiction.KEEP_FIRST,
        add_on_duplicate_cols=("n", "paid"),
    )

    assert table.rows == [
        ("b", "1", 5, Decimal("0.30")),
        ("a", "2", 2, Decimal("1.00")),
        (None, "4", 8, Decimal("2.00")),
        (None, "5", 16, Decimal("3.00")),
        ("c", "6", None, Decimal("9.00")),
    ]
    assert [line for line, _ in table.left_out] == [4, 8]


def test_rows_that_sort_alike_keep_their_order(clean_file: CleanFile) -> None:
    table = clean_file(
        "n,name\n2,a\n1,b\n2,c\n1,d\n",
        {"n": pl.Int64, "name": pl.String},
        sort_cols=(("n", False),),
    )

    assert table.rows == [(1, "b"), (1, "d"), (2, "a"), (2, "c")]


ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 3), st.integers(0, 3)),
    min_size=1,
    max_size=30,
)


@settings(deadline=None, max_examples=100)
@given(rows=ROWS)
def test_every_row_is_in_the_frame_or_named_as_left_out(
    rows: list[tuple[str | None, int, int]],
) -> None:
    lines = list(range(2, len(rows) + 2))
    source = pl.DataFrame(rows, schema=["sku", "n", "m"], orient="row")
    source = source.with_columns(pl.Series(LINE, lines))
    cls = rules(
        {"sku": pl.String, "n": pl.Int64, "m": pl.Int64},
        unique_subsets=(("sku",), ("n", "m")),
        on_contradiction=Contradiction.KEEP_FIRST,
        sort_cols=(("n", True), ("m", False)),
    )

    first, second = cls(source), cls(source)

    assert sorted([*first.lines, *first.left_out["line"]]) == lines
    assert first.df.equals(second.df)


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        (pl.Int8, [100, 100]),
        (pl.Int32, [2_000_000_000, 2_000_000_000]),
        (pl.Int64, [2**63 - 1, 2**63 - 1]),
        (pl.UInt64, [2**64 - 1, 1]),
        (pl.Decimal(4, 2), ["99.00", "99.00"]),
        (pl.Float64, [1e308, 1e308]),
    ],
)
def test_a_sum_that_does_not_fit_is_a_problem(dtype: DType, values: list[Any]) -> None:
    cls = rules(
        {"sku": pl.String, "n": dtype},
        unique_subsets=(("sku",),),
        add_on_duplicate_cols=("n",),
    )

    message = problems_of(cls, {"sku": ["a", "a"], "n": values})

    assert "n: the sum over rows alike is not " in message


def test_what_is_filled_counts_in_sums_and_keys() -> None:
    df = clean(
        {"sku": pl.String, "place": pl.String, "n": pl.Int64},
        {"sku": ["a", "a"], "place": [None, "x"], "n": [None, 2]},
        fill_null_map={"place": "x", "n": 1},
        unique_subsets=(("sku", "place"),),
        add_on_duplicate_cols=("n",),
    )

    assert df.to_dicts() == [{"sku": "a", "place": "x", "n": 3}]
