"""Kill imports at any moment: ``python -m tests.importkit.killing --kills 200``."""

import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.importkit.import_data.test_killed import ROOT, variables
from tests.importkit.killing.child import WRITING, WRITTEN
from tests.importkit.killing.databases import Database, Prices, database
from tests.processes import environment, succeed

CHILD = "tests.importkit.killing.child"
EVERY = 20  # Kills between two words on how far it is.
SECONDS = 120  # For a process that is not killed.

OLD = {f"sku {n}": 100 for n in range(2_000)}
# What the table holds before a run. An empty table of PostgreSQL loses its indexes meanwhile.
TABLES: Mapping[str, Prices] = {"old": OLD, "empty": {}}
# Of the old rows, some are changed; the others are new.
GOOD = {f"sku {n}": 200 for n in range(1_000, 4_000)}
BAD = [f"bad {n}" for n in range(40)]


class BrokenError(Exception):
    """A promise was not kept; says which."""


@dataclass
class Expected:
    """How long a process took that was not killed, in all and for writing."""

    all: float = 0
    writing: float = 0


class Killing:
    """Processes that import one file into one database."""

    def __init__(self, database: Database, folder: Path) -> None:
        """Write the file, and let an import run to its end to see how long it takes."""
        self._database = database
        self._folder = folder
        self._path = folder / "prices.csv"
        self._rejects = folder / "prices.csv.rejects.csv"
        rows = [f"{sku},{cents / 100:.2f}" for sku, cents in GOOD.items()]
        for n, sku in enumerate(BAD):
            rows.insert(n * 70, f"{sku},two")
        self._path.write_text("\n".join(["sku,price", *rows, ""]))
        self._structure = database.structure()
        self._expected = {before: Expected() for before in TABLES}
        for before in TABLES:
            database.fill(TABLES[before])
            self._to_the_end(before)
        self._kept = self._rejects.read_text()
        _must(self._kept.count("\n") == len(BAD) + 1, "rejects are not complete")

    def kill(
        self, chance: Random, before: str, *, is_late: bool
    ) -> tuple[str, str, str]:
        """Kill an import; return what was there before, when, and what was there after it.

        Args:
            chance: Says how long after the start.
            before: What the table holds before, of ``TABLES``.
            is_late: Whether to count from when it starts to write.
        """
        self._database.fill(TABLES[before])
        self._rejects.unlink(missing_ok=True)
        output = self._killed(chance, self._expected[before], is_late=is_late)
        moment = "after" if WRITTEN in output else "while"
        moment = moment if WRITING in output else "before"
        table = self._state(before)
        _must(moment != "before" or table == before, "written before it was said")
        _must(moment != "after" or table == "new", "not written, though it was said")
        if self._rejects.exists():
            _must(self._rejects.read_text() == self._kept, "rejects in part")
            _must(table == "new", "rejects of rows that were not imported")
            table += ", with its rejects"
        # A killed run may leave its unfinished rejects, which no other run uses.
        unfinished = list(self._folder.glob("prices*.part"))
        _must(len(unfinished) <= 1, f"more than one file is left: {unfinished}")
        for path in unfinished:
            path.unlink()
        self._to_the_end(before)
        _must(self._rejects.read_text() == self._kept, "rejects differ after that")
        return before, moment, table

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  the script beside this one
            [sys.executable, "-m", CHILD, str(self._path)],
            cwd=ROOT,
            env=environment(**variables(self._database.url)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _killed(self, chance: Random, expected: Expected, *, is_late: bool) -> str:
        """Start a process, kill it by its id, and return what it said."""
        process = self._start()
        said = ""
        try:
            if is_late and process.stdout:
                said = process.stdout.readline()
            rest = expected.writing if is_late else expected.all
            time.sleep(chance.uniform(0, rest))
        finally:
            process.kill()
        output, _ = process.communicate(timeout=SECONDS)
        return said + output

    def _to_the_end(self, before: str) -> None:
        """Run the same again, and note how long it took."""
        started = time.monotonic()
        process = self._start()
        try:
            said = process.stdout.readline() if process.stdout else ""
            writing = time.monotonic()
            output, _ = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
        ended = time.monotonic()
        _must(process.returncode == 0, f"the next run fails: {said}{output}")
        _must(self._state(before) == "new", "the next run leaves another table")
        files = {path.name for path in self._folder.glob("prices*")}
        _must(len(files) == 2, f"the next run leaves files: {files}")
        # As slow as the machine is just now; rows that are there are written faster.
        expected = self._expected[before]
        expected.all = ended - started
        expected.writing = max(ended - writing, expected.writing * 0.9)

    def _state(self, before: str) -> str:
        """Return ``new``, or what was there before; there must be nothing in between."""
        prices = self._database.prices()
        _must(
            self._database.structure() == self._structure,
            "the indexes and constraints are not what they were",
        )
        states = {before: TABLES[before], "new": {**TABLES[before], **GOOD}}
        found = [name for name, rows in states.items() if rows == prices]
        _must(bool(found), f"the table holds {_summary(prices)}")
        return found[0]


def main() -> None:
    """Kill so many imports and print when, and what the tables held."""
    parser = ArgumentParser("python -m tests.importkit.killing", description=__doc__)
    add = parser.add_argument
    add("--kills", type=int, default=200, help="The number of kills.")
    add("--database", choices=("sqlite", "postgresql"), default="sqlite")
    add(
        "--seed",
        type=int,
        default=1,
        help="The seed of the moments at which runs are killed.",
    )
    options = parser.parse_args()
    chance = Random(options.seed)  # noqa: S311  to be repeated, not to be secret
    found: Counter[tuple[str, str, str]] = Counter()
    with TemporaryDirectory() as name, database(options.database, Path(name)) as base:
        migrate = ["python", "-m", "django", "migrate", "--run-syncdb", "--skip-checks"]
        succeed(migrate, ROOT, variables=variables(base.url))
        killing = Killing(base, Path(name))
        for number in range(options.kills):
            before = [*TABLES][number // 2 % 2]
            try:
                found[killing.kill(chance, before, is_late=bool(number % 2))] += 1
            except BrokenError as error:
                sys.exit(f"Kill {number + 1}, seed {options.seed}: {error}.")
            if (number + 1) % EVERY == 0:
                tell(f"{number + 1} killed ...")
    tell(f"{options.kills} imports killed, {options.database}, seed {options.seed}:")
    for (before, moment, table), count in sorted(found.items()):
        tell(f"{count:5}  {moment} writing to the {before} table, which is all {table}")


def tell(text: str) -> None:
    """Print at once, for whoever waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _summary(prices: Mapping[str, int]) -> str:
    counts = Counter(prices.values())
    return f"{len(prices)} rows, by cents {dict(counts)}"


def _must(holds: bool, text: str) -> None:
    if not holds:
        raise BrokenError(text)


if __name__ == "__main__":
    main()
