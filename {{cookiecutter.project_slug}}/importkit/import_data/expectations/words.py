"""Expectations: what a run says of them, on screen and in its report."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from importkit.cleaning import Value
from importkit.import_data.expectations.judging import Verdict, recorded
from importkit.problems import Cause, Code


def describe(verdict: Verdict) -> str:
    """Return an expectation with its number, limits and last number, on one line."""
    if verdict.found.unknown:
        return f"{verdict.name}: {verdict.unknown}"
    more = "more than " if verdict.found.is_more else ""
    number = f"{verdict.name}: {more}{_shown(verdict.found.value)}"
    expected = f", expected {limits}" if (limits := _limits(verdict)) else ""
    last = (
        f"{verdict.last_run} had {_shown(verdict.last)}"
        if verdict.last is not None
        else ""
    )
    reasons = "; ".join(filter(None, [verdict.share, last, verdict.unknown]))
    return f"{number}{expected}" + (f" ({reasons})" if reasons else "")


def describe_broken(verdicts: Sequence[Verdict]) -> str:
    """Return why a run ends, with all expectations that are not met."""
    broken = [f"  {describe(each)}" for each in verdicts if each.is_broken]
    names = " ".join(f"--accept {each.name}" for each in verdicts if each.is_broken)
    return "\n".join(
        [
            f"The file as a whole is not as get_expectations says [{Code.IMPLAUSIBLE}]:",
            *broken,
            f"    {Code.IMPLAUSIBLE.remedy}",
            f"    If it is right all the same, import it with {names}.",
        ]
    )


def causes_of(verdicts: Sequence[Verdict]) -> list[Cause]:
    """Return each expectation that is not met as a cause, which has no rows."""
    code = Code.IMPLAUSIBLE
    return [
        Cause("", code, describe(each), 0, [], [], code.for_sender)
        for each in verdicts
        if each.is_broken
    ]


def reported(verdict: Verdict) -> dict[str, Any]:
    """Return an expectation as the report has it."""
    return {
        "name": verdict.name,
        "value": None if verdict.found.is_more else recorded(verdict.found.value),
        "at_least": _recorded(verdict.at_least),
        "at_most": _recorded(verdict.at_most),
        "last": _recorded(verdict.last),
        "accepted": verdict.accepted,
        "is_met": verdict.is_met,
    }


def _recorded(value: Decimal | date | None) -> int | float | str | None:
    """Return a limit, or the number of the last run, as JSON has it."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return recorded(value)


def _limits(verdict: Verdict) -> str:
    low, high = verdict.at_least, verdict.at_most
    if isinstance(low, date):
        return f"{low} or later"
    if low is None or high is None:
        limits = {"at least": low, "at most": high}
        return "".join(f"{k} {_shown(v)}" for k, v in limits.items() if v is not None)
    if low == high:
        return _shown(low)
    # A fixed limit may contradict the last run.
    both = "{} to {}" if low < high else "at least {} and at most {}"
    return both.format(_shown(low), _shown(high))


def _shown(value: Value) -> str:
    if value is None:
        return "no value"
    if isinstance(value, date):
        return str(value)
    if not isinstance(value, Decimal):
        return f"{value:,}"
    whole, _, decimals = f"{value:,f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
