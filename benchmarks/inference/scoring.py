"""What a wrong type costs: nothing, convenience, or values."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum

from benchmarks.inference.answers import Answer

INTEGER = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
ZERO = re.compile(r"[+-]?0\d")
BOOLEAN = re.compile(r"(?i)true|false|t|f|yes|no|y|n|0|1")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{1,2}:\d{2}.*)?")
LARGEST = 2**63 - 1
# Where fewer values obey their own declaration, nobody can be right.
MOST = 0.98
TEXTS = frozenset({"string", "uuid", "url", "email", "ip", "json", "duration"})
NUMBERS = frozenset({"integer", "number", "year"})


class Outcome(StrEnum):
    """What a tool made of a column."""

    EXACT = "exact"
    LOSSLESS = "lossless"
    STRING = "string"
    OPEN = "open"
    HARM = "HARM"
    FAILED = "failed"


type Score = Counter[Outcome]


def score(columns: tuple[Answer, ...], types: Mapping[str, str] | None) -> Score:
    """Count the outcomes of one file; None is a tool that failed on it."""
    counted: Score = Counter()
    for column in columns:
        if not is_scored(column):
            continue
        if types is None:
            counted[Outcome.FAILED] += 1
        else:
            counted[outcome(column, types.get(column.header, "null"))] += 1
    return counted


def is_scored(column: Answer) -> bool:
    """Say whether a column holds something, and what it is declared to hold."""
    if not column.values:
        return False
    patterns = {
        **dict.fromkeys(("integer", "year"), INTEGER),
        **{"number": NUMBER, "boolean": BOOLEAN, "date": MOMENT, "datetime": MOMENT},
    }
    if pattern := patterns.get(column.declared):
        return _share(column, pattern) >= MOST
    return column.declared in {"string", "uuid", "time"}


def outcome(column: Answer, found: str) -> Outcome:
    """Judge the type that a tool found for a column.

    A type is lossless if it keeps each value, and open if the declaration says text but
    no value does; it does harm if values would change or be refused.
    """
    if column.declared in {"string", "uuid"}:
        return _of_text(column, found)
    if found == column.declared or {found, column.declared} == {"integer", "year"}:
        return Outcome.EXACT
    if found in TEXTS:
        return Outcome.STRING
    keeps = _keeps(column).get(found)
    return Outcome.LOSSLESS if keeps and keeps() else Outcome.HARM


def _of_text(column: Answer, found: str) -> Outcome:
    if found in TEXTS:
        return Outcome.EXACT
    if found in NUMBERS:
        pattern = NUMBER if found == "number" else INTEGER
        fits = _share(column, pattern) == 1 and not any(map(_changes, column.values))
        return Outcome.OPEN if fits else Outcome.HARM
    is_day = found in {"date", "datetime"} and any(map(_changes, column.values))
    return Outcome.HARM if is_day or found == "null" else Outcome.OPEN


def _keeps(column: Answer) -> Mapping[str, Callable[[], bool]]:
    """Return the other types that may keep the values of a column."""

    def are(pattern: re.Pattern[str]) -> Callable[[], bool]:
        return lambda: _share(column, pattern) >= MOST

    if column.declared in NUMBERS:
        whole = {"number": lambda: True} if column.declared != "number" else {}
        return {"integer": are(INTEGER), "boolean": are(BOOLEAN), **whole}
    return {
        "boolean": {"integer": are(INTEGER), "number": are(INTEGER)},
        "date": {"datetime": lambda: True},
        "datetime": {"date": are(DATE)},
    }.get(column.declared, {})


def _share(column: Answer, pattern: re.Pattern[str]) -> float:
    fits = sum(pattern.fullmatch(value) is not None for value in column.values)
    return fits / len(column.values)


def _changes(value: str) -> bool:
    """Say whether a number would not be written as it stands."""
    if ZERO.match(value):
        return True
    return INTEGER.fullmatch(value) is not None and abs(int(value)) > LARGEST
