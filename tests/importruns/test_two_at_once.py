"""Of two imports at once into a table, the second one says which run is in the way."""

import re
from pathlib import Path

from tests.importruns.project import Project, wait_until


def imported(project: Project) -> tuple[str | Path, ...]:
    return ("import_prices", "--file", project.file, "--batch_size", "10")


def test_a_second_import_ends_at_once_and_names_the_first(project: Project) -> None:
    project.stand_still()
    with project.started(*imported(project)) as first:
        project.wait_for_import()

        second = project.run(*imported(project))
        planned = project.run(*imported(project), "--dry_run")
        project.go_on()
        output, _ = first.communicate()

    what = (
        'the database "default"'
        if project.url.startswith("sqlite")
        else r"prices\.Price"
    )
    assert re.fullmatch(
        rf"CommandError: Run \d+ \(import_prices on \S+, process {first.pid}\) has been writing to "
        rf"{what} since \d\d:\d\d\.\n"
        r"Nothing was written\. Wait for that run with --wait SECONDS, or see "
        r"manage\.py imports\.\n",
        second.stdout,
    )
    assert second.returncode == 3
    assert "40 new" in planned.stdout, "a dry run writes nothing, and need not wait"
    assert "40 new" in output
    assert [run.status for run in project.runs()] == ["done", "failed", "planned"]


def test_a_second_import_waits_as_long_as_it_is_told(project: Project) -> None:
    project.stand_still()
    with (
        project.started(*imported(project)) as first,
    ):
        project.wait_for_import()
        with project.started(*imported(project), "--wait", "60") as second:
            assert second.stdout is not None
            said = second.stdout.readline()
            project.go_on()
            output, _ = second.communicate()
        first.communicate()

    assert re.fullmatch(r"Run \d+ .* since .*\. This run waits for it to end\.\n", said)
    assert output == "Prices: 0 new, 0 changed, 40 unchanged.\n"


def test_a_time_limit_keeps_nobody_from_writing_while_the_import_waits(
    project: Project,
) -> None:
    project.stand_still()
    with project.started(*imported(project)) as first:
        project.wait_for_import()
        refused = project.run(*imported(project), "--timeout", "50")
        limits = ("--timeout", "50", "--wait", "50")
        with project.started(*imported(project), *limits) as second:
            assert second.stdout is not None
            said = second.stdout.readline()
            project.go_on()
            ended = second.communicate()[0]
        first.communicate()

    assert "has been writing to" in refused.stdout
    assert refused.returncode == 3
    assert "This run waits for it to end." in said
    assert ended.endswith("Prices: 0 new, 0 changed, 40 unchanged.\n")
    assert [run.status for run in project.runs()] == ["done", "failed", "done"]


def test_an_import_without_a_record_holds_no_lock(project: Project) -> None:
    project.stand_still()
    with project.started(*imported(project)) as first:
        project.wait_for_import()
        aside = project.run(*imported(project), "--no-ledger", "--wait", "1")
        first.kill()

    assert "manage.py imports" not in aside.stdout


def test_the_lock_of_a_killed_import_is_free_and_its_run_is_lost(
    project: Project,
) -> None:
    project.stand_still()
    with project.started(*imported(project)) as first:
        project.wait_for_import()
        first.kill()
        first.wait()
        project.go_on()
        # A server may need a moment to notice.
        assert "40 new" in project.succeed(*imported(project), "--wait", "20")

    assert project.succeed("runimports").count("is lost. ") == 1
    assert [run.status for run in project.runs()] == ["lost", "done"]


def test_a_queued_import_waits_for_one_that_is_under_way(project: Project) -> None:
    project.enqueue()
    project.stand_still()
    with project.started(*imported(project)) as first:
        project.wait_for_import()
        with project.started("runimports") as runner:
            wait_until(lambda: "running" in [run.status for run in project.runs()[:1]])
            project.go_on()
            output, _ = runner.communicate()
        first.communicate()

    assert runner.returncode == 0, output
    assert [run.status for run in project.runs()] == ["done", "done"]
