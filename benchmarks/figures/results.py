"""What was measured, as it is kept in results.json; medians and rates come from here."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any


class StepError(Exception):
    """A step could not be run, or did not do its work; says why."""


@dataclass(frozen=True)
class Run:
    """What one process cost: wall clock and CPU in seconds, peak memory in bytes."""

    seconds: float
    cpu: float
    memory: int


@dataclass(frozen=True)
class Result:
    """All runs of one step with one number of rows.

    Attributes:
        key: The scenario, such as ``ours_sqlite``.
        step: What it did: ``first``, ``again``, ``dry_run``, ``changed``, ``help`` ...
        title: Both of these for people.
        database: ``sqlite`` or ``postgres``.
        ours: Whether it is the import of a project from this template.
        rows: How many rows the file had; none for a page of help.
        runs: What each run cost.
        failure: Why there are no runs.
    """

    key: str
    step: str
    title: str
    database: str
    ours: bool
    rows: int
    runs: tuple[Run, ...] = ()
    failure: str = ""

    @property
    def seconds(self) -> float:
        """Return the median of the wall clock."""
        return median(run.seconds for run in self.runs)

    @property
    def cpu(self) -> float:
        """Return the median of the CPU seconds of the process itself."""
        return median(run.cpu for run in self.runs)

    @property
    def megabytes(self) -> float:
        """Return the median of the peak memory, in millions of bytes."""
        return median(run.memory for run in self.runs) / 1e6

    @property
    def rate(self) -> float:
        """Return the rows of a second."""
        return self.rows / self.seconds


@dataclass(frozen=True)
class Report:
    """Everything that one call of the benchmark found out.

    Attributes:
        date: The day, as ISO writes it.
        rows: How many rows the files had, but for slow peers and the curve.
        repeats: How often each step ran.
        machine: What it ran on, by name.
        versions: What it ran with, by name.
        results: In the order in which they were measured.
    """

    date: str
    rows: int
    repeats: int
    machine: dict[str, str]
    versions: dict[str, str]
    results: tuple[Result, ...] = ()

    def find(self, key: str, step: str, rows: int | None = None) -> Result | None:
        """Return a result that has runs: with these rows, or of the main part."""
        for result in self.results:
            named = (result.key, result.step) == (key, step)
            if named and result.runs and rows in (None, result.rows):
                return result
        return None

    def main(self) -> list[Result]:
        """Return the results with the rows that were asked for, or as many as go."""
        firsts: dict[tuple[str, str], Result] = {}
        for result in self.results:
            firsts.setdefault((result.key, result.step), result)
        return list(firsts.values())

    def curve(self) -> list[Result]:
        """Return the results that were measured for the curve alone."""
        main = self.main()
        return [result for result in self.results if result not in main]

    def write(self, path: Path) -> None:
        """Keep everything as JSON."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")


def read(path: Path) -> Report:
    """Return a report as it was written."""
    data = json.loads(path.read_text(encoding="utf-8"))
    results = tuple(_result(item) for item in data.pop("results"))
    return Report(**data, results=results)


def _result(data: dict[str, Any]) -> Result:
    runs = tuple(Run(**run) for run in data.pop("runs"))
    return Result(**data, runs=runs)
