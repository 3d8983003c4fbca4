"""Dates and times are read in the one format that the column settles."""

import pytest

from generators.columns import Kind
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
            "2 of 2 read as DD/MM/YYYY or MM/DD/YYYY",
        ),
        (
            ("01/02/2024 10:00", "03/04/2024 11:00"),
            "2 of 2 read as DD/MM/YYYY HH:MM or MM/DD/YYYY HH:MM",
        ),
        (
            ("13/02/2024", "02/13/2024"),
            "2 of 2 look like dates, but no one reading fits",
        ),
        (("01/02/24", "13/02/24"), "2 of 2 look like dates, but no one reading fits"),
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


def test_times_are_times_of_day() -> None:
    assert read("00:00", "23:59:59.5") == (Kind.TIME, "2 of 2 are times of day")
