"""Expectations: each one is compared with what a run has found."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING

from django.utils import timezone

from importkit.cleaning import Value
from importkit.import_data.expectations.amounts import (
    Limit,
    exact,
    nearest_whole,
    whole_down,
    whole_up,
)
from importkit.import_data.expectations.kinds import (
    Bounded,
    Changed,
    Expectation,
    Facts,
    Found,
    Missing,
    New,
    Newest,
    Rejected,
    Rows,
)

if TYPE_CHECKING:
    from importkit.import_data.watching import LastRun

DIGITS = 200  # More than any product of a sum and a share has.
# What each run has on record, so that an expectation that is new can be compared at once.
ALWAYS = (
    Rows(at_least=0),
    Rejected(at_least=0),
    New(at_least=0),
    Changed(at_least=0),
    Missing(at_least=0),
)
NO_LAST_RUN = "no earlier run is on record"

# A number as JSON has it: exact, so that decimals, days and times are texts.
type Recorded = int | float | str
type FindLastRun = Callable[[], LastRun | None]


@dataclass(frozen=True)
class Verdict:
    """An expectation in one run.

    Attributes:
        name: The name of the expectation.
        found: The number.
        at_least: The lowest number that is expected, if there is one.
        at_most: The highest, if there is one.
        share: What the limits are shares of, if they are.
        last: The number of the last run, if the expectation asks for it.
        last_run: The name of that run.
        unknown: Why nobody can tell whether the number is as expected; empty if one can.
        is_met: Whether the number is as expected; None if nobody can tell.
        accepted: Whether the run goes on all the same.
    """

    name: str
    found: Found
    at_least: Decimal | date | None = None
    at_most: Decimal | None = None
    share: str = ""
    last: Decimal | None = None
    last_run: str = ""
    unknown: str = ""
    is_met: bool | None = None
    accepted: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether the run must not go on."""
        return self.is_met is False and not self.accepted


def judge(
    expectations: Sequence[Expectation],
    facts: Facts,
    find_last_run: FindLastRun,
    accepted: Collection[str] = (),
) -> list[Verdict]:
    """Return the verdict on each expectation.

    Args:
        expectations: What the command expects.
        facts: What the run has found.
        find_last_run: Returns the last run; called once, if an expectation asks for it.
        accepted: The names of the expectations that need not be met.
    """
    last_run = cache(find_last_run)
    with localcontext(prec=DIGITS):
        verdicts = [_judged(each, each.find(facts), last_run) for each in expectations]
    return [replace(each, accepted=each.name in accepted) for each in verdicts]


def numbers_of(
    expectations: Sequence[Expectation], facts: Facts
) -> dict[str, Recorded]:
    """Return what is kept of a run, by the names of expectations, for later runs."""
    found = {each.name: each.find(facts) for each in (*ALWAYS, *expectations)}
    return {
        name: number
        for name, each in found.items()
        if not each.is_more and (number := recorded(each.value)) is not None
    }


def recorded(value: Value) -> Recorded | None:
    """Return a number as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, float) and not exact(value).is_finite():
        return str(value)
    return value


def _judged(expected: Expectation, found: Found, last_run: FindLastRun) -> Verdict:
    if found.unknown:
        return Verdict(expected.name, found, unknown=found.unknown)
    if isinstance(expected, Newest):
        return _of_age(expected, found)
    if isinstance(expected, Bounded):
        return _of_number(expected, found, last_run)
    raise NotImplementedError


def _of_number(expected: Bounded, found: Found, find_last_run: FindLastRun) -> Verdict:
    verdict = Verdict(expected.name, found, share=_share(expected, found))
    lows, highs = _fixed(expected, found)
    if change := expected.limit("change"):
        run = find_last_run()
        last = _number(run.numbers.get(expected.name)) if run else None
        verdict = replace(verdict, last=last, last_run=run.name if run else "")
        if last is None:
            unknown = f"{run.name} has no such number" if run else NO_LAST_RUN
            verdict = replace(verdict, unknown=unknown)
        else:
            low, high = _around(last, change, is_count=expected.is_count)
            lows, highs = [*lows, low], [*highs, high]
    at_least, at_most = max(lows, default=None), min(highs, default=None)
    is_met: bool | None = _is_between(found, at_least, at_most)
    if is_met and verdict.unknown:
        is_met = None  # What is fixed can be broken all the same.
    return replace(verdict, at_least=at_least, at_most=at_most, is_met=is_met)


def _fixed(expected: Bounded, found: Found) -> tuple[list[Decimal], list[Decimal]]:
    """Return the lowest and the highest number that the class states itself."""
    whole = Decimal(found.whole)
    at_least, at_most = expected.limit("at_least"), expected.limit("at_most")
    lows = [at_least.of(whole)] if at_least else []
    highs = [at_most.of(whole)] if at_most else []
    if not expected.is_count:
        return lows, highs
    return list(map(whole_up, lows)), list(map(whole_down, highs))


def _around(last: Decimal, change: Limit, *, is_count: bool) -> tuple[Decimal, Decimal]:
    """Return the lowest and the highest number that a change allows."""
    room = change.of(abs(last))
    low, high = last - room, last + room
    if not is_count:
        return low, high
    return max(nearest_whole(low), Decimal(0)), nearest_whole(high)


def _share(expected: Bounded, found: Found) -> str:
    limits = (expected.limit("at_least"), expected.limit("at_most"))
    shares = [str(limit) for limit in limits if limit and limit.is_share]
    return f"{' to '.join(shares)} of {found.whole:,} {found.rows}" if shares else ""


def _is_between(found: Found, low: Decimal | None, high: Decimal | None) -> bool:
    number = _number(recorded(found.value))
    if number is None or (low is not None and number < low):
        return False
    return high is None or (number <= high and not found.is_more)


def _number(value: Recorded | None) -> Decimal | None:
    """Return a number that is on record; None for what is not a number."""
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _of_age(expected: Newest, found: Found) -> Verdict:
    newest = found.value
    oldest = timezone.now() - expected.max_age
    if timezone.is_aware(oldest):
        oldest = timezone.localtime(oldest)
    limit: date = oldest.date()
    if isinstance(newest, datetime):
        # A time without a zone is one of the project's.
        is_local = timezone.is_naive(newest)
        limit = oldest.replace(tzinfo=None) if is_local else oldest.astimezone()
    is_met = isinstance(newest, date) and newest >= limit
    return Verdict(expected.name, found, at_least=limit, is_met=is_met)
