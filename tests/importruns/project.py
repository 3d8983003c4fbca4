"""A project with a database of its own, whose commands run in processes of their own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from tests.importkit.import_data.test_killed import ROOT, variables
from tests.processes import environment, run, succeed

SECONDS = 60  # For what a process does, on a machine that does much else.
STOP = "STOP"  # The variable that import_prices knows.
ROWS = 40
ENQUEUE = """
from importruns.queue import enqueue
for options in {}:
    enqueue("import_prices", options)
"""


class Run(NamedTuple):
    """What the ledger has of a run."""

    status: str
    attempts: int
    exit_code: int | None
    error: str


class Project:
    """A project on SQLite or PostgreSQL.

    Attributes:
        url: The address of its database.
        folder: A folder for its files.
        stop: As long as this file is there, one import stands still after its first batch.
    """

    def __init__(self, url: str, folder: Path) -> None:
        """Take the address of the database, and make its tables."""
        self.url, self.folder = url, folder
        self.stop = folder / "stop"
        self.file = folder / "prices.csv"
        rows = (f"sku {number},1.50\n" for number in range(ROWS))
        self.file.write_text("".join(["sku,price\n", *rows]))
        self.succeed("migrate", "--run-syncdb", "-v0")

    @property
    def variables(self) -> Mapping[str, str]:
        """Return the environment of its commands."""
        settings = {"DJANGO_SETTINGS_MODULE": "tests.importruns.settings"}
        known = variables(self.url)
        path = os.pathsep.join([str(self.folder), known["PYTHONPATH"]])
        return {**known, **settings, "PYTHONPATH": path, STOP: str(self.stop)}

    def clear(self) -> None:
        """Have no rows and no runs."""
        self.stop.unlink(missing_ok=True)
        self.stop.with_suffix(".reached").unlink(missing_ok=True)
        for table in ("prices_price", "prices_label", "importruns_importrun"):
            self.ask(f"DELETE FROM {table}")  # noqa: S608  the tables above

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        command = ["python", "-m", "django", *arguments]
        return run(command, ROOT, variables=self.variables, timeout=SECONDS)

    def succeed(self, *arguments: str | Path) -> str:
        """Run a command, which has to end with 0, and return its output."""
        command = ["python", "-m", "django", *arguments]
        return succeed(command, ROOT, variables=self.variables, timeout=SECONDS)

    @contextmanager
    def started(self, *arguments: str | Path) -> Iterator["subprocess.Popen[str]"]:
        """Start a command; kill it at the end of the block, with what it has started."""
        process = subprocess.Popen(  # noqa: S603  a command of the project
            [sys.executable, "-m", "django", *map(str, arguments)],
            cwd=ROOT,
            env=environment(**self.variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            self.kill_children(process)
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()

    def kill_children(self, process: "subprocess.Popen[str]") -> list[int]:
        """Kill what a process has started, by number, and return the numbers."""
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        found = listed.read_text().split() if listed.exists() else []
        for number in map(int, found):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return [*map(int, found)]

    def enqueue(self, *many: dict[str, Any]) -> None:
        """Put imports of the file into the queue, one for each of these options."""
        default = {"file": str(self.file), "batch_size": 10}
        all_options = [{**default, **options} for options in many or ({},)]
        self.succeed("shell", "-v0", "-c", ENQUEUE.format(all_options))

    def stand_still(self) -> None:
        """Have the next import stand still."""
        self.stop.with_suffix(".reached").unlink(missing_ok=True)
        self.stop.touch()

    def wait_for_import(self) -> None:
        """Wait until an import stands still."""
        wait_until(self.stop.with_suffix(".reached").exists)

    def go_on(self) -> None:
        """Let the import go on."""
        self.stop.unlink()

    def runs(self) -> list[Run]:
        """Return the runs on record, the oldest first."""
        asked = (
            "SELECT status, attempts, exit_code, error FROM importruns_importrun "
            "ORDER BY id"
        )
        return [Run(*row) for row in self.ask(asked)]

    def count(self, table: str = "prices_price") -> int:
        """Return how many rows a table has."""
        return int(self.ask(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608  a table of ours

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database, or that of the ledger, past Django."""
        if not self.url.startswith("sqlite"):
            with psycopg.connect(self.url) as connection:
                cursor = connection.execute(sql.encode())
                return cursor.fetchall() if cursor.description else []
        path = Path(self.url.removeprefix("sqlite:///"))
        if "importruns_importrun" in sql:
            path = path.with_name("ledger.sqlite3")
        with closing(sqlite3.connect(path)) as file, file:
            return file.execute(sql).fetchall()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that other processes bring about."""
    ends = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.02)
