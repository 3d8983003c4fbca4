from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from importkit.cleaning import DType, moments, parsing
from importkit.cleaning.casting import cast, dtype_instance, expected
from importkit.errors import ConfigurationError

BERLIN = ZoneInfo("Europe/Berlin")


def cast_all(values: list[object], target: DType) -> list[object]:
    series = pl.Series("value", values)
    value = cast(pl.col("value"), series.dtype, dtype_instance(target))
    return pl.DataFrame(series).select(value)["value"].to_list()


@pytest.mark.parametrize(
    ("text", "dtype", "value"),
    [
        ("7", pl.Int64, 7),
        ("-12", pl.Int64, -12),
        ("+12", pl.Int16, 12),
        ("1.5", pl.Float64, 1.5),
        ("1e3", pl.Float64, 1000.0),
        ("1.50", pl.Decimal(6, 2), Decimal("1.50")),
        ("1.5000", pl.Decimal(6, 2), Decimal("1.50")),
        ("9999.99", pl.Decimal(6, 2), Decimal("9999.99")),
        ("Yes", pl.Boolean, True),
        ("f", pl.Boolean, False),
        ("2024-02-29", pl.Date, date(2024, 2, 29)),
        ("12:30", pl.Time, time(12, 30)),
        ("12:30:45.5", pl.Time, time(12, 30, 45, 500_000)),
        ("2024-01-02", pl.Datetime, datetime(2024, 1, 2)),
        ("2024-01-02 03:04", pl.Datetime("us", "UTC"), datetime(2024, 1, 2, 3, 4, tzinfo=UTC)),
        ("2024-01-02T03:04:05+02:00", pl.Datetime("us", "UTC"), datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2024-01-02T03:04:05.25-0530", pl.Datetime("us", "UTC"), datetime(2024, 1, 2, 8, 34, 5, 250_000, tzinfo=UTC)),
        ("2024-07-01 12:00", pl.Datetime("us", "Europe/Berlin"), datetime(2024, 7, 1, 12, tzinfo=BERLIN)),
        ("2024-07-01T12:00Z", pl.Datetime("us", "Europe/Berlin"), datetime(2024, 7, 1, 14, tzinfo=BERLIN)),
    ],
)  # fmt: skip
def test_text_becomes_the_value_it_says(text: str, dtype: DType, value: object) -> None:
    assert cast_all([text, None], dtype) == [value, None]


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("1.5", pl.Int64),
        ("1e3", pl.Int64),
        ("300", pl.Int8),
        ("9223372036854775808", pl.Int64),
        ("1,5", pl.Float64),
        ("nan", pl.Float64),
        ("inf", pl.Float64),
        ("1e999", pl.Float64),
        ("-1e999", pl.Float64),
        ("1e-999", pl.Float64),
        ("1e39", pl.Float32),
        ("Infinity", pl.Float64),
        ("NaN", pl.Decimal(6, 2)),
        ("inf", pl.Decimal(6, 2)),
        ("x", pl.Int64),
        ("x", pl.Float64),
        ("1_000", pl.Int64),
        ("1_000", pl.Float64),
        ("1_000", pl.Decimal(6, 2)),
        ("0x1F", pl.Int64),
        ("0x1F", pl.Float64),
        ("１２", pl.Int64),
        ("١٢", pl.Int64),
        ("１.５", pl.Float64),
        ("１.５", pl.Decimal(6, 2)),
        ("-1", pl.UInt8),
        ("1" * 50, pl.Int64),
        ("1" * 50, pl.Int128),
        ("1" * 50, pl.Decimal(38, 2)),
        ("1.005", pl.Decimal(6, 2)),
        ("10000", pl.Decimal(6, 2)),
        ("1e2", pl.Decimal(6, 2)),
        ("1.5", pl.Decimal(6, 0)),
        ("maybe", pl.Boolean),
        ("2", pl.Boolean),
        ("１", pl.Boolean),
        ("24-01-02", pl.Date),
        ("2024-02-30", pl.Date),
        ("2023-02-29", pl.Date),
        ("2024-13-01", pl.Date),
        ("31.02.2024", pl.Date),
        ("２０２４-01-01", pl.Date),
        ("12024-01-01", pl.Date),
        ("2024-01-02T00:00", pl.Date),
        ("25:00", pl.Time),
        ("23:59:60", pl.Time),
        ("12:30:15.1234567", pl.Time),
        ("0000-01-01", pl.Date),
        ("0000-01-01 00:00", pl.Datetime("us", "UTC")),
        ("2024-01-02 23:59:60", pl.Datetime("us", "UTC")),
        ("2400-01-01", pl.Datetime("ns")),
        ("2024-01-01 00:00:00.123456", pl.Datetime("ms")),
        ("2024-01-02 25:00", pl.Datetime("us", "UTC")),
        ("2024-01-02T03:04:05.1234567", pl.Datetime("us", "UTC")),
        ("2024-01-02T03:04:05Z", pl.Datetime("us")),
        ("2024-01-02T03:04+19:99", pl.Datetime("us", "UTC")),
        ("2024-01-02T03:04:05+02:99", pl.Datetime("us", "UTC")),
        ("9999-12-31T23:59-01:00", pl.Datetime("us", "UTC")),
        ("x", pl.Enum(["a"])),
        ("2024-03-31 02:30", pl.Datetime("us", "Europe/Berlin")),
        ("2024-10-27 02:30", pl.Datetime("us", "Europe/Berlin")),
    ],
)
def test_text_that_would_lose_something_is_null(text: str, dtype: DType) -> None:
    assert cast_all([text], dtype) == [None]


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([1.0, 1.5, float("inf"), float("nan")], pl.Int64, [1, None, None, None]),
        ([1.0, 1e19], pl.Int64, [1, None]),
        ([2**53, 2**53 + 1], pl.Float64, [2.0**53, None]),
        ([1.5, float("inf"), float("nan")], pl.String, ["1.5", None, None]),
        ([Decimal("1.00"), Decimal("1.50")], pl.Int64, [1, None]),
        ([Decimal("1.00"), Decimal("1.50")], pl.Decimal(6, 0), [Decimal(1), None]),
        ([Decimal("1.00")], pl.Boolean, [None]),
        ([True], pl.Int64, [1]),
        ([True], pl.Decimal(6, 2), [None]),
        ([True], pl.Date, [None]),
        ([19.99, 1.005], pl.Decimal(6, 2), [Decimal("19.99"), None]),
        ([1.0, float("inf")], pl.Float64, [1.0, None]),
        ([1, 0, 2], pl.Boolean, [True, False, None]),
        ([1, 2**40], pl.Int32, [1, None]),
        ([1, 2], pl.String, ["1", "2"]),
        ([None, None], pl.Int64, [None, None]),
        (
            [datetime(2024, 1, 2), datetime(2024, 1, 2, 3)],
            pl.Date,
            [date(2024, 1, 2), None],
        ),
        ([20240101], pl.Date, [None]),
        ([date(2024, 1, 2)], pl.Int64, [None]),
        ([date(2024, 1, 2)], pl.Float64, [None]),
        ([date(2024, 1, 2)], pl.Decimal(6, 2), [None]),
        ([date(2024, 1, 2)], pl.Time, [None]),
        ([date(2024, 1, 2)], pl.Boolean, [None]),
        ([time(1, 2)], pl.Int64, [None]),
        ([time(1, 2)], pl.Datetime("us"), [None]),
        ([datetime(2024, 1, 2)], pl.Time, [None]),
        ([1, 2], pl.Categorical, ["1", "2"]),
        ([datetime(2024, 1, 2, tzinfo=UTC)], pl.Datetime("us"), [None]),
        (
            [date(2024, 1, 2)],
            pl.Datetime("us", "Europe/Berlin"),
            [datetime(2024, 1, 2, tzinfo=BERLIN)],
        ),
        ([date(2024, 1, 2)], pl.Datetime("us", "UTC"), [datetime(2024, 1, 2, tzinfo=UTC)]),
    ],
)  # fmt: skip
def test_a_typed_value_is_never_cut(
    values: list[object], dtype: DType, expected: list[object]
) -> None:
    assert cast_all(values, dtype) == expected


@pytest.mark.parametrize(
    ("number", "dtype"),
    [
        (10**7, pl.Date()),
        (10**15, pl.Datetime("ms")),
        (-(10**6), pl.Date()),
        (1, pl.Time()),
    ],
)
def test_a_moment_that_python_does_not_have_is_null(
    number: int, dtype: pl.DataType
) -> None:
    series = pl.Series("value", [number]).cast(dtype)

    value = series.to_frame().select(cast(pl.col("value"), dtype, dtype))

    assert value.item() is None


@pytest.mark.parametrize("values", [[[1]], [{"a": 1}], [b"a"], [timedelta(1)]])
def test_values_that_are_not_plain_are_refused(values: list[object]) -> None:
    with pytest.raises(ConfigurationError, match="give plain values"):
        cast_all(values, pl.String)


def test_local_times_are_those_of_the_zone() -> None:
    noon = datetime(2024, 7, 1, 12)

    assert cast_all([noon], pl.Datetime("us", "Europe/Berlin")) == [
        noon.replace(tzinfo=BERLIN)
    ]


def test_a_decimal_needs_precision_and_scale() -> None:
    with pytest.raises(ConfigurationError, match=r"pl\.Decimal\(12, 2\)"):
        dtype_instance(pl.Decimal)


@pytest.mark.parametrize(
    ("dtype", "text"),
    [
        (pl.Decimal(10, 2), "a number of up to 8 digits and 2 decimals"),
        (pl.Int32(), "a whole number between -2,147,483,648 and 2,147,483,647"),
        (pl.Float64(), "a number"),
        (pl.Boolean(), "yes or no (true, t, yes, y, 1, false, f, no, n, 0)"),
        (pl.Date(), "a date (YYYY-MM-DD)"),
        (pl.Time(), "a time (HH:MM:SS)"),
        (pl.Datetime("us"), "a date and time (YYYY-MM-DD HH:MM:SS)"),
    ],
)
def test_types_are_described_to_people(dtype: pl.DataType, text: str) -> None:
    assert expected(dtype) == text


@pytest.mark.parametrize(
    ("parser", "text", "value"),
    [
        (parsing.number(decimal=",", thousands="."), "1.234.567,50", "1234567.50"),
        (parsing.number(decimal=",", thousands="."), "-12,5", "-12.5"),
        (parsing.number(decimal=",", thousands="."), "1234,5", "1234.5"),
        (parsing.number(decimal=",", thousands="."), "1.23,5", None),
        (parsing.number(decimal=",", thousands="."), "1.5", None),
        (parsing.number(decimal=",", thousands=" "), "1\u202f234,5", "1234.5"),
        (parsing.number(thousands="'"), "1'234.5", "1234.5"),
        (parsing.number(thousands=","), "1,234", "1234"),
        (parsing.number(decimal=","), "1.234", None),
        (parsing.number(decimal=","), "１,5", None),
        (parsing.number(decimal=",", thousands="."), "1_000", None),
        (parsing.number(), "nan", None),
        (parsing.number(), "1e5", None),
        (moments.date("%d.%m.%Y"), "31.12.2024", date(2024, 12, 31)),
        (moments.date("%d.%m.%Y"), "2024-12-31", None),
        (moments.date("%d.%m.%Y"), "31.02.2024", None),
        (moments.date("%d.%m.%Y"), "31.12.2024 x", None),
        (moments.date("%d.%m.%Y"), "３1.12.2024", None),
        (moments.datetime("%d.%m.%Y %H:%M"), "31.12.2024 24:00", datetime(2025, 1, 1)),
        (moments.datetime("%d.%m.%Y %H:%M"), "31.12.2024 24:01", None),
        (moments.time("%H:%M"), "24:00", None),
        (moments.datetime("%d.%m.%Y %H:%M:%S"), "31.12.2016 23:59:60", None),
        (moments.datetime("%d.%m.%Y %T"), "30.06.2015 23:59:60", None),
        (moments.datetime("%d.%m.%Y %T%.f"), "31.12.2016 23:59:59.1234567", None),
        (moments.time("%H.%M.%S"), "12.30.60", None),
        (moments.time("%T%.f"), "12:30:60.5", None),
        (moments.time("%T%.f"), "12:30:59.123456789", None),
        (moments.time("%T%.f"), "12:30:59.1234560", time(12, 30, 59, 123456)),
        (moments.time("%S.%M.%H"), "12.30.12", time(12, 30, 12)),
        (
            moments.datetime("%d.%m.%Y %H:%M:%S"),
            "16.06.1960 06:06:06",
            datetime(1960, 6, 16, 6, 6, 6),
        ),
        (moments.date("%d.%m.%Y"), "31.12.24", None),
        (moments.date("%d.%m.%y"), "31.12.24", date(2024, 12, 31)),
        (moments.datetime("%d.%m.%Y %H:%M"), "31.12.24 12:30", None),
        (moments.time("%H.%M"), "12.30", time(12, 30)),
        (parsing.boolean(true=("ja",), false=("nein",)), "JA", True),
        (parsing.boolean(true=("ja",), false=("nein",)), "yes", None),
        (
            moments.datetime("%d.%m.%Y %H:%M"),
            "31.12.2024 12:30",
            datetime(2024, 12, 31, 12, 30),
        ),
    ],
)
def test_parsers_read_what_they_declare(
    parser: parsing.Parser, text: str, value: object
) -> None:
    df = pl.DataFrame({"text": [text]}).select(parser(pl.col("text")))

    assert df.item() == value
