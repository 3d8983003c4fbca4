"""Whatever a run writes and people change since: undoing gives back what nobody has changed."""

import datetime
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importruns.undoing import UndoneTable
from tests.importkit.shop.models import Everything
from tests.importruns.undoing.noting import Row, noted, rows_of, undone

type Rows = dict[str, Row]

pytestmark = pytest.mark.django_db

DELETE = ("--mode", "sync", "--delete", "--yes", "--max-delete", "100%")
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text)
KINDS: Mapping[str, tuple[Any, pl.DataType]] = {
    "char": (TEXT, pl.String()),
    "decimal": (
        st.decimals(-999, 999, places=3, allow_nan=False),
        pl.Decimal(12, 3),
    ),
    "big": (st.integers(-(2**63), 2**63 - 1), pl.Int64()),
    "real": (st.floats(allow_nan=False, allow_infinity=False), pl.Float64()),
    "maybe": (st.booleans(), pl.Boolean()),
    "day": (st.dates(datetime.date(1, 1, 1)), pl.Date()),
    "moment": (
        st.datetimes(
            datetime.datetime(1900, 1, 1),
            datetime.datetime(2200, 1, 1),
            timezones=st.just(datetime.UTC),
        ),
        pl.Datetime("us", "UTC"),
    ),
    "time": (st.times(), pl.Time()),
    "lasting": (
        st.timedeltas(datetime.timedelta(-9999), datetime.timedelta(9999)),
        pl.Duration("us"),
    ),
    "token": (st.uuids().map(str), pl.String()),
    "raw": (st.binary(min_size=1, max_size=9), pl.Binary()),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2)
    ),
    max_leaves=4,
)
VALUES = {name: st.none() | kind for name, (kind, _) in KINDS.items()} | {"data": JSON}
CODES = st.sampled_from([*"abcdefgh", "it's", '"q"', "ü\\"])
ROW = st.fixed_dictionaries({}, optional=VALUES)
TABLE = st.dictionaries(CODES, ROW, max_size=6)
EDIT = st.one_of(st.just("delete"), st.fixed_dictionaries({}, optional=VALUES))


@st.composite
def files(draw: st.DrawFn) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """Return some columns, and rows that have all of them."""
    names = draw(st.lists(st.sampled_from(sorted(KINDS)), unique=True, max_size=5))
    row = st.fixed_dictionaries({name: VALUES[name] for name in names})
    return names, draw(st.dictionaries(CODES, row, min_size=1, max_size=7))


def now() -> Rows:
    """Return the rows of the table, by their keys."""
    return {row["id"]: row for row in rows_of(Everything)[Everything]}


def expected(before: Rows, written: Rows, edited: Rows) -> Rows:
    """Return what the table is to hold: each row by itself, in plain Python."""
    wanted = dict(edited)
    for key in before.keys() | written.keys():
        old, new, last = before.get(key), written.get(key), edited.get(key)
        if old == new:
            continue
        if old is None and last == new:
            wanted.pop(key, None)
        elif old is not None and new is not None and last is not None:
            # The database computes this column by itself.
            changed = {name for name in old if old[name] != new[name]} - {"next_small"}
            if all(last[name] == new[name] for name in changed):
                wanted[key] = last | {name: old[name] for name in changed}
    taken = {row["code"] for row in wanted.values()}
    gone = before.keys() - written.keys()
    back = {key: before[key] for key in gone if before[key]["code"] not in taken}
    return wanted | back


def edit(edits: Mapping[str, Any]) -> None:
    """Do what people do: delete, change and create rows."""
    for code, what in edits.items():
        rows = Everything.objects.filter(code=code)
        if what == "delete":
            rows.delete()
        elif not rows.exists():
            Everything.objects.create(code=code, **what)
        elif what:
            rows.update(**what)


def touched(told: UndoneTable) -> int:
    done = told.taken_back + told.restored + told.put_back
    return done + sum(told.kept.values())


@given(
    table=TABLE,
    file=files(),
    edits=st.dictionaries(CODES, EDIT, max_size=5),
    flags=st.sampled_from([(), DELETE, ("--mode", "update")]),
    as_instances=st.booleans(),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undone_and_kept_rows_are_those_that_the_run_has_touched(
    table: dict[str, dict[str, Any]],
    file: tuple[list[str], dict[str, dict[str, Any]]],
    edits: dict[str, Any],
    flags: tuple[str, ...],
    *,
    as_instances: bool,
) -> None:
    with transaction.atomic():
        Everything.objects.bulk_create(
            Everything(code=code, **row) for code, row in table.items()
        )
        before = now()
        names, rows = file
        bulk: Any = [Everything(code=code, **row) for code, row in rows.items()]
        if not as_instances:
            data = [{"code": code, **row} for code, row in rows.items()]
            schema = {"code": pl.String(), **{name: KINDS[name][1] for name in names}}
            bulk = pl.DataFrame(data, schema)
        number = noted({Everything: bulk}, {Everything: ("code",)}, *flags)
        written = now()
        edit(edits)
        edited = now()
        differing = {
            key
            for key in before.keys() | written.keys()
            if before.get(key) != written.get(key)
        }
        if differing:
            told = undone(number)["shop.Everything"]
            assert touched(told) == len(differing)

            assert now() == expected(before, written, edited)
        transaction.set_rollback(True)
