"""A run that brings keys along never moves a sequence of PostgreSQL back."""

from collections.abc import Callable, Iterator
from contextlib import closing

import polars as pl
import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Country, Label, Place, Restaurant

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]

type Ways = Callable[..., str]


def frame(*keys: int, flags: tuple[str, ...] = ()) -> str:
    rows = pl.DataFrame({"id": keys, "name": [str(key) for key in keys]})
    return run(Import({Label: rows}), *flags)


def merged_frame(*keys: int, flags: tuple[str, ...] = ()) -> str:
    execute(
        "INSERT INTO shop_label (id, name) OVERRIDING SYSTEM VALUE VALUES (-1, 'old')"
    )
    rows = pl.DataFrame({"id": keys, "name": [str(key) for key in keys]})
    return run(Import({Label: rows}, {Label: ("name",)}), *flags)


def instances(*keys: int, flags: tuple[str, ...] = ()) -> str:
    rows = [Label(id=key, name=str(key)) for key in keys]
    return run(Import({Label: rows}), *flags)


def saved(*keys: int, flags: tuple[str, ...] = ()) -> str:
    rows = [Label(id=key, name=str(key)) for key in keys]
    return run(Import({Label: rows}, signals=[Label]), *flags)


EACH_WAY = pytest.mark.parametrize("write", [frame, merged_frame, instances, saved])


@pytest.fixture
def other() -> Iterator[BaseDatabaseWrapper]:
    """Return the connection of somebody else, in a transaction that stays open."""
    own = connection.copy()
    with closing(own):
        own.set_autocommit(False)
        yield own
        own.rollback()


def drawn(connection: BaseDatabaseWrapper, table: str = "shop_label") -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])


@EACH_WAY
def test_numbers_that_an_open_transaction_has_drawn_are_not_drawn_again(
    write: Ways, other: BaseDatabaseWrapper
) -> None:
    first, last = drawn(other), [drawn(other) for _ in range(50)][-1]

    write(first)

    assert drawn(connection) == last + 1


@EACH_WAY
@pytest.mark.parametrize("step", [1, 500, 1_000_000])
def test_the_next_number_is_behind_all_keys(write: Ways, step: int) -> None:
    highest = drawn(connection) + step

    write(highest)

    assert drawn(connection) == highest + 1


@EACH_WAY
def test_a_dry_run_draws_no_number(write: Ways) -> None:
    before = drawn(connection)

    write(before + 10, flags=("--dry_run",))

    assert drawn(connection) == before + 1


# Django itself cannot save a key that is always generated.
@pytest.mark.parametrize("kind", ["BY DEFAULT", "ALWAYS"])
@pytest.mark.parametrize("write", [frame, merged_frame, instances])
def test_an_identity_column_is_numbered_on(write: Ways, kind: str) -> None:
    before = drawn(connection)
    execute(f"ALTER TABLE shop_label ALTER id SET GENERATED {kind}")

    write(before + 10)

    assert drawn(connection) == before + 11


@EACH_WAY
def test_a_sequence_that_only_a_default_names_is_moved(write: Ways) -> None:
    execute("ALTER TABLE shop_label ALTER id DROP IDENTITY")
    execute('CREATE SEQUENCE "Own numbers" INCREMENT 10 START 5')
    execute("""ALTER TABLE shop_label ALTER id SET DEFAULT nextval('"Own numbers"')""")

    write(47)

    # From 5 in tens: 45 is passed over as well, since 47 is in the table.
    assert Label.objects.create(name="next").pk == 65


@EACH_WAY
def test_a_renamed_sequence_is_moved(write: Ways) -> None:
    before = drawn(connection)
    execute('ALTER SEQUENCE shop_label_id_seq RENAME TO "Numbers of labels"')

    write(before + 7)

    assert drawn(connection) == before + 8


def test_the_key_of_a_parent_is_that_of_its_child() -> None:
    before = drawn(connection, "shop_place")

    run(Import({Restaurant: [Restaurant(id=before + 3, name="Central", stars=1)]}))

    assert Place.objects.create(name="next").pk == before + 4


def test_a_sequence_that_cannot_count_so_far_stays() -> None:
    before = drawn(connection, "shop_country")
    execute(
        f"ALTER SEQUENCE shop_country_id_seq MAXVALUE {before + 100}"  # a number of ours
    )

    run(Import({Country: pl.DataFrame({"id": [before + 10**6], "code": ["de"]})}))

    assert drawn(connection, "shop_country") == before + 1


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
