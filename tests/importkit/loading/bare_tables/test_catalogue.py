"""What is dropped from a table is built again as it was, whatever it is."""

from collections.abc import Iterator
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction

from importkit.loading.writers.databases.bare_tables import BareTable
from importkit.loading.writers.databases.postgres import PostgresLoader
from tests.importkit.faults import statements
from tests.importkit.loading.bare_tables.kinds import (
    AFTER,
    ALONE,
    BEFORE,
    KEEP_AN_INDEX,
    KINDS,
    ROWS,
    STAY,
    table,
)
from tests.importkit.loading.bare_tables.snapshots import Snapshot, execute, snapshot
from tests.importkit.shop.models import Product

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql"),
]

SCHEMA = "bare"
MIXES = 40


def mixed(chance: Random) -> list[str]:
    """Return kinds that one table can have together."""
    kinds = chance.sample(sorted(KINDS), chance.randint(2, 12))
    for among in ALONE:
        several = [kind for kind in kinds if kind in among]
        kinds = [kind for kind in kinds if kind not in several[1:]]
    return kinds


COMBINATIONS = [[kind] for kind in KINDS] + [
    mixed(Random(seed))  # noqa: S311  to be repeated, not to be secret
    for seed in range(MIXES)
]


@pytest.fixture(autouse=True)
def _schema() -> Iterator[None]:
    execute(*BEFORE)
    yield
    execute(
        f"DROP PUBLICATION IF EXISTS published_{SCHEMA}",
        f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE",
        *AFTER,
    )


def made(kinds: list[str]) -> tuple[str, Snapshot]:
    """Make a table; return its quoted name, and what it is."""
    name, sql = table(SCHEMA, kinds)
    execute(*sql)
    return name, snapshot(name)


def fill(name: str, *, parents_too: bool = False) -> tuple[str, Snapshot]:
    """Fill a table without its indexes; return why not, and what it was meanwhile."""
    bare = BareTable(PostgresLoader("default", Product), "default", name)
    with transaction.atomic():
        if parents_too:
            execute(f"LOCK TABLE {SCHEMA}.parents IN ACCESS EXCLUSIVE MODE")
        reason = bare.strip()
        meanwhile = snapshot(name)
        execute(ROWS.format(t=name))
        if not reason:
            bare.build()
    return reason, meanwhile


def count(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {name}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("kinds", COMBINATIONS, ids=", ".join)
def test_a_filled_table_is_as_before(kinds: list[str]) -> None:
    name, before = made(kinds)

    reason, meanwhile = fill(name)

    assert snapshot(name) == before
    assert count(name) == 50
    if set(kinds) <= STAY:
        assert reason == "nothing of its table can be dropped"
        assert meanwhile == before
    else:
        assert reason == ""
        stay = [kind for kind in kinds if kind in KEEP_AN_INDEX]
        assert len(meanwhile["indexes"]) == len(stay)


@pytest.mark.parametrize("kinds", [["foreign key"], ["foreign keys that do more"]])
def test_foreign_keys_are_dropped_only_where_no_reader_waits_for_it(
    kinds: list[str],
) -> None:
    name, before = made([*kinds, "unique"])
    number = len(before["constraints"])

    _, meanwhile = fill(name)
    assert len(meanwhile["constraints"]) == number - 1

    execute(f"TRUNCATE {name}")
    _, meanwhile = fill(name, parents_too=True)
    # The unique key and one foreign key; of a key that is not valid nothing is known.
    assert len(meanwhile["constraints"]) == number - 2
    assert snapshot(name) == before


@pytest.mark.parametrize("kind", ["others refer to it", "a view rests on its key"])
def test_what_others_rest_on_stays(kind: str) -> None:
    name, before = made([kind, "unique"])

    reason, meanwhile = fill(name)

    assert not reason
    assert len(meanwhile["indexes"]) == 1
    assert snapshot(name) == before


def test_a_key_that_is_checked_at_the_end_is_so_after_it_too() -> None:
    name, _ = made(["foreign key", "unique"])
    orphan = f"INSERT INTO {name} (code, parent) VALUES ('orphan', 7)"

    with transaction.atomic():
        fill(name)
        execute(orphan, f"INSERT INTO {SCHEMA}.parents VALUES (7, 'seven')")

    assert count(name) == 51


def test_a_setting_of_the_session_is_as_before() -> None:
    name, before = made(["primary key", "tablespace"])

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET default_tablespace = bare_space")
        fill(name)
        cursor.execute("SHOW default_tablespace")
        assert cursor.fetchone() == ("bare_space",)
    execute("RESET default_tablespace")

    assert snapshot(name) == before


def test_a_fault_at_any_statement_leaves_the_table_as_before() -> None:
    kinds = ["primary key", "expressions", "cluster", "foreign key", "exclusion"]
    name, before = made(kinds)
    number = 0
    while True:
        try:
            with statements(number):
                fill(name, parents_too=bool(number % 2))
        except DatabaseError as error:
            assert str(error) == "the disk is full"
            assert snapshot(name) == before
            assert count(name) == 0
            number += 1
            continue
        break
    assert number > 30
    assert snapshot(name) == before


def test_rows_that_break_a_constraint_bring_all_back() -> None:
    name, before = made(["unique", "primary key"])
    bare = BareTable(PostgresLoader("default", Product), "default", name)
    with transaction.atomic():
        assert not bare.strip()
        execute(ROWS.format(t=name), ROWS.format(t=name))
        with pytest.raises(DatabaseError, match="could not create unique index"):
            bare.build()
        bare.undo()
        assert snapshot(name) == before
        assert count(name) == 0
