"""Verdicts are those that a person would reckon with pencil and paper."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from importkit.cleaning import Measured
from importkit.errors import ConfigurationError
from importkit.import_data import (
    Changed,
    Distinct,
    LastRun,
    Missing,
    New,
    Newest,
    Nulls,
    Rejected,
    Rows,
    Sum,
)
from importkit.import_data.expectations import (
    Facts,
    Verdict,
    describe,
    judge,
    numbers_of,
    reported,
)
from importkit.loading import Loaded, Mode
from importkit.loading.plan import Outcome
from tests.importkit.shop.models import Product, Store

KINDS: dict[str, Any] = {
    "rows": Rows,
    "rejected": Rejected,
    "new": New,
    "changed": Changed,
    "missing": Missing,
    "nulls:x": lambda **limits: Nulls("x", **limits),
    "distinct:x": lambda **limits: Distinct("x", **limits),
    "sum:x": lambda **limits: Sum("x", **limits),
}
COUNTS = st.integers(0, 1000)
SHARES = st.decimals(0, 200, places=1).map(lambda number: f"{number}%")


def verdict_on(expectation: Any, facts: Facts, last: Any = None) -> Verdict:
    """Return the verdict on one expectation, after a last run with a number."""
    run = None if last is None else LastRun("run 41", {expectation.name: last})
    [verdict] = judge([expectation], facts, lambda: run)
    return verdict


def facts_of(values: list[Any], dtype: Any, expectation: Any, **facts: Any) -> Facts:
    measured = Measured(expectation.asked)
    measured.add(len(values), pl.DataFrame({"x": values}, schema={"x": dtype}))
    return Facts(measured, **facts)


def said(values: list[Any], dtype: Any, expectation: Any, last: Any = None) -> str:
    return describe(verdict_on(expectation, facts_of(values, dtype, expectation), last))


def loaded(new: int, changed: int, unchanged: int, missing: int) -> Loaded:
    outcome = Outcome(new, changed, unchanged, Counter(), missing)
    return Loaded(Mode.SYNC, outcome, (), pl.DataFrame())


@given(
    kind=st.sampled_from([*KINDS]),
    values=st.lists(st.none() | st.decimals(-999, 999, places=2), max_size=30),
    counts=st.tuples(COUNTS, COUNTS, COUNTS, COUNTS),
    at_least=st.none() | COUNTS | SHARES,
    at_most=st.none() | COUNTS | SHARES,
    change=st.none() | SHARES,
    last=st.none() | COUNTS,
    data=st.data(),
)
def test_verdicts_are_those_of_a_naive_recomputation(  # noqa: PLR0913, PLR0917
    kind: str,
    values: list[Decimal | None],
    counts: tuple[int, int, int, int],
    at_least: Any,
    at_most: Any,
    change: Any,
    last: int | None,
    data: Any,
) -> None:
    new, changed, unchanged, missing = counts
    if kind in {"rows", "sum:x"}:
        at_least, at_most = (
            None if isinstance(x, str) else x for x in (at_least, at_most)
        )
    try:
        expectation = KINDS[kind](at_least=at_least, at_most=at_most, change=change)
    except ConfigurationError:
        return  # No limit at all, or a lowest number above the highest.
    rejected = data.draw(st.integers(0, len(values)))
    facts = facts_of(
        values,
        pl.Decimal(10, 2),
        expectation,
        rejected=rejected,
        loaded={Product: loaded(*counts)},
    )
    known = [value for value in values if value is not None]
    number, whole = {
        "rows": (len(values), 0),
        "rejected": (rejected, len(values)),
        "new": (new, new + changed + unchanged),
        "changed": (changed, new + changed + unchanged),
        "missing": (missing, changed + unchanged + missing),
        "nulls:x": (len(values) - len(known), len(values)),
        "distinct:x": (len(set(known)), len(values)),
        "sum:x": (sum(map(Fraction, known)), 0),
    }[kind]

    def limit(amount: Any, of: int) -> Fraction:
        if isinstance(amount, str):
            return Fraction(amount.removesuffix("%")) / 100 * of
        return Fraction(amount)

    is_met = (at_least is None or number >= limit(at_least, whole)) and (
        at_most is None or number <= limit(at_most, whole)
    )
    if change is not None and last is not None:
        low, high = (last + sign * limit(change, last) for sign in (-1, 1))
        if kind != "sum:x":
            low, high = map(to_whole, (low, high))
        is_met = is_met and low <= number <= high
    expected = None if is_met and change is not None and last is None else is_met

    verdict = verdict_on(expectation, facts, last)

    assert verdict.is_met is expected
    assert verdict.is_broken is (expected is False)
    value: Any = numbers_of([expectation], facts)[kind]
    assert Fraction(value) == number
    assert reported(verdict)["value"] == value


def to_whole(number: Fraction) -> Fraction:
    decimal = Decimal(number.numerator) / Decimal(number.denominator)
    return Fraction(decimal.to_integral_value(ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("expectation", "values", "last", "text"),
    [
        (Rows(change="20%"), 2, 31_178, "2, expected 24,942 to 37,414 (run 41 had 31,178)"),
        (Rows(at_least=1, at_most=9), 0, None, "0, expected 1 to 9"),
        (Rows(at_least=1, change="10%"), 0, 0, "0, expected at least 1 and at most 0 (run 41 had 0)"),
        (Rows(change="150%"), 30, 10, "30, expected 0 to 25 (run 41 had 10)"),
        (Rows(change=5), 30, 10, "30, expected 5 to 15 (run 41 had 10)"),
        (Rows(change="5%"), 7, None, "7 (no earlier run is on record)"),
        (Nulls("x", at_most="10%"), 19, None, "19, expected at most 1 (10% of 19 rows)"),
        (Nulls("x", at_most="10%", change="10%"), 19, 1,
         "19, expected 1 (10% of 19 rows; run 41 had 1)"),
        (Nulls("x", at_least="0.5%", at_most="10%"), 0, None,
         "0, expected 0 (0.5% to 10% of 0 rows)"),
    ],
)  # fmt: skip
def test_numbers_limits_and_the_last_number_are_on_one_line(
    expectation: Any, values: int, last: int | None, text: str
) -> None:
    line = said([None] * values, pl.Int64, expectation, last)

    assert line == f"{expectation.name}: {text}"


def test_a_last_number_of_nothing_allows_no_share_of_it() -> None:
    few = facts_of([None], pl.Int64, Nulls("x", change="50%"))

    assert verdict_on(Nulls("x", change="50%"), few, last=0).is_broken
    assert not verdict_on(Nulls("x", change=1), few, last=0).is_broken


def test_sums_are_exact_and_compared_around_negative_ones() -> None:
    tenth = [Decimal("0.1")] * 3
    negative = Sum("x", change="10%")

    assert said(tenth, pl.Decimal(4, 1), Sum("x", at_most=0.3)) == (
        "sum:x: 0.3, expected at most 0.3"
    )
    assert said([-111], pl.Int64, negative, "-100.0") == (
        "sum:x: -111, expected -110 to -90 (run 41 had -100)"
    )
    facts = facts_of([-110], pl.Int64, negative)
    assert verdict_on(negative, facts, "-100").is_met is True


def test_a_sum_of_what_is_no_number_is_never_as_expected() -> None:
    expectation = Sum("x", at_least=0)
    facts = facts_of([1.0, float("nan")], pl.Float64, expectation)

    verdict = verdict_on(expectation, facts)

    assert verdict.is_broken
    assert (
        reported(verdict)["value"] == numbers_of([expectation], facts)["sum:x"] == "nan"
    )
    after_nan = facts_of([1.0], pl.Float64, expectation)
    assert verdict_on(Sum("x", change="1%"), after_nan, "nan").is_met is None


def test_more_distinct_values_than_are_counted_are_at_least_so_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importkit.cleaning.whole_columns.measures.MOST_DISTINCT", 3)
    monkeypatch.setattr("importkit.import_data.expectations.kinds.MOST_DISTINCT", 3)
    many = [1, 2, 3, 4]

    assert said(many, pl.Int64, Distinct("x", at_most=3)) == (
        "distinct:x: more than 3, expected at most 3"
    )
    for expectation, is_met in {
        Distinct("x", at_least=3): True,
        Distinct("x", at_least="100%"): False,  # Nobody knows.
        Distinct("x", at_most="100%"): False,
    }.items():
        facts = facts_of(many, pl.Int64, expectation)
        assert verdict_on(expectation, facts).is_met is is_met
        assert "distinct:x" not in numbers_of([expectation], facts)


def test_models_are_counted_by_themselves() -> None:
    facts = Facts(
        Measured(), loaded={Product: loaded(1, 2, 3, 4), Store: loaded(5, 6, 7, 8)}
    )

    every = [
        New(at_most=0),
        New(model=Store, at_most=0),
        Missing(model=Product, at_most=0),
    ]

    assert [describe(each) for each in judge(every, facts, lambda: None)] == [
        "new: 6, expected at most 0",
        "new:shop.Store: 5, expected at most 0",
        "missing:shop.Product: 4, expected at most 0",
    ]


WHOLE = 'is neither a whole number from 0 on nor a share such as "5%".'
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("newest", "dtype", "is_met"),
    [
        (date(2026, 3, 9), pl.Date(), True),
        (date(2026, 3, 8), pl.Date(), False),
        # In Berlin it is one o'clock in the afternoon.
        (datetime(2026, 3, 9, 13), pl.Datetime("us"), True),
        (datetime(2026, 3, 9, 12, 59), pl.Datetime("us"), False),
        (datetime(2026, 3, 9, 12, tzinfo=UTC), pl.Datetime("us", "UTC"), True),
        (datetime(2026, 3, 9, 11, 59, tzinfo=UTC), pl.Datetime("us", "UTC"), False),
        (datetime(2026, 3, 9, 7, tzinfo=UTC), pl.Datetime("us", "America/Lima"), False),
        (None, pl.Date(), False),
    ],
)
def test_the_newest_day_or_time_is_one_of_the_project(
    newest: Any, dtype: Any, is_met: bool
) -> None:
    expectation = Newest("x", max_age=timedelta(days=1))
    facts = facts_of([newest, None], dtype, expectation)

    with (
        patch("django.utils.timezone.now", lambda: NOON),
        timezone.override(ZoneInfo("Europe/Berlin")),
    ):
        assert verdict_on(expectation, facts).is_met is is_met


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Rows, "rows: state at_least, at_most or change."),
        (
            lambda: Rows(at_least="5%"),
            "rows: at_least and at_most are numbers here; only change may be a share.",
        ),
        (lambda: Rows(at_least=-1), f"rows: at_least=-1 {WHOLE}"),
        (lambda: Rows(at_least=1.5), f"rows: at_least=1.5 {WHOLE}"),
        (lambda: Rows(at_least=True), f"rows: at_least=True {WHOLE}"),
        (lambda: Rows(change="20"), f"rows: change='20' {WHOLE}"),
        (lambda: Rows(at_least=2, at_most=1), "rows: at_least is more than at_most."),
        (
            lambda: Sum("x", at_most=float("nan")),
            'sum:x: at_most=nan is neither a number nor a share such as "5%".',
        ),
        (lambda: Sum("x", change=-1), "sum:x: change is less than 0."),
        (
            lambda: Distinct("x", at_most=2_000_000),
            "distinct:x: no more than 1,000,000 distinct values are counted.",
        ),
        (
            lambda: Newest("x", 7),  # type: ignore[arg-type]
            "newest:x: max_age=7 is not a timedelta from 0 to 365,000 days.",
        ),
    ],
)
def test_limits_that_cannot_work_are_refused_where_they_are_stated(
    make: Any, message: str
) -> None:
    with pytest.raises(ConfigurationError) as error:
        make()

    assert str(error.value) == f"get_expectations, {message}"
