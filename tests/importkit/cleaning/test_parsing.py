"""What a parser reads is exact, and what it does not read is nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from importkit.cleaning import (
    DType,
    Parser,
    boolean,
    date,
    duration,
    epoch,
    number,
    time,
    unwrapped,
)
from importkit.cleaning import datetime as moment
from importkit.cleaning.casting import cast, dtype_instance, expected
from importkit.errors import ConfigurationError

AMOUNT = pl.Decimal(12, 2)
EURO = number(decimal=",", thousands=".")


def read(parse: Parser, *cells: str | None) -> list[object]:
    frame = pl.DataFrame({"x": cells}, schema={"x": pl.String})
    return frame.select(parse(pl.col("x"))).to_series().to_list()


def amounts(parse: Parser, *cells: str) -> list[object]:
    frame = pl.DataFrame({"x": cells}).select(parse(pl.col("x")))
    value = cast(pl.col("x"), pl.String(), AMOUNT)
    return frame.select(value).to_series().to_list()


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (number(currency=("€",), decimal=",", thousands="."), "1.234,50 €", "1234.50"),
        (number(currency=("$",), thousands=","), "-$1,234.50", "-1234.50"),
        (number(currency=("$",)), "$-5", "-5"),
        (number(currency=("kr.",), decimal=","), "12,50 kr.", "12.50"),
        (number(currency=("USD", "US$")), "US$ 5", "5"),
        (number(unit=("kg",), decimal=",", thousands="."), "1.234,50 kg", "1234.50"),
        (number(unit=("kg", "KG")), "-5KG", "-5"),
        (number(unit=("m", "m2")), "12 m2", "12"),
        (number(unit=("Stk.",)), "1.5\N{NO-BREAK SPACE}Stk.", "1.5"),
        (number(unit=("kg",), negative="()"), "(5 kg)", "-5"),
        (number(percent=True), "12.5 %", "12.5"),
        (number(negative="()", currency=("$",)), "($5.25)", "-5.25"),
        (number(negative="()"), "-5", "-5"),
        (number(negative="1-"), "5-", "-5"),
        (number(negative="\N{MINUS SIGN}"), "\N{MINUS SIGN}5", "-5"),
        (number(currency=("€",)), "+7", "7"),
    ],
)
def test_numbers_are_read_beside_their_signs(
    parse: Parser, text: str, value: str
) -> None:
    assert amounts(parse, text) == [Decimal(value)]


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (number(currency=("€",)), "5 $"),
        (number(currency=("€",)), "€"),
        (number(currency=("€",)), "€5€5"),
        (number(currency=("€",)), "-€-5"),
        (number(unit=("kg",)), "5 g"),
        (number(unit=("kg",)), "5"),
        (number(unit=("kg",)), "kg 5"),
        (number(unit=("kg",)), "kg"),
        (number(unit=("min",)), "min 5"),
        (number(percent=True), "12"),
        (number(percent=True), "%"),
        (number(negative="()"), "(5"),
        (number(negative="()"), "(-5)"),
        (number(negative="1-"), "-5-"),
        (number(), "5-"),
        (number(), "(5)"),
        (number(), "-"),
        (number(), ""),
    ],
)
def test_what_is_not_written_so_is_no_number(parse: Parser, text: str) -> None:
    assert amounts(parse, text) == [None]


def test_there_are_few_ways_to_write_negative_numbers() -> None:
    with pytest.raises(ConfigurationError) as error:
        number(negative="minus")

    assert str(error.value) == (
        """number(negative='minus'): give "()", "1-" or one sign."""
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("36:15:00", timedelta(hours=36, minutes=15)),
        ("-0:00:01.5", timedelta(seconds=-1.5)),
        ("1 day, 2:00:00", timedelta(days=1, hours=2)),
        ("3 02:00:00", timedelta(days=3, hours=2)),
        ("P1DT2H", timedelta(days=1, hours=2)),
        ("PT0.25S", timedelta(seconds=0.25)),
        ("-PT5M", timedelta(minutes=-5)),
        ("P", None),
        ("PT", None),
        ("P1M", None),
        ("10:00", None),
        ("10:60:00", None),
        ("99999999:00:00", None),
        ("x", None),
        (None, None),
    ],
)
def test_durations_are_clocks_or_iso(text: str | None, value: timedelta | None) -> None:
    assert read(duration(), text) == [value]


def test_epochs_are_moments_in_utc() -> None:
    moment = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)

    assert read(epoch(), "1700000000", "1.5", "x", None) == [moment, None, None, None]
    assert read(epoch("ms"), "1700000000000") == [moment]
    with pytest.raises(ConfigurationError) as error:
        epoch("minutes")

    assert str(error.value) == """epoch('minutes'): give "s", "ms" or "us"."""


def test_text_kept_from_a_spreadsheet_is_unwrapped() -> None:
    cells = ('="00123"', "'00123", "'tis", "00123", None)

    assert read(unwrapped(), *cells) == ["00123", "00123", "'tis", "00123", None]


@pytest.mark.parametrize(
    ("parse", "dtype", "text"),
    [
        (EURO, AMOUNT, "a number like 1.234,50 of up to 10 digits and 2 decimals"),
        (EURO, pl.Decimal(3, 2), "a number like 1,50 of up to 1 digits and 2 decimals"),
        (EURO, pl.Float64, "a number like 1.234,50"),
        (
            EURO,
            pl.Int32,
            "a whole number like 1.234 between -2,147,483,648 and 2,147,483,647",
        ),
        (EURO, pl.Int8, "a whole number like 1 between -128 and 127"),
        (number(percent=True), pl.Float64, "a number like 1234.50%"),
        (date("%d.%m.%Y"), pl.Date, "a date like 31.12.2026"),
        (date("%d. %b %y"), pl.Date, "a date like 31. Dec 26"),
        (
            moment("%d.%m.%Y %H:%M"),
            pl.Datetime("us", "Europe/Berlin"),
            "a date and time like 31.12.2026 13:45",
        ),
        (moment("%d.%m.%Y %z"), pl.Datetime("us"), "a date and time"),
        (time("%H.%M"), pl.Time, "a time like 13.45"),
        (duration(), pl.Duration("us"), "a duration like 1:30:00"),
        (
            epoch("ms"),
            pl.Datetime("us", "UTC"),
            "a number of milliseconds since 1970 like 1798724700000",
        ),
        (boolean(true=("ja",), false=("nein",)), pl.Boolean, "yes or no (ja, nein)"),
        (lambda text: text, pl.Date, "a date"),
        (
            lambda text: text,
            pl.Int32,
            "a whole number between -2,147,483,648 and 2,147,483,647",
        ),
    ],
)
def test_a_parser_tells_what_it_expects(parse: Parser, dtype: DType, text: str) -> None:
    assert expected(dtype_instance(dtype), parse) == text
