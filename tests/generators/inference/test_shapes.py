"""Texts that look like codes of a sample, and are none of them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.inference.shapes import examples_of


@pytest.mark.parametrize(
    ("values", "examples"),
    [
        (["XK-9001", "ZB-4711", "QQ-8000"], ("AB-1234", "BC-2345")),
        (["000413", "000020", "000977"], ("000123", "000234")),
        (["80331", "01067", "10115"], ("01234", "02345")),
        (
            ["+46 8 123 45 67", "+46 8 555 00 00"],
            ("0012 3 456 78 90", "0023 4 567 89 01"),
        ),
        (["x9/77", "y8/21", "12"], ("a1/23", "b2/34")),
        (["4006381333931", "4074810479771"], ("1234567890123", "2345678901234")),
    ],
)
def test_an_example_has_letters_and_digits_where_codes_have_them(
    values: list[str], examples: tuple[str, str]
) -> None:
    assert examples_of(pl.Series(values)) == examples


@pytest.mark.parametrize(
    "values",
    [
        ["Chair 2", "Table 3"],
        ["AB-1", "no code"],
        ["AB", "CD"],
        ["é1", "é2"],
        ["1" * 30, "2" * 30],
        [],
    ],
)
def test_what_is_no_code_has_no_example(values: list[str]) -> None:
    assert examples_of(pl.Series(values, dtype=pl.String)) == ()


def test_an_example_is_never_a_value() -> None:
    some = [*"0123456789"]
    assert examples_of(pl.Series(["A-1", "b-2"])) == ("C-3", "D-4")
    assert examples_of(pl.Series(some)) == ()


@given(st.lists(st.from_regex(r"\A[A-Za-z]{0,2}[-/ ]?[0-9]{1,3}\Z"), min_size=1))
def test_whatever_the_codes_are_an_example_is_none_of_them(values: list[str]) -> None:
    examples = examples_of(pl.Series(values))

    known = {value.lower() for value in values}
    assert known.isdisjoint(example.lower() for example in examples)
    assert len({*examples}) in {0, 2}


def test_zeros_alone_are_not_the_example() -> None:
    assert examples_of(pl.Series(["000", "00"])) == ("01", "02")
