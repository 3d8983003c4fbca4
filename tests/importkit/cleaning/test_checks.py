"""What is wrong with values is said of all of them at once."""

import unicodedata
from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importkit import problems
from importkit.cleaning import DType, moments, parsing
from importkit.problems import Code
from importkit.source import LINE
from tests.importkit.cleaning.conftest import CleanFile
from tests.importkit.rules import problems_of, rules


def test_all_values_that_do_not_fit_are_named_at_once() -> None:
    cls = rules(
        {"price": pl.Decimal(6, 2), "n": pl.Int64, "day": pl.Date},
        no_null_cols=("n",),
        col_parser_map={"day": moments.date("%d.%m.%Y")},
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
        "  n: not a whole number between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807, 1 row\n"
        "    line 9: '1.5'"
    )


def test_without_lines_rows_are_counted_from_one() -> None:
    message = problems_of(rules({"n": pl.Int64}), {"n": ["1", "x"]})

    assert message == (
        "1 problem in 1 row:\n"
        "  n: not a whole number between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807, 1 row\n"
        "    row 2: 'x'"
    )


def test_a_required_column_is_checked_before_it_is_filled(
    clean_file: CleanFile,
) -> None:
    table = clean_file(
        "a,b\n  ,x\n",
        {"a": pl.String, "b": pl.String},
        no_null_cols=("a",),
        fill_null_map={"a": ""},
    )

    assert table.rows == []
    assert table.problems == [(2, "a", None, "must not be empty")]


def test_a_required_column_is_told_once_although_it_is_named_twice(
    clean_file: CleanFile,
) -> None:
    table = clean_file(
        "a,b\n,x\n", {"a": pl.String, "b": pl.String}, no_null_cols=("a", "a")
    )

    assert table.problems == [(2, "a", None, "must not be empty")]


def test_a_refused_number_is_told_with_the_notation_of_its_parser(
    clean_file: CleanFile,
) -> None:
    table = clean_file(
        'price\n"1.234,50"\n1234.50\nmany\n"1,505"\n',
        {"price": pl.Decimal(12, 2)},
        col_parser_map={"price": parsing.number(decimal=",", thousands=".")},
    )

    reason = "not a number like 1.234,50 of up to 10 digits and 2 decimals"
    assert table.rows == [(Decimal("1234.50"),)]
    assert table.problems == [
        (3, "price", "1234.50", reason),
        (4, "price", "many", reason),
        (5, "price", "1,505", reason),
    ]


def test_a_project_adds_problems_of_its_own() -> None:
    class Rules(rules({"n": pl.Int64, "name": pl.String}, personal_cols=("name",))):  # type: ignore[misc]  # a class of a test
        def check_no_nan(self) -> None:
            odd = self.df.filter(pl.col("n") % 2 == 1)
            values, lines = odd.select("name"), odd[LINE]
            wrong = pl.Series([True]).new_from_index(0, odd.height)
            found = problems.of_rows(values, lines, wrong, Code.INVALID, "odd")
            self.add_problems([found])

    cleaned = Rules({"n": [1, 2], "name": ["jane", "joe"]}, skip=True)

    assert cleaned.df.rows() == [(2, "joe")]
    assert cleaned.problems.rows() == [(1, "name", "***", "invalid", "odd")]


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Int64, pl.Decimal(6, 2), pl.String])
@pytest.mark.parametrize("value", ["nan", "inf"])
def test_what_is_no_number_in_a_typed_source_is_a_problem(
    value: str, dtype: DType
) -> None:
    message = problems_of(rules({"n": dtype}), {"n": [1.0, float(value)]})

    assert f"row 2: {str(pl.Series([float(value)]).cast(pl.String)[0])!r}" in message


@pytest.mark.parametrize("parser", [None, moments.datetime("%d.%m.%Y %H:%M")])
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
