"""Dates and moments with names, with digits of other scripts, and at the end of a day."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from importkit.cleaning import Parser, cast, expected, moments
from importkit.errors import ConfigurationError

SPANISH = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
FRENCH = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)
TURKISH = (
    *("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran"),
    *("Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"),
)
DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
LONG = moments.date("%d de %B de %Y", months=SPANISH)
SHORT = moments.date("%d %B %Y", months=FRENCH)
TWO_WAYS = moments.date("%d %B %Y", months=(*FRENCH[:2], "mars|mar.", *FRENCH[3:]))
WITH_DAY = moments.date("%a %d/%m/%Y", weekdays=DAYS)


def _read(parser: Parser | None, text: str, dtype: pl.DataType | None = None) -> object:
    df = pl.DataFrame({"a": [text]}).select(parser(pl.col("a")) if parser else "a")
    if dtype:
        df = df.select(cast(pl.col("a"), df.schema["a"], dtype))
    return df.item()


@pytest.mark.parametrize(
    ("parser", "text", "value"),
    [
        (LONG, "5 de enero de 2024", date(2024, 1, 5)),
        (LONG, "05 DE DICIEMBRE DE 2024", date(2024, 12, 5)),
        (LONG, "5\u00a0de enero  de 2024", date(2024, 1, 5)),
        (LONG, "31 de febrero de 2024", None),
        (LONG, "5 de january de 2024", None),
        (LONG, "5 de enero de 24", None),
        (LONG, "5 de enero de 2024 x", None),
        (SHORT, "1er févr. 2024", date(2024, 2, 1)),
        (SHORT, "17 août 2024", date(2024, 8, 17)),
        (SHORT, "17 aout 2024", None),
        (moments.date("%d %B %Y", months=TURKISH), "3 EKİM 2024", date(2024, 10, 3)),
        (TWO_WAYS, "5 mar. 2024", date(2024, 3, 5)),
        (TWO_WAYS, "5 MARS 2024", date(2024, 3, 5)),
        (WITH_DAY, "vie 05/01/2024", date(2024, 1, 5)),
        (WITH_DAY, "lun 05/01/2024", None),
        (WITH_DAY, "05/01/2024", None),
        (
            moments.datetime("%d %B %Y %H:%M", months=FRENCH),
            "17 août 2024 24:00",
            datetime(2024, 8, 18),
        ),
        (moments.date("%Y-%m-%d"), "٢٠١٤-٠٥-٠١", date(2014, 5, 1)),
        (moments.date("%Y-%m-%d"), "٢٠١٤-٠٥-٣٢", None),
        (moments.date("%Y/%m/%d"), "۲۰۱۴/۰۵/۰۱", date(2014, 5, 1)),
        (moments.datetime("%d.%m.%Y %H:%M:%S"), "31.12.2024 24:00:01", None),
        (moments.datetime("%d.%m.%Y %H:%M"), "31.12.2024 25:00", None),
    ],
)
def test_a_parser_reads_the_names_and_digits_that_it_knows_and_no_others(
    parser: Parser, text: str, value: object
) -> None:
    assert _read(parser, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-02-29 24:00", datetime(2024, 3, 1)),
        ("2024-12-31T24:00:00", datetime(2025, 1, 1)),
        ("2024-12-31T24:00:00.000", datetime(2025, 1, 1)),
        ("2024-12-31 24:00:01", None),
        ("2024-12-31 24:01", None),
        ("2024-02-30 24:00", None),
        ("9999-12-31 24:00", None),
    ],
)
def test_24_is_the_end_of_a_day_and_nothing_later(text: str, value: object) -> None:
    assert _read(None, text, pl.Datetime("us")) == value


def test_24_ends_the_day_of_its_own_offset() -> None:
    dtype = pl.Datetime("us", "UTC")

    found = _read(None, "2024-12-31T24:00:00+02:00", dtype)

    assert found == datetime(2024, 12, 31, 22, tzinfo=UTC)


def test_other_moments_of_a_batch_stay_as_they_are() -> None:
    texts = ["2024-03-01 23:00:00", "2024-03-01 24:00:00", "2024-03-01 25:00:00", None]

    df = pl.DataFrame({"a": texts}).select(
        cast(pl.col("a"), pl.String(), pl.Datetime("us"))
    )

    found = [datetime(2024, 3, 1, 23), datetime(2024, 3, 2), None, None]
    assert df["a"].to_list() == found


@pytest.mark.parametrize(
    "names", [SPANISH[:11], (*SPANISH[:11], "Enero"), (*SPANISH[:11], "dic|Enero")]
)
def test_names_of_months_have_to_be_twelve(names: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="give 12 different names"):
        moments.date("%d %B %Y", months=names)


def test_a_message_shows_a_date_with_names() -> None:
    assert expected(pl.Date(), LONG) == "a date like 31 de diciembre de 2026"
    assert expected(pl.Date(), WITH_DAY) == "a date like jue 31/12/2026"
