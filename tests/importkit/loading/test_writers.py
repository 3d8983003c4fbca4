"""All writers leave the same table and report the same outcome."""

import datetime
from contextlib import nullcontext
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from django.db import transaction
from django.db.models import Model
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from importkit.loading.plan import Loaded, Mode, RunOptions
from importkit.loading.run import load
from tests.importkit.shop.models import Everything

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=1)
NASTY = [
    "",
    " ",
    '"',
    '""',
    "'",
    ",",
    "a,b",
    "\n",
    "a\nb",
    "\r",
    "a\rb",
    "\r\n",
    "\t",
    "\\",
    "\\N",
    "\\.",
    "\\n",
    "NULL",
    "null",
    "é",
    "e\u0301",
    "\U0001f600",
    "\u202e",
    "\ufeff",
    "\x1f",
    "\x7f",
    "%s",
    "a' OR ''='",
]
MOMENTS = (datetime.datetime(1900, 1, 1), datetime.datetime(2200, 1, 1))
DAYS = (datetime.date(1, 1, 1), datetime.date(9999, 12, 31))


def texts(longest: int) -> st.SearchStrategy[str]:
    # PostgreSQL takes no NUL character, and polars no half of a surrogate pair.
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.sampled_from(NASTY) | st.text(alphabet, max_size=longest)


def integers(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def decimals() -> st.SearchStrategy[Decimal]:
    return st.integers(-(10**12) + 1, 10**12 - 1).map(lambda n: Decimal(n).scaleb(-3))


DOCUMENTS = st.fixed_dictionaries(
    {"a": st.none() | integers(40), "b": st.lists(texts(5), max_size=2)}
)
# For each column its type, its values, and whether it may be null.
COLUMNS: dict[str, tuple[Any, st.SearchStrategy[Any], bool]] = {
    "char": (pl.String, texts(60), True),
    "words": (pl.String, texts(100), False),
    "slug": (pl.String, st.from_regex(r"[a-z0-9-]{0,10}", fullmatch=True), False),
    "url": (pl.String, st.sampled_from(["https://example.org/?a=1,2", ""]), False),
    "ip": (pl.String, st.ip_addresses().map(str), True),
    "size": (pl.String, st.sampled_from(["s", "l"]), False),
    "decimal": (pl.Decimal(12, 3), decimals(), True),
    "whole": (pl.Int64, integers(32), True),
    "small": (pl.Int16, integers(16), True),
    "big": (pl.Int64, integers(64), True),
    "positive": (pl.UInt32, st.integers(0, 2**31 - 1), False),
    "real": (pl.Float64, st.floats(allow_nan=False, allow_infinity=False), True),
    "flag": (pl.Boolean, st.booleans(), False),
    "maybe": (pl.Boolean, st.booleans(), True),
    "day": (pl.Date, st.dates(*DAYS), True),
    "moment": (
        pl.Datetime("us", "UTC"),
        st.datetimes(*MOMENTS, timezones=st.just(datetime.UTC)),
        True,
    ),
    "time": (pl.Time, st.times(), True),
    "lasting": (
        pl.Duration("us"),
        st.timedeltas(datetime.timedelta(-9999), datetime.timedelta(9999)),
        True,
    ),
    "token": (pl.String, st.uuids().map(str), True),
    "data": (
        pl.Struct({"a": pl.Int64, "b": pl.List(pl.String)}),
        DOCUMENTS,
        True,
    ),
    "raw": (pl.Binary, st.binary(max_size=20), True),
    "made": (pl.String, texts(10), False),
    "from_database": (pl.Int32, integers(32), False),
}


@st.composite
def frames(draw: st.DrawFn) -> list[pl.DataFrame]:
    """Draw two frames with the same columns; the second has some keys of the first."""
    names = draw(st.lists(st.sampled_from(list(COLUMNS)), unique=True, max_size=8))
    schema = {"code": pl.String, **{name: COLUMNS[name][0] for name in names}}
    cells = {
        name: st.none() | values if may_be_null else values
        for name, (_, values, may_be_null) in COLUMNS.items()
        if name in names
    }
    row = st.fixed_dictionaries(cells)
    first = draw(st.dictionaries(texts(20).filter(bool), row, max_size=6))
    second = draw(st.dictionaries(texts(20).filter(bool), row, max_size=3))
    kept = draw(st.lists(st.sampled_from(sorted(first)), unique=True)) if first else []
    for code in kept:
        changed = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
        second[code] = first[code] | {name: draw(cells[name]) for name in changed}
    return [
        pl.DataFrame([{"code": code, **row} for code, row in rows.items()], schema)
        for rows in (first, second)
    ]


def contents() -> list[dict[str, Any]]:
    """Return the rows of the table without their keys, as Django reads them."""
    rows: list[dict[str, Any]] = [
        dict(row) for row in Everything.objects.order_by("code").values()
    ]
    for row in rows:
        del row["id"]
        row["raw"] = None if row["raw"] is None else bytes(row["raw"])
    return rows


def written(
    frames: list[pl.DataFrame], mode: Mode, step: int | None, *, by_django: bool
) -> list[Any]:
    """Write frames one after the other; return the outcome and the table each time."""
    keys: dict[type[Model], tuple[str, ...]] = {Everything: ("code",)}
    force = patch("importkit.loading.run.reason_for_orm", lambda _target: "so it is")
    found: list[Any] = []
    with transaction.atomic(), force if by_django else nullcontext():
        for df, now in zip(frames, (NOW, LATER), strict=False):
            for dry_run in (True, False):
                rules = RunOptions(mode=mode, keys=keys, step=step, dry_run=dry_run)
                with patch("django.utils.timezone.now", lambda now=now: now):
                    [done] = load({Everything: df}, rules).values()
                found += [said(done), contents()]
        transaction.set_rollback(True)
    return found


def said(done: Loaded) -> dict[str, Any]:
    outcome = done.outcome
    return {
        "numbers": (outcome.new, outcome.changed, outcome.unchanged, outcome.missing),
        "fields": dict(outcome.changed_by_field),
        "examples": [
            (change.key, change.field, shown(change.old), shown(change.new))
            for change in outcome.examples
        ],
        "missing": len(done.missing),
    }


def shown(value: Any) -> str | None:
    return None if value is None else str(value)


# Shrinking an example takes minutes, and a failing example is small enough.
PHASES = [phase for phase in Phase if phase is not Phase.shrink]
STEPS = st.sampled_from([None, 1, 2])


@pytest.mark.only_on("sqlite", "postgresql")  # MariaDB has no loader.
@settings(max_examples=30, phases=PHASES)
@given(frames(), STEPS)
def test_inserts_are_alike_whoever_writes_them(
    drawn: list[pl.DataFrame], step: int | None
) -> None:
    fast = written(drawn[:1], Mode.INSERT, step, by_django=False)

    assert fast == written(drawn[:1], Mode.INSERT, step, by_django=True)
    assert fast[1] == []
    assert fast[0] == fast[2]
    assert len(fast[3]) == drawn[0].height


@pytest.mark.only_on("sqlite", "postgresql")  # MariaDB has no loader.
@settings(max_examples=30, phases=PHASES)
@given(frames(), STEPS, st.sampled_from([Mode.UPSERT, Mode.UPDATE, Mode.SYNC]))
def test_merges_are_alike_whoever_writes_them(
    drawn: list[pl.DataFrame], step: int | None, mode: Mode
) -> None:
    with transaction.atomic():
        start = RunOptions(mode=Mode.INSERT)
        with patch("django.utils.timezone.now", lambda: NOW):
            load({Everything: drawn[0]}, start)
        again = [drawn[0], drawn[1]]
        fast = written(again, mode, step, by_django=False)
        slow = written(again, mode, step, by_django=True)
        transaction.set_rollback(True)

    assert fast == slow
    same, planned, real = fast[2], fast[4], fast[6]
    assert same["numbers"][:3] == (0, 0, drawn[0].height)
    assert planned == real
    assert fast[5] == fast[3]
