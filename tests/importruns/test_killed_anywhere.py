"""An import that is killed at any of its statements leaves a true record and free locks."""

import subprocess
import sys

from tests.importkit.import_data.test_killed import ROOT
from tests.importruns.project import ROWS, Project
from tests.processes import environment

KILLED = -9
MANY = 200  # More statements than an import of so few rows has.


def test_the_record_of_a_killed_import_is_true_and_the_next_one_goes_through(
    project: Project,
) -> None:
    process = subprocess.Popen(  # noqa: S603  the script beside this one
        [sys.executable, "-m", "tests.importruns.killing", str(project.file)],
        cwd=ROOT,
        env=environment(**project.variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def imported(number: int) -> int:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{number}\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    seen: set[tuple[str, bool]] = set()
    try:
        for number in range(MANY):
            project.clear()
            if imported(number) != KILLED:
                break
            rows = project.count()
            assert imported(-1) == 0, number
            assert project.count() == ROWS
            *killed, last = [run.status for run in project.runs()]
            assert (last, len(killed) < 2) == ("done", True), number
            seen.add((killed[0] if killed else "none", bool(rows)))
            assert rows in (0, ROWS), number
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()

    assert number > 10, "the import was not killed"
    # "Done" is said of rows that are there; of others, that the run is lost, or nothing.
    assert {("none", False), ("lost", False), ("lost", True)} <= seen
    assert seen <= {("none", False), ("lost", False), ("lost", True), ("done", True)}
