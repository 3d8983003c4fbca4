"""``manage.py imports`` tells what the record of imports holds, and acts on it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from importruns.locks import RunLocks
from importruns.models import ImportRun, RowChange, Status

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("on_record"),
]

STARTED = datetime(2026, 3, 1, 10, 2, tzinfo=UTC)


def imports(*arguments: str) -> str:
    out = StringIO()
    call_command("imports", *arguments, stdout=out, no_color=True)
    return out.getvalue()


def made(status: Status = Status.DONE, **fields: Any) -> ImportRun:
    counts = {
        "rows_read": 1200,
        "rows_rejected": 3,
        "models": {
            "shop.Product": {
                "new": 1100,
                "changed": 7,
                "unchanged": 90,
                "missing": None,
            }
        },
    }
    return ImportRun.objects.create(
        **{
            "command": "import_products",
            "file_name": "products.csv",
            "status": status,
            "started_at": STARTED,
            "finished_at": STARTED + timedelta(seconds=90),
            "counts": counts,
            **fields,
        }
    )


@pytest.fixture
def going() -> Iterator[ImportRun]:
    """Return a run that goes on, as far as its lock tells."""
    locks = RunLocks()
    run = made(
        Status.RUNNING, finished_at=None, counts={"handled": {"shop.Product": 9}}
    )
    locks.hold(run)
    yield run
    locks.close()


def test_runs_are_listed_the_newest_first() -> None:
    first = made()
    second = made(Status.FAILED, command="import_stores", file_name="s.csv", counts={})

    heading, *runs = imports().splitlines()

    assert heading == (
        "run  started           command          file          status    new  changed  "
        "rejected"
    )
    assert runs == [
        f"{second.pk:<3}  2026-03-01 10:02  import_stores    s.csv         failed",
        f"{first.pk:<3}  2026-03-01 10:02  import_products  products.csv  done    1,100        7"
        "         3",
    ]


def test_times_are_told_as_they_are_where_use_tz_is_off(settings: Settings) -> None:
    settings.USE_TZ = False
    run = made(started_at=datetime(2026, 3, 1, 10, 2), finished_at=None)

    assert "2026-03-01 10:02" in imports()
    assert "2026-03-01 10:02" in imports(str(run.pk))


def test_without_a_run_the_list_says_so() -> None:
    assert imports() == "No import is on record.\n"


def test_the_list_can_be_filtered() -> None:
    wanted = made(Status.REJECTED)
    made()
    made(Status.REJECTED, command="import_stores")

    found = imports("--command", "import_products", "--status", "rejected", "--json")

    assert [run["id"] for run in json.loads(found)] == [wanted.pk]


def test_the_list_has_the_last_runs_only() -> None:
    for _ in range(3):
        made()

    assert len(imports("--last", "2").splitlines()) == 3


def test_one_run_is_shown_with_all_that_is_known() -> None:
    run = made(
        Status.REJECTED,
        user="ada",
        host="web1",
        process=7,
        options={"mode": "sync"},
        exit_code=1,
        error="3 problems in 3 rows:\n  more",
        causes=[
            {
                "column": "price",
                "code": "unreadable",
                "reason": "not a number",
                "rows": 3,
                "first_lines": [4, 9, 12],
            }
        ],
    )

    assert (
        imports(str(run.pk))
        == f"""\
Run {run.pk}: import_products, rejected
file          products.csv
options       mode=sync
user          ada
host          web1, process 7
started       2026-03-01 10:02
finished      2026-03-01 10:03
took          90.0 s
attempts      0
rows          1,200
shop.Product  1,100 new, 7 changed, 90 unchanged
rejected      3
problem       price: not a number [unreadable], 3 rows, first 4, 9, 12
exit code     1
error         3 problems in 3 rows:
"""
    )


def test_a_run_whose_process_is_gone_is_lost() -> None:
    run = made(Status.RUNNING, finished_at=None)

    assert "lost" in imports()
    assert "ended without a word" in imports(str(run.pk))


def test_a_run_that_goes_on_is_not_lost(going: ImportRun) -> None:
    assert "running" in imports()
    assert "9 rows so far" in imports(str(going.pk))


def test_a_run_that_goes_on_is_told_to_end(going: ImportRun) -> None:
    said = imports("--cancel", str(going.pk))

    assert said == f"Run {going.pk} ends at its next batch, and is rolled back.\n"
    going.refresh_from_db()
    assert (going.status, going.is_cancelled) == (Status.RUNNING, True)


def test_a_queued_run_is_taken_out_of_the_queue() -> None:
    run = made(Status.QUEUED, started_at=None, finished_at=None, counts={})

    said = imports("--cancel", str(run.pk))

    run.refresh_from_db()
    assert said == f"Run {run.pk} is taken out of the queue.\n"
    assert run.status == Status.INTERRUPTED


def test_a_run_that_has_ended_cannot_be_cancelled() -> None:
    run = made()

    with pytest.raises(CommandError, match=f"Run {run.pk} is done: it has ended"):
        imports("--cancel", str(run.pk))


def test_a_number_that_no_run_has_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match="There is no run 99") as error:
        imports("99")

    assert error.value.returncode == 2


@pytest.mark.parametrize("flags", [[], ["--dry_run"]])
def test_pruning_removes_what_the_folder_of_imports_holds_and_nothing_else(
    tmp_path: Path, settings: Any, flags: list[str]
) -> None:
    settings.IMPORTS_ROOT = tmp_path / "imports"
    own, others = tmp_path / "imports" / "source.csv", tmp_path / "products.rejects.csv"
    own.parent.mkdir()
    own.write_text("a")
    others.write_text("a")
    run = made(
        stored_file="source.csv",
        rejects=str(others),
        causes=[{"column": "x"}],
        error="1 problem in 1 row:\n  line 4: a row of the file",
    )
    fresh = made(finished_at=timezone.now())
    for each in (run, fresh):
        RowChange.objects.create(run=each.pk, label="shop.Product", key="1", kind="c")

    said = imports("--prune", "30d", *flags)

    verb = "To remove" if flags else "Removed"
    assert f"{verb}: 1 file, the problems of 1 run and 1 row for undoing." in said
    assert others.exists()
    assert own.exists() == bool(flags)
    left = set(RowChange.objects.values_list("run", flat=True))
    assert left == ({run.pk, fresh.pk} if flags else {fresh.pk})
    run.refresh_from_db()
    assert (run.causes == []) == (not flags)
    assert ("a row of the file" in run.error) == bool(flags)
    assert run.counts["rows_read"] == 1200


def test_a_file_outside_of_the_folder_is_never_removed(
    tmp_path: Path, settings: Any
) -> None:
    settings.IMPORTS_ROOT = tmp_path / "imports"
    outside = tmp_path / "secret.csv"
    outside.write_text("a")
    (tmp_path / "imports").mkdir()
    made(stored_file="../secret.csv")

    imports("--prune", "0d")

    assert outside.exists()


@pytest.mark.parametrize("text", ["90", "d", "-1d", "90 days"])
def test_a_time_that_is_no_number_of_days_is_wrong_usage(text: str) -> None:
    with pytest.raises(CommandError, match="is not a number of days such as 90d"):
        imports(f"--prune={text}")
