"""What an operator finds in the log of imports: a line at the start, and one at the end."""

import logging
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importkit.import_data import Cancelled, Run, Watcher
from tests.importkit.import_data.goods import goods
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db

GOOD = "sku,price,store\n1,1.50,\n2,2,\n3,3,\n"


@pytest.fixture(autouse=True)
def info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged, with every time the same."""
    found = [
        f"{record.levelname} {record.name}: {record.getMessage()}"
        for record in caplog.records
    ]
    caplog.clear()
    return [re.sub(r"seconds=\d+\.\d", "seconds=0.1", line) for line in found]


def fails(command: Import, *flags: str) -> None:
    with pytest.raises(CommandError):
        run(command, *flags)


def test_a_run_is_two_lines(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.write_text(GOOD)
    run(goods(file))
    assert lines(caplog) == [
        "INFO importkit.runs: goods started:",
        f'INFO importkit.runs: goods done: file="{file}" mode=upsert rows=3 new=3 '
        "changed=0 unchanged=0 rejected=0 deleted=0 exit_code=0 seconds=0.1",
    ]

    file.write_text(GOOD.replace("2,2", "2,9").replace("3,3,\n", "4,x,\n"))
    run(goods(file), "--on-error", "skip", "--allow-rejects", "1", "--mode", "upsert")
    assert lines(caplog) == [
        "INFO importkit.runs: goods started: mode=upsert",
        f'INFO importkit.runs: goods done: mode=upsert file="{file}" rows=3 new=0 '
        "changed=1 unchanged=1 rejected=1 deleted=0 exit_code=0 seconds=0.1",
    ]

    file.write_text("sku,price,store\n1,1.50,\n")
    flags = ["--mode", "sync", "--delete", "--max-delete", "100%", "--dry_run"]
    run(goods(file), *flags)
    assert lines(caplog) == [
        "INFO importkit.runs: goods started: mode=sync dry_run=yes",
        "INFO importkit.runs: goods done: mode=sync dry_run=yes "
        f'file="{file}" rows=1 new=0 changed=0 unchanged=1 rejected=0 deleted=2 '
        "exit_code=0 seconds=0.1",
    ]


def test_a_run_with_bad_rows_is_rejected(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text("sku,price,store\n1,1.50,\n2,secret,\n")

    fails(goods(file))

    assert lines(caplog)[1:] == [
        f'INFO importkit.runs: goods rejected: file="{file}" mode=unknown rows=2 '
        "new=unknown changed=unknown unchanged=unknown rejected=1 deleted=0 "
        "exit_code=1 seconds=0.1"
    ]


@pytest.mark.parametrize(
    ("flags", "end"),
    [
        (["--report", "."], "goods failed:"),
        (["--commit", "batch", "--delete"], "goods failed: exit_code=2 seconds=0.1"),
        ([], "goods failed: mode=unknown rows=unknown new=unknown changed=unknown"),
    ],
)
def test_a_run_that_reads_nothing_has_its_two_lines_as_well(
    file: Path, caplog: pytest.LogCaptureFixture, flags: list[str], end: str
) -> None:
    fails(goods(file.with_name("missing.csv")), *flags)

    [_start, told] = lines(caplog)
    assert told.startswith(f"INFO importkit.runs: {end}")
    assert told.endswith("exit_code=2 seconds=0.1")


def test_a_run_that_is_cancelled_is_interrupted(
    file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Canceller(Watcher):
        def source_read(self, run: Run) -> None:
            raise Cancelled

    monkeypatch.setattr(
        "importkit.import_data.command.watchers_of_apps", lambda: [Canceller]
    )
    file.write_text(GOOD)

    fails(goods(file))

    [_start, told] = lines(caplog)
    assert told.startswith("INFO importkit.runs: goods interrupted: ")
    assert told.endswith("exit_code=3 seconds=0.1")


def test_an_error_of_the_code_is_logged_without_its_text(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Import):
        def handle_import(self) -> Any:
            raise ValueError("secret")

    with pytest.raises(ValueError, match="secret"):
        run(Broken({}))

    [_start, told] = lines(caplog)
    assert "test_log failed: " in told
    assert "secret" not in told


def test_a_second_run_of_a_command_does_not_show_what_the_first_one_did(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text(GOOD)
    command = goods(file)
    run(command)

    fails(command, "--commit", "batch", "--delete")

    assert lines(caplog)[3:] == [
        "INFO importkit.runs: goods failed: exit_code=2 seconds=0.1"
    ]


def test_the_file_and_the_mode_stand_in_both_lines_and_no_secret_of_an_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Files(Import):
        def add_command_arguments(self, parser: Any) -> None:
            parser.add_argument("--file")

    url = "ftp://jane:secret@example.com/goods.csv?key=secret"

    run(Files({}), "--file", url, "--mode", "insert")

    shown = 'file="ftp://***@example.com/goods.csv?***" mode=insert'
    [start, end] = lines(caplog)
    assert start == f"INFO importkit.runs: test_log started: {shown}"
    assert shown in end


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(["Jane Doe", "jd@example.com", "", '"', "1"])))
def test_no_value_of_a_row_is_logged(
    file: Path, caplog: pytest.LogCaptureFixture, cells: list[str]
) -> None:
    Product.objects.all().delete()
    file.write_text("sku,price,store\n" + "".join(f"{cell},1,\n" for cell in cells))
    caplog.clear()

    with suppress(CommandError):
        run(goods(file), "--on-error", "skip", "--yes")

    text = "\n".join(lines(caplog))
    assert len(text.splitlines()) == 2
    assert "Jane" not in text
    assert "example.com" not in text
