"""A dry run names the rows and the numbers of the run, whatever the table demands."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from importkit.loading import Bulk
from importkit.source import read_csv
from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import (
    Deferred,
    Nulls,
    Offer,
    Position,
    Product,
    Seat,
    Strict,
)

pytestmark = pytest.mark.django_db

# Thousands by hand: IMPORTKIT_CASES=2000 uv run pytest tests/importkit/loading/test_dry_and_real.py
CASES = int(os.environ.get("IMPORTKIT_CASES", "6"))
SKIP = ("--on-error", "skip")

type Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A model, its natural key, and how a random row of it looks."""

    model: type[Model]
    key: tuple[str, ...]
    types: dict[str, Any]
    row: Callable[[Random], Row]


def code(random: Random) -> str:
    return random.choice("abcdefgh")


def maybe(random: Random, value: Any) -> Any:
    return random.choice([None, value, value])


TABLES = {
    "position": Table(
        Position,
        ("code",),
        {
            "code": pl.String,
            "place": pl.Int32,
            "label": pl.String,
            "day": pl.Date,
            "price": pl.Decimal(6, 2),
        },
        lambda random: {
            "code": code(random),
            "place": random.randrange(8),
            "label": maybe(random, code(random)),
            "day": maybe(random, date(2024, 1, 1) + timedelta(random.randrange(9))),
            "price": maybe(random, Decimal(random.randrange(9))),
        },
    ),
    "strict": Table(
        Strict,
        ("code",),
        {
            "code": pl.String,
            "name": pl.String,
            "group": pl.String,
            "number": pl.Int32,
            "low": pl.Int32,
            "state": pl.String,
        },
        lambda random: {
            "code": code(random),
            "name": random.choice(["n", "N", "m", "p", "q", "r", "s", "xa"]),
            "group": maybe(random, code(random)),
            "number": maybe(random, random.randrange(6)),
            "low": random.choice([1, 2, 3, 4, 5, 60]),
            "state": random.choice(["open", "shut"]),
        },
    ),
    "nulls": Table(
        Nulls,
        ("code",),
        {"code": pl.String, "a": pl.Int32, "b": pl.Int32},
        lambda random: {
            "code": code(random),
            "a": maybe(random, random.randrange(3)),
            "b": maybe(random, random.randrange(2)),
        },
    ),
    "deferred": Table(
        Deferred,
        ("code",),
        {"code": pl.String, "place": pl.Int32},
        lambda random: {"code": code(random), "place": random.randrange(8)},
    ),
    "seat": Table(
        Seat,
        ("hall", "number"),
        {"hall": pl.String, "number": pl.Int32, "guest": pl.String},
        lambda random: {
            "hall": random.choice("ab"),
            "number": random.randrange(4),
            "guest": code(random),
        },
    ),
    "offer": Table(
        Offer,
        ("number",),
        {"number": pl.String, "shop": pl.String, "place": pl.Int32, "kind": pl.String},
        lambda random: {
            "number": code(random),
            "shop": random.choice("stx"),
            "place": maybe(random, random.randrange(4)),
            "kind": random.choice(["only", "plain"]),
        },
    ),
}


class FromFile(Import):
    """An import of frames that have the lines of a file."""

    path: Path

    def handle_import(self) -> pl.DataFrame:
        """Read the file, so that the run knows where its lines come from."""
        return read_csv(self.path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "source.csv"
    path.write_text("nothing\n" + "1\n" * 40)
    return path


class _UndoError(Exception):
    """Rolls a run back."""


def outcome(table: Table, df: Bulk, keys: Keys, path: Path, *flags: str) -> Any:
    """Return the problems and the numbers of a run, which is undone."""
    command = FromFile({table.model: df}, keys)
    command.path = path
    with suppress(_UndoError), transaction.atomic():
        with suppress(CommandError):
            run(command, *flags, "--yes")
        raise _UndoError
    state = command._run
    assert state is not None
    numbers = [
        (
            done.outcome.new,
            done.outcome.changed,
            done.outcome.unchanged,
            done.outcome.lost,
        )
        for done in state.loaded.values()
    ]
    found = state.found.sort(pl.all(), nulls_last=True).rows()
    return found, numbers, state.is_rejected


def stored(table: Table, random: Random) -> None:
    """Fill the table with some random rows, as far as it takes them."""
    for _ in range(random.randrange(7)):
        with suppress(IntegrityError), transaction.atomic():
            table.model(**table.row(random)).save(force_insert=True)
            if connection.vendor != "mysql":  # It defers nothing, and asks each table.
                connection.check_constraints()


def lines(
    rows: list[Row], types: dict[str, Any], random: Random | None = None
) -> pl.DataFrame:
    """Return rows with lines that follow each other, or with gaps between them."""
    df = pl.DataFrame(rows, schema=types, orient="row")
    numbers = list(range(2, df.height + 2))
    if random and random.random() < 0.3:
        numbers = sorted(random.sample(range(2, 41), df.height))
    return df.with_columns(pl.Series("_line", numbers, dtype=pl.Int64))


def check(table: Table, seed: int, path: Path, *, as_instances: bool = False) -> None:
    random = Random(seed)  # noqa: S311  not for secrets
    with suppress(_UndoError), transaction.atomic():
        stored(table, random)
        rows = [table.row(random) for _ in range(random.randrange(1, 9))]
        is_insert = random.random() < 0.2
        keys: Keys = {} if is_insert else {table.model: table.key}
        flags = [
            *random.choice([(), ("--batch_size", "1"), ("--batch_size", "3")]),
            *random.choice([(), SKIP]),
            *(() if is_insert else random.choice([(), (), ("--mode", "update")])),
        ]
        df = lines(rows, table.types, random)
        before = list(table.model.objects.values())  # type: ignore[attr-defined]
        flags = [flag for flag in flags if not (as_instances and flag in SKIP)]
        planned, done = (
            outcome(
                table,
                [table.model(**row) for row in rows] if as_instances else df,
                keys,
                path,
                *flags,
                *dry,
            )
            for dry in (["--dry_run"], [])
        )
        assert done == planned, (flags, is_insert, before, rows)
        raise _UndoError


@pytest.mark.usefixtures("_writer")
@pytest.mark.parametrize("name", TABLES)
def test_a_dry_run_says_what_the_run_does(name: str, file: Path) -> None:
    for seed in range(CASES):
        check(TABLES[name], seed, file)


@pytest.mark.parametrize("name", TABLES)
def test_a_dry_run_says_what_the_run_does_with_instances(name: str, file: Path) -> None:
    for seed in range(CASES):
        check(TABLES[name], seed, file, as_instances=True)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("keys", [{}, {Product: ("sku",)}])
@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("ALTER sku TYPE varchar(2)", "too long for type character varying(2)"),
        ("ALTER price TYPE numeric(3, 1)", "numeric field overflow"),
        ("ADD CHECK (price < 500)", "violates check constraint"),
        ("ADD UNIQUE (price)", "as in an earlier row"),
    ],
)
def test_a_dry_run_into_an_empty_table_names_what_only_the_database_refuses(
    keys: Keys, change: str, wrong: str, file: Path
) -> None:
    rows: list[Row] = [
        {"sku": "a", "price": Decimal(1)},
        {"sku": "b", "price": Decimal(2)},
        {"sku": "long", "price": Decimal(900)},
        {"sku": "c", "price": Decimal(1)},
    ]
    types = {"sku": pl.String, "price": pl.Decimal(8, 2)}
    table = Table(Product, ("sku",), types, lambda _: {})
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE shop_product {change}")

    planned = outcome(table, lines(rows, types), keys, file, *SKIP, "--dry_run")

    assert wrong in str(planned[0])
    assert planned[1] == [(3, 0, 0, 0)]
    assert outcome(table, lines(rows, types), keys, file, *SKIP) == planned
