"""Numbers are read with whatever digits and signs a delivery writes them."""

from decimal import Decimal

import polars as pl
import pytest

from importkit.cleaning import CleaningDF, DType, Parser, number


class Amounts(CleaningDF):
    """Amounts in euros, and pieces."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"amount": pl.Decimal(12, 2), "pieces": pl.Int64}

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {"amount": number(decimal=",", thousands=".", currency=("€",))}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("−1.234,50 €", "-1234.50"),
        ("–5 €", "-5.00"),
        ("(1.234,50 €)", "-1234.50"),
        ("€(5)", "-5.00"),
        ("5,00-", "-5.00"),
        ("5,00 €-", "-5.00"),
        ("€ -", "0.00"),
        ("٥,٠٠", "5.00"),
    ],
)
def test_an_amount_is_read_with_signs_that_no_sample_had(text: str, value: str) -> None:
    df = Amounts({"amount": ["1,00", text], "pieces": ["1", "2"]}).df

    assert df["amount"].to_list() == [Decimal("1.00"), Decimal(value)]


@pytest.mark.parametrize("text", ["(5", "5)", "(-5)", "--5", "5--", "- -5", "()"])
def test_signs_that_mean_nothing_are_problems(text: str) -> None:
    cleaned = Amounts({"amount": [text], "pieces": ["1"]}, skip=True)

    assert cleaned.problems["value"].to_list() == [text]


@pytest.mark.parametrize(
    ("text", "value"), [("−7", -7), ("(7)", -7), ("7-", -7), ("７", 7)]
)
def test_whole_numbers_need_no_parser_for_it(text: str, value: int) -> None:
    assert Amounts({"amount": ["1"], "pieces": [text]}).df["pieces"].to_list() == [
        value
    ]


def test_a_zero_in_front_of_a_whole_number_is_a_problem() -> None:
    cleaned = Amounts({"amount": ["1", "2"], "pieces": ["7", "07"]}, skip=True)

    assert cleaned.problems["reason"].to_list() == [
        "begins with a zero, which a whole number would lose"
    ]


def test_points_between_thousands_make_the_comma_the_decimal_mark() -> None:
    read = number(thousands=".")(
        pl.lit(pl.Series(["1.234", "12.5", "1.234,5", "0.250"]))
    )

    assert pl.select(read).to_series().to_list() == ["1234", None, "1234.5", None]
