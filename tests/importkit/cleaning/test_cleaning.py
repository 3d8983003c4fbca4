import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from winiutils.core.data.dataframe.cleaning import CleaningDF as WiniutilsCleaningDF

from importkit import problems
from importkit.cleaning import CleaningDF, DType, parsing
from importkit.errors import ConfigurationError
from importkit.source import LINE
from tests.importkit.rules import clean, problems_of, rules


def test_types_are_all_that_has_to_be_given() -> None:
    df = clean(
        {"n": pl.Int64, "name": pl.String}, {"name": [" a ", ""], "n": ["1", "2"]}
    )

    assert df.to_dicts() == [{"n": 1, "name": "a"}, {"n": 2, "name": None}]


def test_it_is_a_cleaning_df_of_winiutils() -> None:
    assert issubclass(CleaningDF, WiniutilsCleaningDF)


def test_without_types_there_is_no_cleaning_class() -> None:
    class Empty(CleaningDF):
        pass

    with pytest.raises(TypeError, match="get_col_dtype_map"):
        Empty({})  # type: ignore[abstract]  # that is the point


def test_a_misspelt_hook_is_refused_when_the_class_is_written() -> None:
    with pytest.raises(ConfigurationError) as error:
        rules({"a": pl.String}, no_null_col=("a",))

    assert str(error.value) == (
        "Rules.get_no_null_col is not a hook of CleaningDF "
        '(did you mean "get_no_null_cols"?).'
    )


def test_a_method_of_ones_own_may_begin_with_get() -> None:
    assert rules({"a": pl.String}, supplier_of_the_week=1)({"a": ["x"]}).df.height == 1


@pytest.mark.parametrize(
    "rename_map",
    [{"Product": "name"}, {"name": "Product"}, {"name": "Product", "n": "n"}],
)
def test_a_rename_map_is_read_in_both_directions(rename_map: dict[str, str]) -> None:
    df = clean(
        {"name": pl.String, "n": pl.Int64},
        {"Product": ["a"], "n": ["1"], "unused": ["x"]},
        rename_map=rename_map,
    )

    assert df.to_dicts() == [{"name": "a", "n": 1}]


def test_a_header_that_looks_like_a_pattern_is_a_name() -> None:
    df = clean(
        {"a": pl.Int64, "self": pl.Int64},
        {"^.*$": ["1"], "self": ["2"]},
        rename_map={"^.*$": "a"},
    )

    assert df.to_dicts() == [{"a": 1, "self": 2}]


def test_a_frame_of_a_lazy_source_is_collected() -> None:
    df = clean({"n": pl.Int64}, pl.LazyFrame({"n": ["1"]}))

    assert df.to_dicts() == [{"n": 1}]


def test_all_values_that_do_not_fit_are_named_at_once() -> None:
    cls = rules(
        {"price": pl.Decimal(6, 2), "n": pl.Int64, "day": pl.Date},
        no_null_cols=("n",),
        col_parser_map={"day": parsing.date("%d.%m.%Y")},
    )

    message = problems_of(
        cls,
        {
            LINE: [2, 5, 6, 9, 10],
            "price": ["1.005", "1e2", "x", "\x1b[2J", "1.5"],
            "n": ["1", None, " ", "1.5", "3"],
            "day": ["01.02.2024", "2024-02-01", None, None, None],
        },
    )

    assert message == (
        "8 problems in 4 rows:\n"
        "  price: not a number of up to 4 digits and 2 decimals, 4 rows\n"
        "    line 2: '1.005'\n"
        "    line 5: '1e2'\n"
        "    line 6: 'x'\n"
        "  day: not a date like 31.12.2026, 1 row\n"
        "    line 5: '2024-02-01'\n"
        "  n: must not be empty, 2 rows\n"
        "    line 5\n"
        "    line 6\n"
        "  n: not a whole number that fits Int64, 1 row\n"
        "    line 9: '1.5'"
    )


def test_without_lines_rows_are_counted_from_one() -> None:
    message = problems_of(rules({"n": pl.Int64}), {"n": ["1", "x"]})

    assert message == (
        "1 problem in 1 row:\n"
        "  n: not a whole number that fits Int64, 1 row\n"
        "    row 2: 'x'"
    )


def test_lines_follow_their_rows() -> None:
    cls = rules(
        {"n": pl.Int64, "name": pl.String},
        unique_subsets=(("n",),),
        sort_cols=(("n", True),),
    )

    cleaned = cls(
        {LINE: [2, 4, 5, 6], "n": [1, None, 1, 3], "name": ["a", None, "b", "c"]}
    )

    assert cleaned.df.to_dicts() == [{"n": 3, "name": "c"}, {"n": 1, "name": "a"}]
    assert cleaned.lines.to_list() == [6, 2]
    assert problems.describe_left_out(cleaned.left_out, cleaned.place) == (
        "Left out 1 row: nothing in any column (line 4).\n"
        "Left out 1 row: n as in an earlier row (line 5)."
    )


def test_null_words_are_nothing_only_where_declared() -> None:
    df = clean(
        {"country": pl.String, "n": pl.Int64},
        {"country": ["NA", "-"], "n": ["NA", "-"]},
        null_tokens={"n": ("NA", "-")},
    )

    assert df.to_dicts() == [{"country": "NA", "n": None}, {"country": "-", "n": None}]


def test_a_nullable_column_stays_null_beside_one_that_is_filled() -> None:
    df = clean(
        {"key": pl.Int64, "note": pl.String, "n": pl.Int64, "price": pl.Decimal(6, 2)},
        {"key": [1], "note": [""], "n": [None], "price": [None]},
        fill_null_map={"note": "", "price": 0, "n": None},
    )

    assert df.to_dicts() == [
        {"key": 1, "note": "", "n": None, "price": Decimal("0.00")}
    ]


def test_a_required_column_is_checked_before_it_is_filled() -> None:
    cls = rules(
        {"a": pl.String, "b": pl.String}, no_null_cols=("a",), fill_null_map={"a": ""}
    )

    assert "a: must not be empty" in problems_of(cls, {"a": ["  "], "b": ["x"]})


def test_rows_are_left_out_when_all_of_a_subset_is_null() -> None:
    df = clean(
        {"mail": pl.String, "phone": pl.String, "n": pl.Int64},
        {"mail": ["a", None, None], "phone": [None, "1", " "], "n": [1, 2, 3]},
        drop_null_subsets=(("mail", "phone"),),
    )

    assert df["n"].to_list() == [1, 2]


def test_of_rows_alike_the_first_of_the_file_is_kept_and_sums_are_added() -> None:
    df = clean(
        {"sku": pl.String, "name": pl.String, "n": pl.Int32, "paid": pl.Decimal(6, 2)},
        {
            "sku": ["b", "a", "b", None, None, "c", "c"],
            "name": ["1", "2", "3", "4", "5", "6", "7"],
            "n": [1, 2, 4, 8, 16, None, None],
            "paid": ["0.10", "1", "0.20", "2", "3", "4", "5"],
        },
        unique_subsets=(("sku",),),
        add_on_duplicate_cols=("n", "paid"),
    )

    assert df.rows() == [
        ("b", "1", 5, Decimal("0.30")),
        ("a", "2", 2, Decimal("1.00")),
        (None, "4", 8, Decimal("2.00")),
        (None, "5", 16, Decimal("3.00")),
        ("c", "6", None, Decimal("9.00")),
    ]


def test_each_value_is_rounded_by_itself() -> None:
    df = clean(
        {"n": pl.Int64, "f": pl.Float64, "d": pl.Decimal(6, 2)},
        {
            "n": [1, 2, 3, 4],
            "f": ["19.994", "19.994", "", "19.996"],
            "d": ["1.004", "2.006", None, "3"],
        },
        col_precision_map={"f": 2, "d": 2},
    )

    assert df["f"].to_list() == [19.99, 19.99, None, 20.0]
    assert df["d"].to_list() == [
        Decimal("1.00"),
        Decimal("2.01"),
        None,
        Decimal("3.00"),
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


def test_a_converter_that_changes_the_type_is_refused() -> None:
    cls = rules(
        {"n": pl.Int64}, col_converter_map={"n": lambda col: col.cast(pl.String)}
    )

    with pytest.raises(ConfigurationError, match='The converter of "n" returns String'):
        cls({"n": ["1"]})


def test_rows_that_sort_alike_keep_their_order() -> None:
    df = clean(
        {"n": pl.Int64, "name": pl.String},
        {"n": [2, 1, 2, 1], "name": ["a", "b", "c", "d"]},
        sort_cols=(("n", False),),
    )

    assert df["name"].to_list() == ["b", "d", "a", "c"]


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Int64, pl.Decimal(6, 2), pl.String])
@pytest.mark.parametrize("value", ["nan", "inf"])
def test_what_is_no_number_in_a_typed_source_is_a_problem(
    value: str, dtype: DType
) -> None:
    message = problems_of(rules({"n": dtype}), {"n": [1.0, float(value)]})

    assert f"row 2: {str(pl.Series([float(value)]).cast(pl.String)[0])!r}" in message


@pytest.mark.parametrize("parser", [None, parsing.datetime("%d.%m.%Y %H:%M")])
def test_a_local_time_that_does_not_exist_once_is_told_as_such(
    parser: parsing.Parser | None,
) -> None:
    times = ["2024-03-31 02:30", "2024-10-27 02:30", "2024-10-27 25:30"]
    if parser:
        times = ["31.03.2024 02:30", "27.10.2024 02:30", "27.10.2024 25:30"]
    parsers = {"at": parser} if parser else {}

    message = problems_of(
        rules({"at": pl.Datetime("us", "Europe/Berlin")}, col_parser_map=parsers),
        {"at": times},
    )

    assert message == (
        "3 problems in 3 rows:\n"
        "  at: not a time that exists once in Europe/Berlin, 2 rows\n"
        f"    row 1: '{times[0]}'\n"
        f"    row 2: '{times[1]}'\n"
        f"  at: not a date and time{' like 31.12.2026 13:45' if parser else ' (YYYY-MM-DD HH:MM:SS)'}, 1 row\n"
        f"    row 3: '{times[2]}'"
    )


def test_a_typed_local_time_that_does_not_exist_is_told_as_such() -> None:
    cls = rules({"at": pl.Datetime("us", "Europe/Berlin")})

    message = problems_of(cls, {"at": [datetime(2024, 3, 31, 2, 30)]})

    assert "at: not a time that exists once in Europe/Berlin, 1 row" in message


def test_control_characters_are_problems() -> None:
    cls = rules({"name": pl.String, "note": pl.String})

    message = problems_of(
        cls,
        {
            "name": ["a\x1bb", "c\x1bd\x00", "e", "\x1ff", "g\x85h"],
            "note": ["Peña", "\x7f", "\ttwo\r\nlines\tof it", "\ufeff\u200b", None],
        },
    )

    assert message == (
        "5 problems in 4 rows:\n"
        "  name: holds a control character (U+001B), 2 rows\n"
        "    row 1: 'a\\x1bb'\n"
        "    row 2: 'c\\x1bd\\x00'\n"
        "  note: holds a control character (U+007F), 1 row\n"
        "    row 2: '\\x7f'\n"
        "  name: holds a control character (U+001F), 1 row\n"
        "    row 4: '\\x1ff'\n"
        "  name: holds a control character (U+0085), 1 row\n"
        "    row 5: 'g\\x85h'"
    )


@given(st.characters(codec="utf-8"))
def test_text_may_hold_every_other_character(character: str) -> None:
    is_control = unicodedata.category(character) == "Cc" and character not in "\t\r\n"
    text = f"a{character}b"

    cleaned = rules({"name": pl.String})({"name": ["x", text]}, skip=True)

    assert cleaned.df["name"].to_list() == (["x"] if is_control else ["x", text])
    assert cleaned.problems["code"].to_list() == (["control"] if is_control else [])


def test_a_parser_or_a_converter_may_take_control_characters_out() -> None:
    df = clean(
        {"name": pl.String, "note": pl.String},
        {"name": ["a\x1bb"], "note": ["c\x00d"]},
        col_parser_map={"name": lambda text: text.str.replace_all("\x1b", "")},
        col_converter_map={"note": lambda text: text.str.replace_all("\0", "")},
    )

    assert df.rows() == [("ab", "cd")]


@pytest.mark.parametrize(
    ("hooks", "message"),
    [
        (
            {"fill_null_map": {"nam": ""}},
            'get_fill_null_map names columns that get_col_dtype_map does not: "nam" '
            r'\(did you mean "name"\?\).',
        ),
        ({"sort_cols": (("x", True),)}, 'get_sort_cols names .* "x"'),
        ({"unique_subsets": (("n", "x"),)}, 'get_unique_subsets names .* "x"'),
        ({"rename_map": {"a": "x"}}, 'get_rename_map maps to "x"'),
        ({"rename_map": {"n": "name"}}, "both sides are columns"),
        ({"rename_map": {"name": "x", "n": "x"}}, r'gives "x" to more than one column'),
        ({"rename_map": {"a": "n", "b": "n"}}, "one column to several headers"),
    ],
)
def test_rules_that_contradict_each_other_are_refused(
    hooks: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        clean({"n": pl.Int64, "name": pl.String}, {"n": [1], "name": ["a"]}, **hooks)


def test_an_empty_source_gives_an_empty_frame_of_the_types() -> None:
    df = clean({"n": pl.Int64, "day": pl.Date}, {"n": [], "day": []})

    assert df.schema == {"n": pl.Int64(), "day": pl.Date()}


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
        sort_cols=(("n", True), ("m", False)),
    )

    first, second = cls(source), cls(source)

    assert sorted([*first.lines, *first.left_out["line"]]) == lines
    assert first.df.equals(second.df)


def test_a_day_of_the_source_stays_that_day() -> None:
    assert clean({"day": pl.Date}, {"day": ["2024-02-29"]}).item() == date(2024, 2, 29)


def test_a_fill_value_of_another_type_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='get_fill_null_map: "n"'):
        clean(
            {"k": pl.Int64, "n": pl.Int64},
            {"k": [1], "n": [None]},
            fill_null_map={"n": "x"},
        )


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


def test_what_cannot_be_added_up_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="String cannot be added up"):
        clean(
            {"sku": pl.String, "n": pl.String},
            {"sku": ["a", "a"], "n": ["1", "2"]},
            unique_subsets=(("sku",),),
            add_on_duplicate_cols=("n",),
        )


def test_what_is_filled_counts_in_sums_and_keys() -> None:
    df = clean(
        {"sku": pl.String, "place": pl.String, "n": pl.Int64},
        {"sku": ["a", "a"], "place": [None, "x"], "n": [None, 2]},
        fill_null_map={"place": "x", "n": 1},
        unique_subsets=(("sku", "place"),),
        add_on_duplicate_cols=("n",),
    )

    assert df.to_dicts() == [{"sku": "a", "place": "x", "n": 3}]


def test_categories_are_text() -> None:
    source = pl.DataFrame({"n": ["1", "2"], "c": [" a ", ""]})
    labels = source.with_columns(pl.col("c").cast(pl.Categorical))

    df = rules({"n": pl.Int64, "c": pl.String})(labels).df

    assert df["c"].to_list() == ["a", None]


@pytest.mark.parametrize(
    ("hook", "value"),
    [
        ("null_tokens", {"x": ("NA",)}),
        ("col_parser_map", {"x": parsing.number()}),
        ("col_precision_map", {"x": 2}),
        ("col_converter_map", {"x": CleaningDF.lower_col}),
        ("no_null_cols", ("x",)),
        ("add_on_duplicate_cols", ("x",)),
        ("drop_null_subsets", (("x",),)),
        ("drop_null_subsets", ((),)),
        ("unique_subsets", ((),)),
    ],
)
def test_a_rule_about_no_column_is_refused(hook: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=f"get_{hook} "):
        clean({"n": pl.Int64}, {"n": [1]}, **{hook: value})
