"""Step 5, measuring: each scenario on trial first, then again and again."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures.results import Result, Run, StepError
from benchmarks.running.data import DataFolder, Kind
from benchmarks.running.databases import Database, FreshDatabase, SQLiteFolder, Totals
from benchmarks.running.postgres import PostgresServer
from benchmarks.running.processes import measure, tell
from benchmarks.running.project import Project
from benchmarks.scenarios import BARE, POSTGRES, SQLITE, Scenario, Step

TRIAL_ROWS = 2_000

type Places = dict[str, Callable[[], FreshDatabase]]


@dataclass(frozen=True)
class Bench:
    """Everything that a measurement needs.

    Attributes:
        project: The project with our import.
        data: The files.
        places: What gives a fresh database, by the kind of it.
        scratch: A folder for what a process prints.
    """

    project: Project
    data: DataFolder
    places: Places
    scratch: Path

    def measure(self, scenario: Scenario, rows: int, repeats: int) -> list[Result]:
        """Run the steps of a scenario so often; a step that fails is not run again."""
        rows = scenario.rows(rows)
        failures = dict.fromkeys(
            (step.name for step in scenario.steps), self._reason(scenario)
        )
        runs: defaultdict[str, list[Run]] = defaultdict(list)
        if not any(failures.values()):
            # Packages are compiled and read from disk; what cannot work fails early.
            self._once(scenario, min(rows, TRIAL_ROWS), failures)
            for _ in range(repeats):
                for step, run in self._once(scenario, rows, failures):
                    runs[step].append(run)
        return [
            _result(scenario, step, rows, runs[step.name], failures[step.name])
            for step in scenario.steps
        ]

    def _reason(self, scenario: Scenario) -> str:
        if scenario.place not in self.places:
            return "PostgreSQL does not start here."
        return scenario.missing

    def _once(
        self, scenario: Scenario, rows: int, failures: dict[str, str]
    ) -> list[tuple[str, Run]]:
        """Run the steps in a fresh database; note those that fail."""
        runs = []
        with self.places[scenario.place]() as database:
            for step in scenario.steps:
                if failures[step.name]:
                    continue
                try:
                    run = self._run(step, database, rows)
                    runs.append((step.name, run))
                    told = f"{run.seconds:.2f} s"
                except StepError as failure:
                    failures[step.name] = told = str(failure)
                tell(f"{scenario.key:22}{step.name:9}{rows:12,} rows  {told}")
        return runs

    def _run(self, step: Step, database: Database, rows: int) -> Run:
        file = self.data.get(rows, step.kind or Kind.CLEAN)
        database.settle()
        command = step.command(self.project, database.url, file.path)
        run = measure(command, self.scratch)
        if step.leaves:
            left = self.data.get(rows, step.leaves)
            found, expected = database.totals(), Totals(left.rows, left.cents)
            if found != expected:
                raise StepError(f"The table holds {found}, not {expected}.")
        if step.rejects:
            _check_rejects(file.path, rows)
        return run


def places(project: Project, folder: Path, server: PostgresServer | None) -> Places:
    """Return what makes databases, by kind; without a server there are fewer kinds."""
    files = SQLiteFolder(folder)
    files.prepare(project)
    made: Places = {SQLITE: files.fresh, BARE: files.fresh_without_id}
    if server:
        server.prepare(project)
        made[POSTGRES] = server.fresh
    return made


def _check_rejects(path: Path, rows: int) -> None:
    """Count the rejects of a file, no row of which crosses lines, and remove them."""
    rejects = path.with_name(f"{path.name}.rejects.csv")
    with rejects.open("rb") as file:
        found = sum(1 for _ in file) - 1
    rejects.unlink()
    if found != rows:
        raise StepError(f"{found:,} rows are in the rejects, not {rows:,}.")


def _result(
    scenario: Scenario, step: Step, rows: int, runs: list[Run], failure: str
) -> Result:
    return Result(
        key=scenario.key,
        step=step.name,
        title=step.title,
        database=scenario.database,
        ours=scenario.ours,
        rows=rows if step.kind else 0,
        runs=() if failure else tuple(runs),
        failure=failure,
    )
