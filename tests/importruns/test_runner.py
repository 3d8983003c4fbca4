"""What is queued is done once, whoever is killed meanwhile."""

import re
import signal
import subprocess

import pytest

from tests.importruns.project import ROWS, Project, wait_until


def statuses(project: Project) -> list[tuple[str, int]]:
    return [(run.status, run.attempts) for run in project.runs()]


def ended(process: "subprocess.Popen[str]") -> str:
    output, _ = process.communicate(timeout=60)
    return output


def test_the_oldest_is_run_first_and_each_tells_its_end(project: Project) -> None:
    project.enqueue({}, {"file": "/nowhere/prices.csv"})

    result = project.run("runimports")

    words = [line.split(": ")[0].split(",")[0] for line in result.stdout.splitlines()]
    numbers = [line.split()[1] for line in words if line.startswith("Run ")]
    assert numbers == sorted(numbers, key=int)
    assert "Prices: 40 new, 0 changed, 0 unchanged.\n" in result.stdout
    assert 'There is no file "/nowhere/prices.csv"' in result.stdout
    assert "Runs: 1 done, 1 failed.\n" in result.stdout
    assert result.returncode == 1
    assert [(run.status, run.exit_code) for run in project.runs()] == [
        ("done", 0),
        ("failed", 2),
    ]


def test_a_stored_file_is_called_by_the_name_that_people_know(project: Project) -> None:
    stored = project.folder / "41" / "source.csv"
    stored.parent.mkdir(exist_ok=True)
    stored.write_text("")
    options = {"file": str(stored)}
    about = {"stored_file": str(stored), "file_name": "my prices.csv"}
    code = "from importruns.queue import enqueue; enqueue('import_prices', {}, **{})"
    project.succeed("shell", "-v0", "-c", code.format(options, about))

    result = project.run("runimports")
    [number] = re.findall(r"Run ([0-9]+)", result.stdout)[:1]
    project.succeed("imports", "--retry", number)
    again = project.run("runimports")

    for output in result.stdout, again.stdout:
        assert '"my prices.csv" is empty.' in output
        assert "source.csv" not in output
    assert {run.error for run in project.runs()} == {'"my prices.csv" is empty.'}


def test_no_more_runs_are_taken_than_are_asked_for(project: Project) -> None:
    project.enqueue({}, {})

    project.succeed("runimports", "--max", "1")

    assert statuses(project) == [("done", 1), ("queued", 0)]


def test_an_import_that_is_killed_is_run_again(project: Project) -> None:
    project.enqueue()
    project.stand_still()
    with project.started("runimports") as runner:
        project.wait_for_import()
        assert len(project.kill_children(runner)) == 1
        output = ended(runner)

    assert statuses(project) == [("done", 2)], output
    assert "is lost. The process of the run ended without a word" in output
    assert "is queued again: attempt 2 of 3." in output
    assert output.endswith("Runs: 1 done.\n")
    assert runner.returncode == 0
    assert project.count() == ROWS


def test_an_import_goes_on_when_its_runner_is_killed(project: Project) -> None:
    project.enqueue()
    project.stand_still()
    with project.started("runimports") as runner:
        project.wait_for_import()
        runner.kill()
        runner.wait()
        beside = project.succeed("runimports")
        project.go_on()
        wait_until(lambda: project.runs()[0].status != "running")

    assert beside == "Nothing is queued.\n"
    assert statuses(project) == [("done", 1)]
    assert project.count() == ROWS


def test_the_next_runner_takes_up_what_a_machine_left_when_it_stopped(
    project: Project,
) -> None:
    project.enqueue()
    project.stand_still()
    with project.started("runimports") as runner:
        project.wait_for_import()
        # Both at once, as a container or a machine ends.
        runner.send_signal(signal.SIGSTOP)
        project.kill_children(runner)
        runner.kill()
        runner.wait()
    assert project.count() == 0

    wait_until(lambda: "attempt 2 of 3" in project.succeed("runimports"))

    assert statuses(project) == [("done", 2)]
    assert project.count() == ROWS


def test_an_import_that_takes_long_is_run_once(project: Project) -> None:
    project.enqueue()
    project.stand_still()
    with project.started("runimports") as runner:
        project.wait_for_import()
        for _ in range(2):
            assert project.succeed("runimports") == "Nothing is queued.\n"
        project.go_on()
        ended(runner)

    assert statuses(project) == [("done", 1)]


def test_a_run_that_is_delivered_twice_is_done_once(project: Project) -> None:
    project.enqueue()
    number = str(project.ask("SELECT id FROM importruns_importrun")[0][0])
    project.stand_still()
    with project.started("runimport", number) as first:
        project.wait_for_import()
        during = project.succeed("runimport", number)
        project.go_on()
        ended(first)
    after = project.succeed("runimport", number)

    assert during == f"Run {number} is running, not queued: there is nothing to do.\n"
    assert after == f"Run {number} is done, not queued: there is nothing to do.\n"
    assert statuses(project) == [("done", 1)]


def test_two_runners_at_once_do_each_run_once(project: Project) -> None:
    project.enqueue({}, {}, {})

    with project.started("runimports") as one, project.started("runimports") as two:
        outputs = [ended(one), ended(two)]

    assert statuses(project) == [("done", 1)] * 3, outputs
    assert [one.returncode, two.returncode] == [0, 0], outputs


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_runner_interrupts_its_import(
    project: Project, number: signal.Signals
) -> None:
    project.enqueue({}, {})
    project.stand_still()
    with project.started("runimports", "--watch") as runner:
        project.wait_for_import()
        runner.send_signal(number)
        output = ended(runner)

    assert "Interrupted. Nothing was written." in output
    assert runner.returncode == 3
    first, second = project.runs()
    assert (first.status, first.attempts, first.exit_code) == ("interrupted", 1, 3)
    assert (second.status, second.attempts) == ("queued", 0)
    assert project.count() == 0


def test_a_runner_that_watches_takes_what_comes_and_ends_well_when_it_is_told(
    project: Project,
) -> None:
    with project.started("runimports", "--watch") as runner:
        project.enqueue()
        wait_until(lambda: statuses(project) == [("done", 1)])
        runner.send_signal(signal.SIGTERM)
        output = ended(runner)

    assert runner.returncode == 0, output


def test_the_exit_code_of_one_run_is_that_of_its_import(project: Project) -> None:
    project.file.with_name("bad.csv").write_text("sku,price\na,two\n")
    project.enqueue({"file": str(project.file.with_name("bad.csv"))})
    number = str(project.ask("SELECT id FROM importruns_importrun")[0][0])

    result = project.run("runimport", number)

    assert result.returncode == 1
    assert "two" in result.stdout
    assert [(run.status, run.exit_code) for run in project.runs()] == [("rejected", 1)]


def test_a_time_limit_ends_a_queued_import(project: Project) -> None:
    project.enqueue({"timeout": 1})
    project.stand_still()

    result = project.run("runimports")

    assert "Stopped after 1 s (--timeout)." in result.stdout
    [run] = project.runs()
    assert (run.status, run.exit_code) == ("interrupted", 124)
    assert project.count() == 0


def test_rows_without_a_key_are_not_written_twice_by_themselves(
    project: Project,
) -> None:
    project.enqueue({"labels": True})
    project.stand_still()
    with project.started("runimports") as runner:
        project.wait_for_import()
        project.kill_children(runner)
        output = ended(runner)

    assert statuses(project) == [("lost", 1)]
    assert runner.returncode == 1
    assert "without a natural key they would be written twice" in output
    assert "manage.py imports --retry" in project.runs()[0].error


def test_a_lost_import_does_not_come_after_a_later_one(project: Project) -> None:
    project.enqueue()
    project.stand_still()
    with project.started("runimports", "--max", "1") as runner:
        project.wait_for_import()
        project.kill_children(runner)
        ended(runner)
    project.go_on()
    project.succeed("import_prices", "--file", project.file)

    output = project.succeed("runimports")

    assert output == "Nothing is queued.\n"
    assert statuses(project) == [("lost", 1), ("done", 1)]


def test_a_run_whose_process_cannot_begin_fails_in_the_end(project: Project) -> None:
    project.enqueue()
    broken = project.folder / "sitecustomize.py"
    broken.write_text("import os, sys\nif 'runimport' in sys.orig_argv: os._exit(7)\n")
    try:
        result = project.run("runimports")
    finally:
        broken.unlink()

    assert result.stdout.count("did not begin") == 3
    [run] = project.runs()
    assert (run.status, run.attempts, run.exit_code) == ("failed", 3, 7)
