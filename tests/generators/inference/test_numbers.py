"""Numbers are read as they are written; what only looks like one stays text."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.inference.column import NUMBERS, Kind
from generators.inference.infer import infer_columns
from tests.generators.columns import infer, read

ACCOUNTS = tuple(str(100_007 + 87_654 * n) for n in range(10))


def test_integers_have_their_bounds() -> None:
    column = infer("qty", "10", " -3 ", "+7", None)

    assert (column.kind, column.minimum, column.maximum) == (Kind.INTEGER, -3, 10)
    assert column.evidence == "3 of 3 are whole numbers"


def test_integers_are_unique_by_value() -> None:
    assert not infer("x", "5", "+5").unique


@pytest.mark.parametrize(
    ("header", "cells", "evidence"),
    [
        ("x", ("007", "1", "0"), "1 of 3 have leading zeros"),
        ("x", ("00.5", "1.5"), "1 of 2 have leading zeros"),
        ("x", ("+4930123456", "12"), "1 of 2 look like phone numbers"),
        ("x", ("9" * 18, "9" * 19), "1 of 2 have more digits than 64 bits hold"),
        ("x", ("9" * 38 + ".5", "1.5"), "2 of 2 are numbers, 39 digits"),
        ("zip", ("9", "10"), "2 of 2 are numbers, but the name says code"),
        ("EAN", ("9", "10"), "2 of 2 are numbers, but the name says code"),
        ("Phone number 2", ("9", "10"), "2 of 2 are numbers, but the name says code"),
        ("postalCode", ("9", "10"), "2 of 2 are numbers, but the name says code"),
        ("version", ("1.9", "1.10"), "2 of 2 are numbers, but the name says version"),
        ("sku", ("1e+5", "2e+6"), "2 of 2 are numbers, but the name says code"),
        ("account_number", ACCOUNTS, "10 of 10 are digits of one width, given by name"),
        ("x", ("5-", "6-"), "2 of 2 look like numbers of several kinds"),
        ("x", ("5 EUR", "6 USD", "7 EUR"), "3 of 3 look like numbers of several kinds"),
        ("x", ("5%", "6", "7%"), "3 of 3 look like numbers of several kinds"),
    ],
)
def test_text_that_only_looks_like_a_number_stays_text(
    header: str, cells: tuple[str, ...], evidence: str
) -> None:
    assert read(*cells, header=header) == (Kind.TEXT, evidence)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("id", ("1001", "1002", "1005")),
        ("id", ("100001", "999999")),
        ("customer_id", ACCOUNTS),
        ("x", ("9223372036854775807", "1")),
        ("account_number", ACCOUNTS[:9]),
        ("account_number", tuple(str(100_000 + n) for n in range(20))),
        ("version", ("1", "2")),
        ("order_no", ("1", "2")),
        ("order_no", ("998", "1002")),
        ("year", ("2023", "2024")),
        ("sku_count", ("1001", "1002")),
        ("x", ("0", "10")),
    ],
)
def test_numbers_that_count_are_integers(header: str, cells: tuple[str, ...]) -> None:
    assert infer(header, *cells).kind is Kind.INTEGER


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands", "digits", "scale"),
    [
        (("1.50", "22.5", "-3"), ".", "", 2, 2),
        ((".5", "0.25"), ".", "", 0, 2),
        (("5.", "0.25"), ".", "", 1, 2),
        (("1,50", "2,5"), ",", "", 1, 2),
        (("1,234.50", "2"), ".", ",", 4, 2),
        (("1.234,50", "2"), ",", ".", 4, 2),
        (("1 234,50", "1\u00a0234,5", "1\u202f234"), ",", " ", 4, 2),
        (("1'234.50", "2.5"), ".", "'", 4, 2),
        (("1’234.50", "2.5"), ".", "’", 4, 2),
        (("1,234", "0,5"), ",", "", 1, 3),
        (("1,234", "1234,567"), ",", "", 4, 3),
        (("1,234", "5.5"), ".", ",", 4, 1),
        (("52.520008", "13.40495"), ".", "", 2, 6),
        (("0." + "1" * 20, "0.5"), ".", "", 0, 20),
    ],
)
def test_decimals_are_read_as_they_are_written(
    cells: tuple[str, ...], decimal: str, thousands: str, digits: int, scale: int
) -> None:
    column = infer("price", *cells)

    assert column.kind is Kind.DECIMAL
    assert (column.decimal, column.thousands) == (decimal, thousands)
    assert (column.digits, column.scale) == (digits, scale)


def test_the_evidence_of_a_decimal_names_its_marks() -> None:
    assert read("1.234,50", "2,5") == (
        Kind.DECIMAL,
        "2 of 2 are decimals, scale up to 2, with grouped thousands and decimal commas",
    )


@pytest.mark.parametrize(
    ("cells", "thousands"),
    [
        (("1,234,567", "1,234"), ","),
        (("1.234.567", "1.234"), "."),
        (("1 234", "12"), " "),
    ],
)
def test_whole_numbers_may_have_grouped_thousands(
    cells: tuple[str, ...], thousands: str
) -> None:
    column = infer("x", *cells)

    assert (column.kind, column.decimal) == (Kind.INTEGER, ".")
    assert (column.thousands, column.maximum is not None) == (thousands, True)
    assert column.evidence == "2 of 2 are whole numbers, with grouped thousands"


@pytest.mark.parametrize(
    "cells",
    [("1,234", "5,678"), ("1.234", "5,678"), ("1,234", "7"), ("1.234", "5.678")],
)
def test_a_mark_before_three_digits_that_nothing_settles_is_text(
    cells: tuple[str, ...],
) -> None:
    assert read(*cells) == (
        Kind.TEXT,
        "2 of 2 read as decimals or as thousands: --type x=decimal or integer decides",
    )


@pytest.mark.parametrize("other", [("1,5", "2,5"), ("1.234.567", "1.234")])
def test_a_point_is_in_doubt_where_the_file_groups_by_points(
    other: tuple[str, str],
) -> None:
    frame = pl.DataFrame(
        {
            "doubt": ["1.234", "5.678"],
            "clear": ["0.125", "5.678"],
            "other": other,
        }
    )

    doubt, clear, _ = infer_columns(frame)

    assert doubt.kind is Kind.TEXT
    assert doubt.evidence == (
        "2 of 2 read as decimals or as thousands (decimals as column 2 shows, "
        "thousands as column 3 shows): --type doubt=decimal or integer decides"
    )
    assert clear.kind is Kind.DECIMAL


@pytest.mark.parametrize(
    ("cells", "evidence"),
    [
        (("1e-05", "2.5", "7"), "1 of 3 numbers have an exponent"),
        (("1.5E10", "2.5"), "1 of 2 numbers have an exponent"),
        (("1e5", "2.5", "7.25"), "1 of 3 numbers have an exponent"),
        (("0.12345678", "0.5"), "2 of 2 are numbers of scale 1 to 8"),
    ],
)
def test_floats_are_what_a_program_printed(
    cells: tuple[str, ...], evidence: str
) -> None:
    assert read(*cells) == (Kind.FLOAT, evidence)


@given(
    st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=2), min_size=1)
)
def test_every_decimal_fits_the_digits_that_were_found(values: list[Decimal]) -> None:
    column = infer("amount", *(f"{value:f}" for value in values))

    if column.kind is Kind.DECIMAL:
        assert column.scale == 2
        assert all(abs(value) < Decimal(10) ** column.digits for value in values)
    else:
        assert column.kind is Kind.TEXT


@pytest.mark.parametrize(
    ("cells", "currency", "evidence"),
    [
        (("$5", "$1,230.50", "-$3"), ("$",), "grouped thousands and a currency sign"),
        (("5 €", "1,50 €", "7 €"), ("€",), "decimal commas and a currency sign"),
        (("CHF 5", "CHF 6.50", "CHF 7"), ("CHF",), "a currency sign"),
        (("5 kr.", "6 kr.", "7 kr."), ("kr.",), "a currency sign"),
    ],
)
def test_money_is_a_decimal_beside_the_sign_of_its_currency(
    cells: tuple[str, ...], currency: tuple[str, ...], evidence: str
) -> None:
    column = infer("paid", *cells)

    assert (column.kind, column.currency) == (Kind.DECIMAL, currency)
    assert column.evidence.endswith(f", with {evidence}")


@pytest.mark.parametrize(
    ("cells", "kind", "unit"),
    [
        (("6,940 kg", "0,5 kg", "12kg"), Kind.DECIMAL, ("kg",)),
        (("5 KG", "6 kg", "7 kg"), Kind.DECIMAL, ("kg", "KG")),
        (("10 m", "12 m", "14 m"), Kind.DECIMAL, ("m",)),
        (("12 m2", "13 m2", "14 m2"), Kind.DECIMAL, ("m2",)),
        (("5 h", "6 h", "7.5 h"), Kind.DECIMAL, ("h",)),
        (("7 min", "8 min", "9 min"), Kind.DECIMAL, ("min",)),
        (("10 in", "12 in", "14 in"), Kind.DECIMAL, ("in",)),
        (("-5 °C", "12,5 °C", "0 °C"), Kind.DECIMAL, ("°C",)),
        (("\N{MINUS SIGN}5 °C", "12 °C", "0 °C"), Kind.DECIMAL, ("°C",)),
        (("1\u202f200\u00a0kg", "5\u00a0kg", "7 kg"), Kind.DECIMAL, ("kg",)),
        (("12 Stk.", "1 Stk.", "4 Stk."), Kind.INTEGER, ("Stk.",)),
        (("12%", "1%", "4%"), Kind.DECIMAL, ()),
    ],
)
def test_numbers_in_one_unit_are_read_without_it(
    cells: tuple[str, ...], kind: Kind, unit: tuple[str, ...]
) -> None:
    column = infer("x", *cells)

    assert (column.kind, column.unit) == (kind, unit)
    assert column.evidence.endswith(f"the unit {unit[0]}") if unit else True


@pytest.mark.parametrize(
    ("cells", "evidence"),
    [
        (
            ("5 kg", "700 g", "3 kg"),
            "3 of 3 look like numbers, but their units differ (kg, g)",
        ),
        (
            ("5 kg", "700", "3 kg"),
            "3 of 3 look like numbers, but their units differ (kg, none)",
        ),
        (
            ("5 kg", "7 kg"),
            "2 of 2 are numbers in kg, which is too few to be sure: "
            "--type x=decimal or integer decides",
        ),
        (("007 kg", "008 kg", "009 kg"), "3 of 3 have leading zeros"),
        (("12 a", "13 b", "14 a"), "no other kind fits, width up to 4"),
        (("5-6 kg", "6-7 kg", "7-8 kg"), "no other kind fits, width up to 6"),
        (("min 5", "min 6", "min 7"), "no other kind fits, width up to 5"),
    ],
)
def test_numbers_in_several_units_and_codes_stay_text(
    cells: tuple[str, ...], evidence: str
) -> None:
    assert read(*cells) == (Kind.TEXT, evidence)


@pytest.mark.parametrize("word", ["A", " A", " T", "m", " Karton", " days"])
def test_numbers_before_letters_that_may_be_a_code_stay_text_and_the_way_is_named(
    word: str,
) -> None:
    assert read(*(f"{number}{word}" for number in (12, 13, 14))) == (
        Kind.TEXT,
        "3 of 3 are numbers before the same letters, a unit? "
        "--type x=decimal or integer reads them",
    )


def test_percentages_are_decimals() -> None:
    column = infer("share", "12%", "3.5 %", "4%")

    assert (column.kind, column.percent, column.scale) == (Kind.DECIMAL, True, 1)
    assert column.evidence == ("3 of 3 are decimals, scale up to 1, with percent signs")


@pytest.mark.parametrize(
    ("cells", "negative"),
    [
        (("(5)", "6"), "()"),
        (("5-", "6"), "1-"),
        (("\N{MINUS SIGN}5", "6"), "\N{MINUS SIGN}"),
    ],
)
def test_negative_numbers_are_written_in_several_ways(
    cells: tuple[str, ...], negative: str
) -> None:
    column = infer("x", *cells)

    assert (column.kind, column.negative) == (Kind.INTEGER, negative)
    assert (column.minimum, column.maximum) == (-5, 6)


def test_a_zero_at_the_end_and_a_number_without_a_mark_prove_thousands() -> None:
    assert infer("x", "1,230", "7").thousands == ","
    assert infer("x", "1,230", "7000").kind is Kind.TEXT


def test_money_is_never_a_float() -> None:
    assert infer("price", "0.12345678", "0.5").kind is Kind.DECIMAL


@pytest.mark.parametrize(
    ("other", "kind"),
    [(("0.31", "4.5"), Kind.INTEGER), (("0,31", "4,5"), Kind.DECIMAL)],
)
def test_another_column_proves_what_a_comma_is(
    other: tuple[str, str], kind: Kind
) -> None:
    doubt, _ = infer_columns(pl.DataFrame({"doubt": ["1,204", "1,291"], "rate": other}))

    assert doubt.kind is kind


def test_days_with_points_speak_against_points_before_decimals() -> None:
    columns = infer_columns(
        pl.DataFrame(
            {
                "amount": ["1.204", "1.291"],
                "rate": ["0.31", "4.5"],
                "day": ["31.01.2026", "01.02.2026"],
            }
        )
    )

    assert columns[0].kind is Kind.TEXT


@pytest.mark.parametrize(
    "cells",
    [
        ("٣", "-٤٠"),
        ("−3", "4"),
        ("(3)", "-4", "5"),
        ("3-", "-4", "5"),
        ("$(800.00)", "-$5.00", "$-", "$7.50"),
        ("5 €-", "7 €", "-8 €"),
    ],
)
def test_signs_and_digits_of_every_kind_are_numbers(cells: tuple[str, ...]) -> None:
    assert infer("x", *cells).kind in NUMBERS


@pytest.mark.parametrize(
    ("cells", "maximum"),
    [(("1,23,456", "12,34,567", "999"), 1_234_567), (("10,00,000",), 1_000_000)],
)
def test_digits_may_be_grouped_as_in_india(
    cells: tuple[str, ...], maximum: int
) -> None:
    column = infer("x", *cells)

    assert (column.kind, column.maximum) == (Kind.INTEGER, maximum)


@pytest.mark.parametrize(
    "cells",
    [
        ("209.228.216.124", "128.211.210.100"),
        ("1.234.567", "2.345.678"),
        ("612 345 678", "655 100 200"),
    ],
)
def test_groups_of_one_number_are_codes(cells: tuple[str, ...]) -> None:
    assert infer("x", *cells).kind is Kind.TEXT


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("x", ("1.234.567", "12.345", "7")),
        ("x", ("1.234.567", "12.345.678")),
        ("Betrag", ("1.234.567", "2.345.678")),
    ],
)
def test_groups_of_numbers_of_several_widths_or_of_money_are_thousands(
    header: str, cells: tuple[str, ...]
) -> None:
    assert infer(header, *cells).kind is Kind.INTEGER


def test_addresses_of_several_widths_are_codes() -> None:
    assert infer("host", "10.196.111.161", "209.228.216.124").kind is Kind.TEXT


@pytest.mark.parametrize("header", ["icd", "shelf mark", "x"])
def test_two_spellings_of_a_number_are_codes(header: str) -> None:
    column = infer(header, "250.0", "250.00", "401.9")

    assert column.kind is Kind.TEXT
    assert "two spellings" in column.evidence


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("price", ("2.5", "2.50", "3")),
        ("change", ("-2.5", "2.5", "2.50")),
        ("share", ("0.5", "0.50", "1.5")),
        ("x", ("2.50", "1.5", "3.75")),
    ],
)
def test_amounts_may_be_spelled_in_two_ways(
    header: str, cells: tuple[str, ...]
) -> None:
    assert infer(header, *cells).kind is Kind.DECIMAL


def test_numbers_without_their_last_digits_are_no_numbers_and_no_key() -> None:
    column = infer("order", "4.00639E+12", "4.01170E+12", "4006381333931")

    assert (column.kind, column.unique) == (Kind.TEXT, False)
    assert column.evidence == "2 of 3 lack digits that a spreadsheet cut"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("x", ("4,00639E+12", "4,01170E+12", "4006381333931")),
        ("x", ("198610012009011000", "198610012009012000")),
        ("x", ("198610012009011000", "198610012009011000")),
        ("x", ("1986100120090110", "1986100120090120", "1986100120090230")),
        ("x", ("19861001200901100000", "4006381333931")),
        ("account no", ("100000000000000000", "100000000000000000")),
    ],
)
def test_digits_that_a_spreadsheet_cut_make_text_and_no_key(
    header: str, cells: tuple[str, ...]
) -> None:
    column = infer(header, *cells)

    assert (column.kind, column.unique, column.shortened) == (Kind.TEXT, False, True)
    assert column.evidence.endswith(" lack digits that a spreadsheet cut")


@pytest.mark.parametrize(
    "cells",
    [
        ("1986100120090110", "1986100120090120"),
        ("1986100120090110", "1986100120090121", "1986100120090230"),
        ("1000000000000000000", "1500000000000000000"),
        ("1700000000123000000", "1700000000124000000"),
    ],
)
def test_long_numbers_that_end_in_zeros_by_chance_or_are_round_are_whole(
    cells: tuple[str, ...],
) -> None:
    assert infer("x", *cells).kind is Kind.INTEGER


def test_measures_with_small_and_large_exponents_are_floats() -> None:
    assert infer("mass", "4.0E+12", "1.5E-03", "2.5").kind is Kind.FLOAT
    assert infer("atoms", "6.02214E+23", "1.5E+30").kind is Kind.FLOAT
