"""Values that prove another notation than the class says refuse the source as a whole."""

import re
from typing import Any

import polars as pl
import pytest

from importkit.cleaning import DType, clean, date, datetime, number
from importkit.errors import SourceError
from tests.importkit.rules import rules

PRICE = pl.Decimal(12, 2)
COMMA = number(decimal=",", thousands=".")
MONTH_FIRST = date("%m/%d/%Y")


def cleaned(texts: list[str], dtype: DType, parser: Any = None, **hooks: Any) -> Any:
    """Return the values, and how many problems there are."""
    parsers = {"a": parser} if parser else {}
    made = rules({"a": dtype}, col_parser_map=parsers, **hooks)
    result = clean(made, pl.DataFrame({"a": texts}), skip=True)
    assert isinstance(result.df, pl.DataFrame)
    return result.df["a"].to_list(), result.problems.height


def refusal(texts: list[str], dtype: DType, parser: Any = None, **hooks: Any) -> str:
    with pytest.raises(SourceError) as error:
        cleaned(texts, dtype, parser, **hooks)
    return str(error.value)


def test_the_error_has_the_evidence_and_what_to_change() -> None:
    said = refusal(["-1.000", "12.50", "7", "1,204.75", "0.125"], PRICE, COMMA)

    assert said == (
        '"a" is written with a decimal point, but the cleaning class says a decimal '
        "comma: 3 values can only be read with a decimal point "
        '("12.50" in row 2, "1,204.75" in row 4, 1 more), none only with a decimal comma, '
        'and "-1.000" in row 1 would be read as -1000, not -1.000. If all files are '
        'written so from now on, write decimal=".", thousands="," in the parser of "a" '
        "in get_col_parser_map; else have this file written as before. "
        "See docs/importing.md#files-that-are-written-otherwise."
    )


@pytest.mark.parametrize("dtype", [PRICE, pl.Float64])
def test_a_column_without_a_parser_has_a_decimal_point(dtype: DType) -> None:
    said = refusal(["1,5", "2,25"], dtype)

    assert 'give "a" the parser number(decimal=",", thousands=".")' in said


@pytest.mark.parametrize(
    ("parser", "texts"),
    [
        (number(decimal=","), ["1.000", "12.50", "3.1"]),
        (number(decimal=",", thousands=" "), ["1 000.50", "2 000", "12.5"]),
        (number(decimal=",", currency=("€",)), ["1.50 €", "€ 1,204.75"]),
        (number(decimal=",", percent=True), ["12.5 %", "7.25 %"]),
        (number(decimal=",", negative="()"), ["(12.5)", "(7.25)"]),
        (COMMA, ["(12.5)", "7.25-", "\N{MINUS SIGN}1.5"]),
    ],
)
def test_numbers_with_other_marks_are_proofs_too(parser: Any, texts: list[str]) -> None:
    assert "is written with a decimal point" in refusal(texts, PRICE, parser)


@pytest.mark.parametrize(
    ("texts", "dtype", "parser"),
    [
        (["12.5", "1.000", "1,5", "2,25"], PRICE, COMMA),
        (["12.5", "1,5", "2"], PRICE, COMMA),
        (["12.5", "1", "2"], PRICE, COMMA),
        (["12.5", *["1.000"] * 11], PRICE, COMMA),
        (["13/06/2024", "06/13/2024", "05/06/2024"], pl.Date, MONTH_FIRST),
        (["13/06/2024", "06/06/2024"], pl.Date, MONTH_FIRST),
        # Groups that the parser was not told of prove no other mark.
        (["1.000"], PRICE, number(decimal=",")),
    ],
)
def test_one_odd_value_is_a_problem_of_its_row(
    texts: list[str], dtype: DType, parser: Any
) -> None:
    values, problems = cleaned(texts, dtype, parser)

    assert problems == 1
    assert len(values) == len(texts) - 1


def test_groups_that_the_class_does_not_know_prove_no_other_mark() -> None:
    _, problems = cleaned(["1.000", "2.500", "1.000.000"], PRICE, number(decimal=","))

    assert problems == 3


@pytest.mark.parametrize(
    ("dtype", "parser", "texts", "proof"),
    [
        (pl.Date, MONTH_FIRST, ["05/06/2024", "13/06/2024"], '"%d/%m/%Y"'),
        (pl.Date, date("%Y.%m.%d"), ["2024.13.06", "2024.14.06"], '"%Y.%d.%m"'),
        (
            pl.Datetime("us"),
            datetime("%d.%m.%Y %H:%M"),
            ["05.06.2024 10:00", "06.13.2024 10:00"],
            '"%m.%d.%Y %H:%M"',
        ),
    ],
)
def test_days_in_the_place_of_months(
    dtype: DType, parser: Any, texts: list[str], proof: str
) -> None:
    assert f'write {proof} in the parser of "a"' in refusal(texts, dtype, parser)


def test_the_first_doubtful_date_is_shown_as_both_read_it() -> None:
    said = refusal(["05/06/2024", "13/06/2024"], pl.Date, MONTH_FIRST)

    assert '"05/06/2024" in row 1 would be read as 2024-05-06, not 2024-06-05' in said


def test_values_of_personal_columns_are_not_shown() -> None:
    said = refusal(["-1.000", "12.50"], PRICE, COMMA, personal_cols=("a",))

    assert "row 2" in said
    assert re.search("12.50|1.000|1000", said) is None


def test_evidence_of_one_column_concerns_doubtful_values_of_the_others() -> None:
    parsers = {"a": COMMA, "b": COMMA}
    made = rules({"a": PRICE, "b": PRICE}, col_parser_map=parsers)
    df = pl.DataFrame({"a": ["12.50", "3"], "b": ["1.000", "2.000"]})

    with pytest.raises(SourceError, match='"a" is written with a decimal point'):
        clean(made, df, skip=True)


def test_a_class_that_is_called_itself_refuses_too() -> None:
    made = rules({"a": PRICE}, col_parser_map={"a": COMMA})

    with pytest.raises(SourceError, match="is written with a decimal point"):
        made(pl.DataFrame({"a": ["-1.000", "12.50"]}))


@pytest.mark.parametrize(
    ("texts", "parser"),
    [
        (["12.340", "1"], None),
        (["7", *["12"] * 500, "1.500", *["3"] * 500], None),
        (["12.340 €", "1 €", "12.345 €"], number(currency=("€",))),
        (["12,340 €", "1 €"], number(decimal=",", currency=("€",))),
        (["-12.340"], None),
    ],
)
def test_three_digits_behind_a_mark_are_asked_for_where_fewer_are_kept(
    texts: list[str], parser: Any
) -> None:
    said = refusal(texts, PRICE, parser)

    assert "whether they are decimals or thousands" in said


def test_the_question_has_both_readings_and_what_to_write() -> None:
    said = refusal(["456", "12.340", "1.500"], PRICE)

    assert said == (
        '"a" has three digits behind a point ("12.340" in row 2, "1.500" in row 3), where '
        "the cleaning class keeps fewer decimals, and no value shows whether they are "
        "decimals or thousands: 12.340 or 12340. If they are thousands, give "
        '"a" the parser number(decimal=",", thousands=".") in get_col_parser_map; if they '
        "are decimals, give the column three of them in get_col_dtype_map and the field."
    )


@pytest.mark.parametrize(
    ("texts", "dtype"),
    [
        (["12.340", "1"], pl.Decimal(12, 3)),
        (["12.340", "1"], pl.Float64),
        (["12.340", "1.5"], PRICE),  # The other value proves a decimal point.
        (["12.340", *["7"] * 1000, "1.50", *["7"] * 1000], PRICE),
        (["0.250", "12.3400", "7"], PRICE),  # No groups of thousands.
    ],
)
def test_three_digits_are_read_where_they_are_kept_or_a_value_proves_the_mark(
    texts: list[str], dtype: DType
) -> None:
    values, problems = cleaned(texts, dtype)

    assert (len(values), problems) == (len(texts), 0)
