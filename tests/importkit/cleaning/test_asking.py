"""What the person who sent a file is asked to write, in the notation of each column."""

import re
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importkit.cleaning import (
    CleaningDF,
    boolean,
    date,
    datetime,
    duration,
    epoch,
    number,
    remedy_for_sender,
    time,
    unwrapped,
)
from importkit.cleaning.asking import LONGEST, sentence
from importkit.cleaning.parsing import Notation, Parser
from importkit.problems import Cause, Code, Reason, causes
from tests.importkit.rules import rules

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
# The letters in which a sentence states a format, with a value for each.
LETTERS = {"YYYY": "2026", "YY": "26", "DD": "31", "HH": "01", "SS": "00", "MM": "12"}
DTYPES = [
    *(pl.Decimal(8, 2), pl.Decimal(12, 0), pl.Decimal(38, 12), pl.Float64()),
    *(pl.Int8(), pl.Int32(), pl.Int64(), pl.UInt64(), pl.Int128()),
]


def euro(**more: Any) -> Parser:
    return number(decimal=",", thousands=".", **more)


@pytest.mark.parametrize(
    ("dtype", "parser", "asked"),
    [
        (
            pl.Decimal(8, 2),
            number(decimal=","),
            "Write the number with a decimal comma, at most 6 digits before and 2 after it, "
            "such as 1234,50.",
        ),
        (
            pl.Decimal(4, 2),
            euro(unit=("kg",)),
            "Write the number with a decimal comma, at most 2 digits before and 2 after it, "
            "such as 1,50 kg.",
        ),
        (
            pl.Decimal(8, 0),
            None,
            "Write a number without decimals, of at most 8 digits, such as 1234.",
        ),
        (
            pl.Float64(),
            number(decimal=",", percent=True),
            "Write the number with a decimal comma, such as 1234,50%.",
        ),
        (
            pl.Float64(),
            number(decimal="'"),
            "Write the number with \"'\" in it, such as 1234'50.",
        ),
        (
            pl.Int16(),
            number(thousands=" "),
            "Write a whole number between -32,768 and 32,767, such as 1 234.",
        ),
        (
            pl.Int64(),
            None,
            "Write a whole number between -9,223,372,036,854,775,808 and "
            "9,223,372,036,854,775,807, such as 1234.",
        ),
        (pl.Int128(), None, "Write a whole number, such as 1234."),
        (pl.Date(), date("%d.%m.%Y"), "Write the day as DD.MM.YYYY."),
        (pl.Date(), None, "Write the day as YYYY-MM-DD."),
        (
            pl.Date(),
            date("%d. %B %Y", months=MONTHS),
            "Write the day like 31. Dezember 2026.",
        ),
        (
            pl.Datetime(),
            datetime("%d/%m/%y %H:%M"),
            "Write the day and time as DD/MM/YY HH:MM.",
        ),
        (
            pl.Datetime(),
            datetime("%Y-%m-%dT%H:%M"),
            "Write the day and time like 2026-12-31T13:45.",
        ),
        (
            pl.Datetime(),
            datetime("%d.%m.%Y %H:%M%z"),
            "Write the day and time as in the other rows.",
        ),
        (pl.Time(), time("%H.%M"), "Write the time as HH.MM."),
        (pl.Duration(), duration(), "Write the duration as HH:MM:SS."),
        (
            pl.Datetime(),
            epoch("ms"),
            "Write the number of milliseconds since 1970 in UTC, such as 1798724700000.",
        ),
        (pl.Boolean(), None, "Write yes or no."),
        (
            pl.Boolean(),
            boolean(true=("ja", "j"), false=("nein",)),
            "Write ja or nein.",
        ),
        (pl.Boolean(), boolean(true=("x",), false=()), "Write x."),
        (pl.Enum(["S", "M"]), None, "Write one of 'S', 'M'."),
        (
            pl.Enum([*"abcdefg"]),
            None,
            "Write one of 'a', 'b', 'c', 'd', 'e' and 2 more.",
        ),
        (
            pl.Int32(),
            unwrapped(),
            "Write a whole number between -2,147,483,648 and 2,147,483,647.",
        ),
        (pl.Date(), lambda text: text.str.to_date(), "Write a date."),
        (
            pl.Date(),
            Notation(lambda text: text.str.to_date(), "a day", ("2026-12-31",)),
            "Write a day, such as 2026-12-31.",
        ),
        (pl.Boolean(), boolean(true=("j" * 100,)), Code.UNREADABLE.for_sender),
    ],
)
def test_each_parser_asks_in_its_own_notation(
    dtype: pl.DataType, parser: Parser | None, asked: str
) -> None:
    assert sentence(dtype, parser) == asked


def parsers() -> Iterator[Parser | None]:
    yield None
    for decimal in ".", ",":
        for thousands in "", " ", "." if decimal == "," else ",":
            yield number(decimal=decimal, thousands=thousands)
            yield number(decimal=decimal, thousands=thousands, unit=("pieces", "kg"))
            yield number(decimal=decimal, thousands=thousands, percent=True)
            yield number(decimal=decimal, thousands=thousands, currency=("EUR",))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_the_example_of_a_number_can_be_read(dtype: pl.DataType) -> None:
    for parser in parsers():
        asked = sentence(dtype, parser)
        assert re.fullmatch(r"Write [^.].*[^.]\.", asked)
        assert len(asked) <= LONGEST
        example = asked.partition("such as ")[2].removesuffix(".")
        if example:
            assert len(read(dtype, parser, example)) == 1


@given(
    st.permutations(["%d", "%m", "%Y"]), st.sampled_from([*"./-", ". ", " "]), st.data()
)
def test_a_day_that_is_written_as_asked_can_be_read(
    order: list[str], separator: str, data: st.DataObject
) -> None:
    format = separator.join(order)
    dtype: pl.DataType = pl.Date()
    parser = date(format)
    if data.draw(st.booleans()):
        format += data.draw(st.sampled_from([" %H:%M", ", %H.%M:%S"]))
        parser, dtype = datetime(format), pl.Datetime()

    written = sentence(dtype, parser).removesuffix(".").partition(" as ")[2]
    for letters, value in LETTERS.items():
        written = written.replace(letters, value)

    assert len(read(dtype, parser, written)) == 1


def read(dtype: pl.DataType, parser: Parser | None, text: str) -> list[object]:
    """Return the values that are read, without those that are refused."""
    cls = rules({"x": dtype}, col_parser_map={"x": parser} if parser else {})
    return cls({"x": [text]}, skip=True).df["x"].to_list()


def cause_of(cls: type[CleaningDF], value: object) -> Cause:
    [cause] = causes(cls({"x": [value]}, skip=True).problems)
    return cause


@pytest.mark.parametrize(
    ("dtype", "hooks", "value", "asked"),
    [
        (
            pl.Date,
            {"x": date("%d.%m.%Y")},
            "2026-12-31",
            "Write the day as DD.MM.YYYY.",
        ),
        (pl.Int32, {}, "007", "Write the number without zeros before it."),
        (pl.Date, {"x": date("%d.%m.%Y")}, 7, "Write the day as YYYY-MM-DD."),
        (
            pl.Datetime("us", "Europe/Berlin"),
            {},
            "2026-03-29 02:30:00",
            "Write a time that clocks in Europe/Berlin show once.",
        ),
    ],
)
def test_a_value_that_cannot_be_read_is_asked_for(
    dtype: Any, hooks: dict[str, Parser], value: object, asked: str
) -> None:
    cls = rules({"x": dtype}, col_parser_map=hooks)

    assert remedy_for_sender(cls, cause_of(cls, value)) == asked


def test_a_column_that_must_not_be_empty_is_to_be_filled_in() -> None:
    cls = rules({"x": pl.String, "y": pl.String}, no_null_cols=("x",))
    [cause] = causes(cls({"x": [""], "y": ["a"]}, skip=True).problems)

    assert remedy_for_sender(cls, cause) == "Fill in the value."


@pytest.mark.parametrize(
    ("code", "reason", "asked"),
    [
        (Code.LENGTH, Reason.LONGER.of("1,000"), "Write at most 1,000 characters."),
        (Code.LENGTH, Reason.SHORTER.of(5), "Write at least 5 characters."),
        (Code.RANGE, Reason.LESS.of(0), "Write a value of at least 0."),
        (Code.RANGE, Reason.MORE.of(10), "Write a value of at most 10."),
        (Code.RANGE, Reason.INEXACT.of(15), "Write at most 15 digits."),
        (Code.CHOICE, Reason.NO_CHOICE.of("'a', 'b'"), "Write one of 'a', 'b'."),
        (Code.CHOICE, Reason.NO_CHOICE.of("'a'" * 99), Code.CHOICE.for_sender),
        (Code.UNREADABLE, "not a UUID", "Write a UUID."),
        (Code.UNREADABLE, Reason.NOT_HASHED.text, "Send no passwords in a file."),
        (Code.DUPLICATE, "the key of line 7", Code.DUPLICATE.for_sender),
        ("late", "not in time", None),
    ],
)
def test_a_limit_is_stated_where_the_reason_has_one(
    code: str, reason: str, asked: str | None
) -> None:
    cause = Cause("x", code, reason, 1, [2], ["secret"])

    assert remedy_for_sender(rules({"x": pl.String}), cause) == asked
