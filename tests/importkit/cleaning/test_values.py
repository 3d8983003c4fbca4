"""What becomes of values: null words, rounding, converters, fill values."""

from datetime import date
from decimal import Decimal
from functools import partial

import polars as pl
import pytest

from importkit.cleaning import CleaningDF
from tests.importkit.cleaning.conftest import CleanFile
from tests.importkit.rules import clean, rules


def test_a_frame_of_a_lazy_source_is_collected() -> None:
    df = clean({"n": pl.Int64}, pl.LazyFrame({"n": ["1"]}))

    assert df.to_dicts() == [{"n": 1}]


def test_an_empty_source_gives_an_empty_frame_of_the_types() -> None:
    df = clean({"n": pl.Int64, "day": pl.Date}, {"n": [], "day": []})

    assert df.schema == {"n": pl.Int64(), "day": pl.Date()}


def test_null_words_are_nothing_only_where_declared(clean_file: CleanFile) -> None:
    table = clean_file(
        "country,n\nNA,NA\n-,-\n",
        {"country": pl.String, "n": pl.Int64},
        null_tokens={"n": ("NA", "-")},
    )

    assert table.rows == [("NA", None), ("-", None)]


def test_a_nullable_column_stays_null_beside_one_that_is_filled() -> None:
    df = clean(
        {"key": pl.Int64, "note": pl.String, "n": pl.Int64, "price": pl.Decimal(6, 2)},
        {"key": [1], "note": [""], "n": [None], "price": [None]},
        fill_null_map={"note": "", "price": 0, "n": None},
    )

    assert df.to_dicts() == [
        {"key": 1, "note": "", "n": None, "price": Decimal("0.00")}
    ]


def test_each_value_is_rounded_by_itself(clean_file: CleanFile) -> None:
    table = clean_file(
        "n,f,d\n1,19.994,1.004\n2,19.994,2.006\n3,,\n4,19.996,3\n",
        {"n": pl.Int64, "f": pl.Float64, "d": pl.Decimal(6, 2)},
        col_precision_map={"f": 2, "d": 2},
    )

    assert table.rows == [
        (1, 19.99, Decimal("1.00")),
        (2, 19.99, Decimal("2.01")),
        (3, None, None),
        (4, 20.0, Decimal("3.00")),
    ]


def test_rounding_that_keeps_the_sum_is_there_for_converters() -> None:
    prices = pl.Series("price", [0.333, None, 0.333, 0.334])

    rounded = CleaningDF.round_col(prices, 2, compensate=True)

    assert rounded.null_count() == 1
    assert rounded.sum() == pytest.approx(1.0)


def test_converters_work_on_cast_values() -> None:
    df = clean(
        {"n": pl.Int64, "name": pl.String, "kept": pl.String},
        {"n": ["2"], "name": ["AB"], "kept": ["CD"]},
        col_converter_map={
            "n": partial(lambda col, by: col * by, by=3),
            "name": CleaningDF.lower_col,
            "kept": CleaningDF.skip_col_converter,
        },
    )

    assert df.to_dicts() == [{"n": 6, "name": "ab", "kept": "CD"}]


def test_a_parser_or_a_converter_may_take_control_characters_out() -> None:
    df = clean(
        {"name": pl.String, "note": pl.String},
        {"name": ["a\x1bb"], "note": ["c\x00d"]},
        col_parser_map={"name": lambda text: text.str.replace_all("\x1b", "")},
        col_converter_map={"note": lambda text: text.str.replace_all("\0", "")},
    )

    assert df.rows() == [("ab", "cd")]


def test_a_day_of_the_source_stays_that_day() -> None:
    assert clean({"day": pl.Date}, {"day": ["2024-02-29"]}).item() == date(2024, 2, 29)


def test_categories_are_text() -> None:
    source = pl.DataFrame({"n": ["1", "2"], "c": [" a ", ""]})
    labels = source.with_columns(pl.col("c").cast(pl.Categorical))

    df = rules({"n": pl.Int64, "c": pl.String})(labels).df

    assert df["c"].to_list() == ["a", None]
