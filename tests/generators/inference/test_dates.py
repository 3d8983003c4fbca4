"""Dates and times are read in the one format that the column settles."""

import polars as pl
import pytest

from generators.inference.column import Kind
from generators.inference.infer import infer_columns
from generators.inference.rules.dates import Order
from tests.generators.columns import infer, read


@pytest.mark.parametrize(
    ("cells", "format_", "evidence"),
    [
        (("2024-01-31", "2024-02-29"), None, "2 of 2 read as dates YYYY-MM-DD"),
        (("2024-1-31", "2024-02-29"), "%Y-%m-%d", "2 of 2 read as dates YYYY-MM-DD"),
        (("2024/01/31",), "%Y/%m/%d", "1 of 1 read as dates YYYY/MM/DD"),
        (
            ("01.02.2024", "13.2.2024"),
            "%d.%m.%Y",
            "2 of 2 read as dates DD.MM.YYYY, 1 only so",
        ),
        (("01.02.2024",), "%d.%m.%Y", "1 of 1 read as dates DD.MM.YYYY"),
        (
            ("01/02/2024", "13/02/2024"),
            "%d/%m/%Y",
            "2 of 2 read as dates DD/MM/YYYY, 1 only so",
        ),
        (
            ("1/2/2024", "2/13/2024", "2/14/2024"),
            "%m/%d/%Y",
            "3 of 3 read as dates MM/DD/YYYY, 2 only so",
        ),
        (
            ("01-02-2024", "31-01-2024"),
            "%d-%m-%Y",
            "2 of 2 read as dates DD-MM-YYYY, 1 only so",
        ),
    ],
)
def test_dates_are_read_in_the_format_that_all_of_them_share(
    cells: tuple[str, ...], format_: str | None, evidence: str
) -> None:
    column = infer("day", *cells)

    assert (column.kind, column.format) == (Kind.DATE, format_)
    assert column.evidence == evidence


@pytest.mark.parametrize(
    ("cells", "evidence"),
    [
        (
            ("01/02/2024", "03/04/2024"),
            "2 of 2 read as DD/MM/YYYY or MM/DD/YYYY: --date-order DMY|MDY decides",
        ),
        (
            ("01/02/2024 10:00", "03/04/2024 11:00"),
            "2 of 2 read as DD/MM/YYYY HH:MM or MM/DD/YYYY HH:MM: "
            "--date-order DMY|MDY decides",
        ),
        (
            ("13/02/2024", "02/13/2024"),
            "2 of 2 look like dates, but no one reading fits",
        ),
        (
            ("01/02/24", "13/02/24"),
            "2 of 2 read as DD/MM/YY or YY/MM/DD: --date-order DMY|YMD decides",
        ),
        (
            ("2024-01-01", "2024-01-01 10:00"),
            "2 of 2 look like dates, but no one reading fits",
        ),
        (
            ("2024-01-01T10:00Z", "2024-01-01T10:00"),
            "1 of 2 datetimes have an offset",
        ),
        (
            ("2024-01-01 10:00:00.1234567", "2024-01-01 10:00"),
            "2 of 2 look like dates, but no one reading fits",
        ),
    ],
)
def test_dates_that_the_column_does_not_settle_are_text(
    cells: tuple[str, ...], evidence: str
) -> None:
    assert read(*cells) == (Kind.TEXT, evidence)


@pytest.mark.parametrize(
    ("cells", "zone", "format_"),
    [
        (("2024-01-31 10:00", "2024-01-31T10:00:59.123456"), False, None),
        (("2024-01-31T10:00:00.1234560",), False, None),
        (("2024-01-31T10:00Z", "2024-01-31 10:00:00+02:00"), True, None),
        (("2024-01-31T10:00-0530",), True, None),
        (("2024-01-31 10:00 UTC", "2024-01-31 10:00:00 +0200"), True, None),
        (("1/31/2024 9:05 AM", "1/2/2024 12:15 PM"), False, "%m/%d/%Y %I:%M %p"),
        ((*["2024-01-31 10:00"] * 9, "2024-01-31"), False, None),
        (("2024-01-31 9:05:00.5",), False, "%Y-%m-%d %H:%M:%S%.f"),
        (("2024-01-31 9:05",), False, "%Y-%m-%d %H:%M"),
        (("31.01.2024 10:00:00",), False, "%d.%m.%Y %H:%M:%S"),
        (("1/31/2024 9:05", "1/2/2024 10:15"), False, "%m/%d/%Y %H:%M"),
    ],
)
def test_datetimes_are_iso_or_of_one_format(
    cells: tuple[str, ...], zone: bool, format_: str | None
) -> None:
    column = infer("at", *cells)

    assert column.kind is Kind.DATETIME
    assert (column.zone, column.format) == (zone, format_)


@pytest.mark.parametrize(
    ("cells", "format_"),
    [
        (("01/02/24", "13/02/24", "14/02/24", "15/02/24", "16/03/24"), "%d/%m/%y"),
        (("24/02/01", "24/02/13", "24/02/14", "24/02/15", "24/03/16"), "%y/%m/%d"),
        (("2/13/99", "2/14/99"), "%m/%d/%y"),
        (("13.2.24", "1.2.24"), "%d.%m.%y"),
        (("01-Jan-24", "5-FEB-24"), "%d-%b-%y"),
        (("1 January 2024", "2 Feb 2024"), "%d %B %Y"),
        (("1. May 2024",), "%d. %B %Y"),
        (("Jan 5, 2024", "March 12, 2024"), "%B %d, %Y"),
    ],
)
def test_short_years_and_names_of_months_are_read(
    cells: tuple[str, ...], format_: str
) -> None:
    column = infer("x", *cells)

    assert (column.kind, column.format) == (Kind.DATE, format_)


def test_a_number_of_a_chapter_is_no_date() -> None:
    assert infer("chapter", "1.2.24", "3.4.24").kind is Kind.TEXT
    assert infer("date", "1.2.24", "3.4.24").kind is Kind.DATE


def test_half_days_and_short_hours_are_times() -> None:
    column = infer("opens", "9:05 AM", "12:00 pm")

    assert (column.kind, column.format) == (Kind.TIME, "%I:%M %p")
    assert infer("opens", "9:05", "17:30").kind is Kind.TIME


def test_the_order_that_the_user_says_decides() -> None:
    frame = pl.DataFrame({"x": ["01/02/2024", "03/04/2024"]})

    [column] = infer_columns(frame, Order.MDY)

    assert column.format == "%m/%d/%Y"
    assert column.evidence == (
        "2 of 2 read as dates MM/DD/YYYY, as --date-order has it"
    )


def test_times_are_times_of_day() -> None:
    assert read("00:00", "23:59:59.5") == (Kind.TIME, "2 of 2 are times of day")
