"""Step 4, databases: an empty one with the table for every measurement; SQLite."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.figures.results import StepError
from benchmarks.running.processes import run
from benchmarks.running.project import Project
from benchmarks.running.table import TABLE

# In whole cents: SQLite adds up floats, which go wrong over millions of them.
CENTS = "sum(CAST(round(price * 100) AS bigint))"
TOTALS = f"SELECT count(*), {CENTS} FROM {TABLE}"  # noqa: S608  fixed names
PRIMARY_KEY = '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, '


@dataclass(frozen=True)
class Totals:
    """How many rows a table holds, and the sum of their prices in cents."""

    rows: int
    cents: int


class Database(Protocol):
    """A database for one scenario."""

    @property
    def url(self) -> str:
        """Return the address, as the settings of a project take it."""

    def totals(self) -> Totals:
        """Return what the table holds."""

    def settle(self) -> None:
        """Write what is pending, so that the next process does not pay for it."""


type FreshDatabase = AbstractContextManager[Database]


@dataclass(frozen=True)
class SQLite:
    """A file of SQLite's."""

    path: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def totals(self) -> Totals:
        with closing(sqlite3.connect(self.path)) as connection:
            rows, cents = connection.execute(TOTALS).fetchone()
        return Totals(rows, cents or 0)

    def settle(self) -> None:
        """Do nothing: the last connection to close has written everything."""

    def remove(self) -> None:
        """Remove the file and those beside it."""
        for path in self.path.parent.glob(f"{self.path.name}*"):
            path.unlink()


@dataclass(frozen=True)
class SQLiteFolder:
    """Fresh files with the project's tables, copied from one that was migrated.

    Attributes:
        folder: Where they are.
    """

    folder: Path

    @property
    def _empty(self) -> SQLite:
        return SQLite(self.folder / "empty.db")

    def prepare(self, project: Project) -> None:
        """Make the file that the others are copied from."""
        run(project.manage("migrate", "-v0", url=self._empty.url))

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """Copy the empty database, and remove the copy in the end."""
        database = SQLite(self.folder / "measured.db")
        database.remove()
        shutil.copy(self._empty.path, database.path)
        try:
            yield database
        finally:
            database.remove()

    @contextmanager
    def fresh_without_id(self) -> Iterator[Database]:
        """Do the same with a table that has only the columns of the file.

        What ``.import`` takes. Nothing is saved by it: the id of the other table is
        another name for the rowid, which this one has as well.
        """
        with self.fresh() as database:
            assert isinstance(database, SQLite)  # noqa: S101  for the type checker
            with closing(sqlite3.connect(database.path)) as connection:
                _leave_out_id(connection)
            yield database


def _leave_out_id(connection: sqlite3.Connection) -> None:
    query = "SELECT sql FROM sqlite_master WHERE name = ?"
    (sql,) = connection.execute(query, [TABLE]).fetchone()
    if PRIMARY_KEY not in sql:
        raise StepError(f"The table is not made as expected: {sql}")
    connection.execute(f"DROP TABLE {TABLE}")
    connection.execute(sql.replace(PRIMARY_KEY, ""))
    connection.commit()
