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


def test_a_year_of_two_digits_that_lies_ahead_is_told() -> None:
    column = infer("day", "18/09/68", "19/09/68")

    assert column.kind is Kind.DATE
    assert (
        column.evidence
        == "2 of 2 read as dates DD/MM/YY, 2 only so, 2 in the year 2068"
    )


def test_one_year_of_another_calendar_among_many_is_told_and_no_veto() -> None:
    days = [f"2024-01-{day:02}" for day in range(1, 29)]
    column = infer("day", *days, "2567-02-03")

    assert column.kind is Kind.DATE
    assert "1 in the year 2567, near to today in the Buddhist" in column.evidence


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("vie 05/01/2024", "sáb 06/01/2024"), Kind.DATE),
        (("vie 06/01/2024", "sáb 07/01/2024"), Kind.TEXT),
        (("Fri 01/05/2024", "Sat 01/06/2024"), Kind.DATE),
        (("5 listopada 2024",), Kind.TEXT),
        (("5 listopada 2024", "6 srpnja 2024"), Kind.DATE),
        (("5 mai 2024 final", "6 mai 2024 final"), Kind.TEXT),
        (("mai 2024", "juin 2024"), Kind.TEXT),
        (("vie 5", "sáb 6"), Kind.TEXT),
        (("2024-W05", "2024-W06"), Kind.TEXT),
        (("令和6年1月5日", "令和6年1月6日"), Kind.TEXT),
    ],
)
def test_names_make_dates_only_where_they_are_names_of_one_day(
    cells: tuple[str, ...], kind: Kind
) -> None:
    assert infer("day", *cells).kind is kind


def test_a_few_months_keep_all_spellings_of_their_language() -> None:
    column = infer("day", "05. Mai 2024", "06. Mai 2024")

    assert "Mär|März" in column.months
    assert column.languages[0] == "German"


def test_a_language_that_writes_a_month_so_comes_before_others() -> None:
    assert infer("day", "5 sep 2024", "6 okt 2024").languages[0] == "Dutch"
    assert infer("day", "5 Sep 2024", "6 Okt 2024").languages[0] == "German"


def test_which_part_of_a_few_dates_is_the_year_is_marked_as_open() -> None:
    days = [f"24/01/{day:02}" for day in range(1, 6)]
    many = [f"24/{month:02}/{day:02}" for month in (1, 2) for day in range(1, 20)]

    assert infer("day", *days).formats == ("%d/%m/%y", "%y/%m/%d")
    assert infer("day", *days).format == "%y/%m/%d"
    assert infer("day", *many).formats == ()


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("00/00/0000", "13/02/2024"), Kind.DATE),
        (("00.00.0000", "13/02/2024"), Kind.TEXT),
        (("00.00.0000", "1.5", "2.5"), Kind.TEXT),
        (("00000000", "12345678"), Kind.TEXT),
        (("#DIV/0!", "1.5"), Kind.DECIMAL),
        (("#A1B2C3", "#FFFFFF"), Kind.TEXT),
        (("#WOW!", "hello"), Kind.TEXT),
        (("#REF!", "#REF!"), Kind.TEXT),
    ],
)
def test_zeros_and_errors_are_no_values_only_beside_values(
    cells: tuple[str, ...], kind: Kind
) -> None:
    assert infer("x", *cells).kind is kind
