"""A table keeps its indexes where dropping them would be wrong, or is not allowed."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from django.db import connection, transaction
from django.db.models import Q

from importkit.loading.writers.databases.bare_tables import BareTable
from importkit.loading.writers.databases.postgres import PostgresLoader
from tests.importkit.loading.bare_tables.snapshots import execute, snapshot
from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Product

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql"),
]

KEEPS = "shop.Product keeps its indexes while it is filled: {}.\n"
WRITTEN = "Products: 3 new, 0 changed, 0 unchanged.\n"
ROWS = pl.DataFrame({"sku": ["a", "b", "c"], "price": [1, 2, 3]})
NOTHING = (
    "CREATE FUNCTION bare.nothing() RETURNS {} LANGUAGE plpgsql AS 'BEGIN {}; END'"
)

# For a reason: what makes a table ``bare.made`` with an index have it.
MADE = "CREATE TABLE bare.made (id bigint UNIQUE, other bigint)"
TABLES: dict[str, list[str]] = {
    "its table has triggers": [
        MADE,
        NOTHING.format("trigger", "RETURN NEW"),
        "CREATE TRIGGER t BEFORE INSERT ON bare.made FOR EACH ROW"
        " EXECUTE FUNCTION bare.nothing()",
    ],
    "its table has rules": [
        MADE,
        "CREATE RULE r AS ON UPDATE TO bare.made DO ALSO SELECT 1",
    ],
    "its table has row-level security": [
        MADE,
        "ALTER TABLE bare.made ENABLE ROW LEVEL SECURITY",
    ],
    "its table inherits from another one, or another one from it": [
        MADE,
        "CREATE TABLE bare.heir () INHERITS (bare.made)",
    ],
    "its rows refer to each other": [
        MADE,
        "ALTER TABLE bare.made ADD FOREIGN KEY (other) REFERENCES bare.made (id)",
    ],
    "its table is not an ordinary one": [
        "CREATE TABLE bare.made (id bigint UNIQUE) PARTITION BY RANGE (id)",
        "CREATE TABLE bare.part PARTITION OF bare.made DEFAULT",
    ],
    "its table is a part of another one": [
        "CREATE TABLE bare.whole (id bigint UNIQUE) PARTITION BY RANGE (id)",
        "CREATE TABLE bare.made PARTITION OF bare.whole DEFAULT",
    ],
    "its table belongs to an extension": [
        MADE,
        "ALTER EXTENSION plpgsql ADD TABLE bare.made",
    ],
    "the database has event triggers": [
        MADE,
        NOTHING.format("event_trigger", "NULL"),
        "CREATE EVENT TRIGGER noticed ON ddl_command_end EXECUTE FUNCTION bare.nothing()",
    ],
    "its table belongs to another user of the database": [
        MADE,
        "GRANT USAGE ON SCHEMA bare TO somebody",
        "GRANT ALL ON bare.made TO somebody",
        "SET ROLE somebody",
    ],
    "this user of the database may make no indexes in its schema": [
        MADE,
        "GRANT USAGE ON SCHEMA bare TO somebody",
        "ALTER TABLE bare.made OWNER TO somebody",
        "SET ROLE somebody",
    ],
    "its table has rows": [MADE, "INSERT INTO bare.made VALUES (1)"],
    "nothing of its table can be dropped": ["CREATE TABLE bare.made (id bigint)"],
}
# Of these kinds none speaks against it.
NO_REASONS: dict[str, list[str]] = {
    "a trigger that is off": [
        *TABLES["its table has triggers"],
        "ALTER TABLE bare.made DISABLE TRIGGER t",
    ],
    "an event trigger that is off": [
        *TABLES["the database has event triggers"],
        "ALTER EVENT TRIGGER noticed DISABLE",
    ],
    "the owner of the table": [
        MADE,
        "GRANT ALL ON SCHEMA bare TO somebody",
        "ALTER TABLE bare.made OWNER TO somebody",
        "SET ROLE somebody",
    ],
}


@pytest.fixture(autouse=True)
def _schema() -> Iterator[None]:
    execute("CREATE SCHEMA bare", "CREATE ROLE somebody")
    yield
    execute(
        "RESET ROLE",
        "DROP EVENT TRIGGER IF EXISTS noticed",
        "ALTER TABLE IF EXISTS bare.made OWNER TO CURRENT_USER",
        "DO 'BEGIN ALTER EXTENSION plpgsql DROP TABLE bare.made;"
        " EXCEPTION WHEN OTHERS THEN NULL; END'",
        "DROP SCHEMA bare CASCADE",
        "DROP OWNED BY somebody",
        "DROP ROLE somebody",
    )


@pytest.mark.parametrize("reason", TABLES)
def test_a_table_that_needs_its_indexes_keeps_them(reason: str) -> None:
    execute(*TABLES[reason])
    before = snapshot("bare.made")

    with transaction.atomic():
        bare = BareTable(PostgresLoader("default", Product), "default", "bare.made")
        assert bare.strip() == reason
        assert snapshot("bare.made") == before
        execute("SELECT 1")  # The transaction goes on.


@pytest.mark.parametrize("name", NO_REASONS)
def test_what_does_not_speak_against_it(name: str) -> None:
    execute(*NO_REASONS[name])
    before = snapshot("bare.made")

    with transaction.atomic():
        bare = BareTable(PostgresLoader("default", Product), "default", "bare.made")
        assert bare.strip() == ""
        assert snapshot("bare.made")["indexes"] == []
        bare.build()

    assert snapshot("bare.made") == before


def imported(*flags: str, **options: Any) -> str:
    """Import three products, which are many here."""
    with patch("importkit.loading.pipeline.MANY", 3):
        keys: Keys = {} if "insert" in flags else {Product: ("sku",)}
        return run(Import({Product: ROWS}, keys, **options), "-v2", *flags)


def test_a_run_does_not_wait_for_a_reader_but_goes_on_with_the_indexes() -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT count(*) FROM shop_product")
            execute("SET lock_timeout = '1h'")
            output = imported()
    finally:
        other.close()
        execute("RESET lock_timeout")

    assert output == KEEPS.format("another session uses its table") + WRITTEN


def test_a_table_with_rows_keeps_its_indexes() -> None:
    Product.objects.create(sku="z", price=0)

    output = imported("--mode", "insert")

    assert output == KEEPS.format("its table has rows") + "Products: 3 new.\n"


def test_rows_of_a_scope_are_compared_before_they_are_written() -> None:
    output = imported(scope={Product: Q(price__gte=0)})

    reason = "its rows are compared with each other before"
    assert output == KEEPS.format(reason) + WRITTEN


@pytest.mark.parametrize("flags", [["--commit", "batch"], ["--dry_run"]])
def test_by_batch_and_in_a_dry_run_nothing_is_dropped(flags: list[str]) -> None:
    output = imported(*flags)

    assert "indexes" not in output
    assert output.startswith("Products: 3 new")
