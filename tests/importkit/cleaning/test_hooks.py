"""The class that a project writes: its hooks, and rules that cannot work."""

import polars as pl
import pytest
from winiutils.core.data.dataframe.cleaning import CleaningDF as WiniutilsCleaningDF

from importkit.cleaning import CleaningDF, parsing
from importkit.errors import ConfigurationError
from tests.importkit.rules import clean, rules


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
        ({"rename_map": {"n": ("a", "name")}}, 'gives "name" to more than one column'),
        ({"rename_map": {"a": "n", "name": ("b", "c")}}, 'maps to "b", "c", which'),
        ({"rename_map": {"n": ()}}, 'gives no header to "n"'),
    ],
)
def test_rules_that_contradict_each_other_are_refused(
    hooks: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        clean({"n": pl.Int64, "name": pl.String}, {"n": [1], "name": ["a"]}, **hooks)


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


def test_a_fill_value_of_another_type_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='get_fill_null_map: "n"'):
        clean(
            {"k": pl.Int64, "n": pl.Int64},
            {"k": [1], "n": [None]},
            fill_null_map={"n": "x"},
        )


def test_what_cannot_be_added_up_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="String cannot be added up"):
        clean(
            {"sku": pl.String, "n": pl.String},
            {"sku": ["a", "a"], "n": ["1", "2"]},
            unique_subsets=(("sku",),),
            add_on_duplicate_cols=("n",),
        )


def test_a_converter_that_changes_the_type_is_refused() -> None:
    cls = rules(
        {"n": pl.Int64}, col_converter_map={"n": lambda col: col.cast(pl.String)}
    )

    with pytest.raises(ConfigurationError, match='The converter of "n" returns String'):
        cls({"n": ["1"]})
