"""The checks of a frame refuse the same values as ``full_clean`` of an instance."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model
from hypothesis import given, settings
from hypothesis import strategies as st

from importkit.loading.through_django.frames import python_rows
from importkit.models.checks.frame_checks import fit
from importkit.models.fields import writable_fields
from tests.importkit.shop.models import Demanding, Everything, Offer

pytestmark = pytest.mark.django_db

TEXT = st.text("aZ0-_ é.@,/:[]\n\t'", max_size=9)
MAILS = [
    "a@b.de",
    "a.b@c.example.org",
    "a@b",
    "@b.de",
    'a"@b.de',
    "ü@b.de",
    "a@-b.de",
    "a@b_c.de",
    "a@localhost",
    "a@1.2.3.4",
    "a@[1.2.3.4]",
    "a..b@c.de",
    "A@B.DE",
    "a@b.c",
    "a@b.de.",
    "a@ab--c.de",
]
MAIL = st.sampled_from([*MAILS, "a b@c.de", "a@b.de\n", f"{'a' * 65}@b.de"])
URLS = [
    "http://a.de",
    "https://a-b.org/x?y=1",
    "ftp://a.de",
    "a.de",
    "http://a",
    "http://",
    "http://[::1]/",
    "https://a.de/[",
    "javascript:alert(1)",
    "http://a_b.de",
    "https://ä.de",
    "HTTP://A.DE",
    "http://a..de",
    "http://a.de:80",
    "http://a.de:99999",
    "http://-a.de",
    "http://a.de/~b?c=%20&d",
]
URL = st.sampled_from([*URLS, "http://a.de/ b", "https://a.de/\n"])
SMALL = st.integers(-200, 200)
COLUMNS: Mapping[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "code": (pl.String, TEXT),
    "words": (pl.String, TEXT),
    "slug": (pl.String, TEXT),
    "free": (pl.String, TEXT),
    "mail": (pl.String, MAIL | TEXT),
    "url": (pl.String, URL | TEXT),
    "ip": (pl.String, st.ip_addresses().map(str)),
    "size": (pl.String, st.sampled_from(["s", "l", "m", "", "S"])),
    "level": (pl.Int64, st.integers(0, 10)),
    "hidden": (pl.Int64, st.integers(0, 2)),
    "must": (pl.Int64, SMALL),
    "small": (pl.Int64, SMALL),
    "even": (pl.Int64, SMALL),
    "step": (pl.Int64, SMALL),
    "price": (
        pl.Decimal(6, 2),
        st.integers(-200, 999_999).map(lambda n: Decimal(n).scaleb(-2)),
    ),
    "share": (pl.Float64, st.floats(-2, 2)),
    "plate": (pl.String, st.from_regex(r"[A-X]{0,4} \d{0,2}\n?", fullmatch=True)),
    "names": (pl.String, st.text("0123,-", max_size=6)),
    "data": (
        pl.Object,
        st.sampled_from([{}, [], "", 0, False, {"a": 1}, [1], "x", None]),
    ),
    "raw": (pl.Binary, st.binary(max_size=5)),
    "token": (pl.String, st.uuids().map(str)),
}


def row_strategy(columns: Mapping[str, tuple[Any, Any]]) -> Any:
    """Return a strategy for rows in which any value may be None."""
    return st.fixed_dictionaries(
        {name: st.none() | values for name, (_, values) in columns.items()}
    )


def frame(
    rows: list[dict[str, Any]], columns: Mapping[str, tuple[Any, Any]]
) -> pl.DataFrame:
    """Return rows as a frame with lines from 0."""
    data = [
        pl.Series(name, [row[name] for row in rows], dtype=dtype, strict=False)
        for name, (dtype, _) in columns.items()
    ]
    return pl.DataFrame([*data, pl.Series("_line", range(len(rows)), dtype=pl.Int64)])


def columns_found(problems: pl.DataFrame, line: int) -> set[str]:
    """Return the columns of a row that have problems."""
    return set(problems.filter(pl.col("line") == line)["column"])


def columns_refused(model: type[Model], row: Mapping[str, Any]) -> set[str]:
    """Return the fields that ``clean_fields`` refuses, or that must not be null."""
    instance = model(**row)
    absent = {
        field.name
        for field in writable_fields(model)
        if field.attname not in row and field.name != "id"
    }
    try:
        instance.clean_fields(exclude=absent)
    except ValidationError as error:
        refused = set(error.message_dict)
    else:
        refused = set()
    not_null = {
        field.name
        for field in writable_fields(model)
        if not field.null and field.attname in row and row[field.attname] is None
    }
    return refused | not_null


# Rows are checked in few frames: most of the time goes into each frame, not into its rows.
@settings(max_examples=105, deadline=None)
@given(st.lists(row_strategy(COLUMNS), min_size=1, max_size=20))
def test_fields_demand_what_full_clean_demands(rows: list[dict[str, Any]]) -> None:
    fitting, problems = fit(Demanding, frame(rows, COLUMNS))

    for line, row in enumerate(python_rows(Demanding, fitting)):
        assert columns_found(problems, line) == columns_refused(Demanding, row), row


PLAIN: Mapping[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "code": (pl.String, TEXT),
    "char": (pl.String, TEXT),
    "slug": (pl.String, TEXT),
    "url": (pl.String, URL),
    "ip": (pl.String, st.ip_addresses().map(str)),
    "size": (pl.String, st.sampled_from("slx")),
    "decimal": (
        pl.Decimal(12, 3),
        st.integers(-(10**11), 10**11).map(lambda n: Decimal(n).scaleb(-3)),
    ),
    "whole": (pl.Int32, SMALL),
    "small": (pl.Int16, SMALL),
    "big": (pl.Int64, st.integers(-(2**63), 2**63 - 1)),
    "positive": (pl.Int64, SMALL),
    "real": (pl.Float64, st.floats(allow_nan=False, allow_infinity=False)),
    "flag": (pl.Boolean, st.booleans()),
    "maybe": (pl.Boolean, st.booleans()),
    "day": (pl.Date, st.dates()),
    "moment": (
        pl.Datetime("us", "UTC"),
        st.datetimes(
            datetime.datetime(1900, 1, 1),
            datetime.datetime(2200, 1, 1),
            timezones=st.just(datetime.UTC),
        ),
    ),
    "time": (pl.Time, st.times()),
    "lasting": (
        pl.Duration("us"),
        st.timedeltas(datetime.timedelta(-9999), datetime.timedelta(9999)),
    ),
    "raw": (pl.Binary, st.binary(max_size=5)),
    "from_database": (pl.Int32, SMALL),
}


@settings(max_examples=65, deadline=None)
@given(st.lists(row_strategy(PLAIN), min_size=1, max_size=20))
def test_every_kind_of_field_demands_what_full_clean_demands(
    rows: list[dict[str, Any]],
) -> None:
    fitting, problems = fit(Everything, frame(rows, PLAIN))

    for line, row in enumerate(python_rows(Everything, fitting)):
        assert columns_found(problems, line) == columns_refused(Everything, row), row


OFFERS: Mapping[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "number": (pl.String, st.text("ab", min_size=1, max_size=2)),
    "low": (pl.Int32, st.integers(11, 15)),
    "high": (pl.Int32, st.integers(11, 15)),
    "kind": (pl.String, st.sampled_from(["turned", "plain", "bad", "worse"])),
}


# The checks compare texts, which MariaDB does itself, by its collation.
@pytest.mark.only_on("sqlite", "postgresql")
@settings(max_examples=150, deadline=None)
@given(st.lists(row_strategy(OFFERS), min_size=1, max_size=5))
def test_check_constraints_are_broken_by_the_rows_that_break_them_in_the_database(
    rows: list[dict[str, Any]],
) -> None:
    _, problems = fit(Offer, frame(rows, OFFERS))

    found = problems.filter(pl.col("code") == "constraint")
    for line, row in enumerate(rows):
        offer = Offer(**row)
        refused = []
        for constraint in Offer._meta.constraints:
            if constraint.name not in ("offer_high", "offer_low"):
                continue
            try:
                constraint.validate(Offer, offer)
            except ValidationError as error:
                refused += error.messages
        assert sorted(found.filter(line=line)["reason"]) == sorted(refused), row


def test_a_message_is_told_without_the_value_that_stands_beside_it() -> None:
    df = pl.DataFrame({"even": [1, 3, 4, 102], "_line": [2, 3, 4, 5]})

    _, problems = fit(Demanding, df)

    assert problems.rows() == [
        (5, "even", "102", "range", "is more than 100"),
        (2, "even", "1", "invalid", "is odd"),
        (3, "even", "3", "invalid", "is odd"),
    ]
