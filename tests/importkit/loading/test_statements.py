"""How often a run of a small file goes to the database, and what for.

A new statement is noticed here. On a server far away each of them takes longer than all that
Python does with a thousand rows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.db import connection
from psycopg import Cursor

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db(transaction=True)

# What statements are for, by their beginnings.
PURPOSES = {
    r"BEGIN|COMMIT": "the transaction",
    r"SAVEPOINT|RELEASE": "savepoints",
    r"PRAGMA (main\.|temp\.)?(cache_size|page_count|page_size)": "the cache",
    r"SELECT pg_try_advisory": "no other import of the table at a time",
    r"\s*SELECT 'key'": "what the table demands",
    r"SELECT (upper|1 FROM sqlite_(temp_)?master|coalesce|seq)": "what takes rows back",
    r"SELECT name, (sql|partial|coll) |SELECT name FROM pragma|SELECT 'the trigger": (
        "what the table demands"
    ),
    r"\s*SELECT attname": "the types of the columns",
    r"SELECT (%s|1) AS": "is the table empty",
    r"LOCK TABLE": "it stays empty",
    r"SELECT current_setting|SELECT set_config": "settings of the planner",
    r"DROP TABLE|CREATE TABLE|DELETE FROM temp|TRUNCATE pg_temp": "temporary tables",
    r"(INSERT OR FAIL INTO|COPY) temp|COPY pg_temp": "rows",
    r'(INSERT OR FAIL INTO|COPY) "shop_product" \(.*(VALUES|STDIN)': "rows",
    r"INSERT INTO (pg_)?temp.importkit_changes": "comparing",
    r"SELECT SUM": "counting",
    r"SELECT r\.": "examples of changes",
    r'UPDATE "shop_product"': "changed rows",
    r'INSERT (OR FAIL )?INTO "shop_product" .*SELECT': "new rows",
}


def purposes(price: int = 2) -> dict[str, int]:
    """Import a small file, and count its trips to the database by what they are for."""
    df = pl.DataFrame(
        {"sku": ["a", "b"], "price": [Decimal("1.50"), Decimal(price)]},
        {"sku": pl.String, "price": pl.Decimal(8, 2)},
    )
    connection.ensure_connection()
    with noted(connection.vendor) as statements:
        run(Import({Product: df}, {Product: ("sku",)}))
    return Counter(map(purpose_of, statements))


def purpose_of(statement: str) -> str:
    found = [name for start, name in PURPOSES.items() if re.match(start, statement)]
    return found[0] if found else statement


@contextmanager
def noted(vendor: str) -> Iterator[list[str]]:
    """Note each trip to the database, whichever way the statements go."""
    statements: list[str] = []
    if vendor == "sqlite":
        raw = connection.connection
        raw.set_trace_callback(statements.append)
        yield statements
        raw.set_trace_callback(None)
        # Behind these signs SQLite tells what a statement runs by itself.
        statements[:] = [each for each in statements if not each.startswith("--")]
        return

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        def called(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
            statements.append(query if isinstance(query, str) else query.as_string())
            return method(self, query, *args, **kwargs)

        return called

    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "copy"):
            patch.setattr(Cursor, name, noting(getattr(Cursor, name)))
        yield statements


WRITTEN = {
    "counting": 1,
    "examples of changes": 1,
    "changed rows": 1,
    "new rows": 1,
}


@pytest.mark.only_on("sqlite")
def test_each_statement_of_a_small_file_on_sqlite_has_a_purpose() -> None:
    always = {
        "the transaction": 2,
        "the cache": 11,
        "what the table demands": 5,
        "rows": 1,
    }
    merged = {
        **always,
        "savepoints": 4,
        "is the table empty": 1,
        "temporary tables": 11,
        "comparing": 1,
    }

    assert purposes() == {
        **always,
        "savepoints": 2,
        "is the table empty": 2,
        "what takes rows back": 6,
    }
    assert purposes() == merged
    assert purposes(price=3) == {**merged, **WRITTEN}


@pytest.mark.only_on("postgresql")
def test_each_trip_of_a_small_file_to_postgresql_has_a_purpose() -> None:
    always = {
        "savepoints": 4,
        "no other import of the table at a time": 1,
        "what the table demands": 1,
        "the types of the columns": 2,
        "rows": 1,
    }
    merged = {
        **always,
        "is the table empty": 1,
        "temporary tables": 3,
        "comparing": 1,
        "settings of the planner": 3,
    }

    assert purposes() == {**always, "is the table empty": 2, "it stays empty": 1}
    assert purposes() == merged
    assert purposes(price=3) == {**merged, **WRITTEN}
