"""``--report`` tells other programs what a run did, however it ended."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError

from importkit.errors import SourceError
from importkit.import_data.reports.reporter import Reporter
from importkit.source import scan_csv
from tests.importkit.import_data.goods import GOODS, goods
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db

DECIMALS = "not a number of up to 6 digits and 2 decimals"
GOOD = "sku,price,store\n1,1.50,\n2,2,\n1,3,\n"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "run.json"


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def model(**numbers: Any) -> dict[str, Any]:
    return {
        "model": "shop.Product",
        "mode": "upsert",
        "new": 0,
        "changed": 0,
        "changed_by_field": {},
        "unchanged": 0,
        "missing": None,
        **numbers,
    }


def test_the_report_of_a_good_run(file: Path, report: Path) -> None:
    file.write_text(GOOD)
    Product.objects.create(sku="2", price=1)

    run(goods(file), "--report", str(report))

    assert read(report) == {
        "version": 1,
        "command": "goods",
        "files": [str(file)],
        "mode": None,
        "dry_run": False,
        "status": "done",
        "exit_code": 0,
        "error": None,
        "warnings": [],
        "models": [model(new=1, changed=1, changed_by_field={"price": 1})],
        "deleted": {},
        "changed_by_deletion": {},
        "rows_read": 3,
        "rows_rejected": 0,
        "rejects": None,
        "problems_in": "lines",
        "left_out_in": "lines",
        "expectations": [],
        "causes": [],
        "left_out": [
            {
                "line": 4,
                "reason": "sku as in an earlier row, whose other values are kept",
            }
        ],
        "problems": [],
    }
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "goods.csv",
        "run.json",
    ]


def test_the_report_of_a_run_that_skipped_rows(file: Path, report: Path) -> None:
    with pytest.raises(CommandError) as error:
        run(goods(file), "--on-error", "skip", "--report", str(report))

    found = read(report)
    rejects = str(file.with_name("goods.csv.rejects.csv"))
    assert {**found, "causes": None, "problems": None} == {
        "version": 1,
        "command": "goods",
        "files": [str(file)],
        "mode": None,
        "dry_run": False,
        "status": "rejected",
        "exit_code": 1,
        "error": str(error.value),
        "warnings": [],
        "models": [model(new=2)],
        "deleted": {},
        "changed_by_deletion": {},
        "rows_read": 7,
        "rows_rejected": 5,
        "rejects": rejects,
        "problems_in": "lines",
        "left_out_in": "lines",
        "expectations": [],
        "causes": None,
        "left_out": [],
        "problems": None,
    }
    assert found["causes"][0] == {
        "column": "price",
        "code": "unreadable",
        "reason": DECIMALS,
        "rows": 2,
        "first_lines": [4, 5],
        "remedy": "Correct the value, or declare how it is read in get_col_parser_map.",
        "remedy_for_sender": "Write the number with a decimal point, at most 6 digits "
        "before and 2 after it, such as 1234.50.",
    }
    asked = {cause["code"]: cause["remedy_for_sender"] for cause in found["causes"]}
    assert asked["length"] == "Write at most 20 characters."
    assert asked["fields"] == (
        "Give each row as many fields as the header, and quote text with separators."
    )
    assert found["problems"][:3] == [
        {"line": 4, "column": "price", "value": "two", "code": "unreadable",
         "reason": DECIMALS},
        {"line": 5, "column": "price", "value": "x", "code": "unreadable",
         "reason": DECIMALS},
        {"line": 7, "column": "store__name", "value": "Nowhere", "code": "unknown",
         "reason": "no store with this name"},
    ]  # fmt: skip


def test_rejects_that_are_allowed_are_done(file: Path, report: Path) -> None:
    flags = ["--on-error", "skip", "--allow-rejects", "5", "--report", str(report)]
    run(goods(file), *flags)

    found = read(report)
    assert (found["status"], found["exit_code"]) == ("done", 0)
    assert (found["error"], found["rows_rejected"]) == (None, 5)


@pytest.mark.parametrize("lazy", [True, False])
def test_the_report_of_a_run_that_bad_rows_stopped(
    file: Path, report: Path, *, lazy: bool
) -> None:
    file.write_text(GOODS.replace("5,5,6,7\n", ""))

    with pytest.raises(CommandError) as error:
        run(goods(file, lazy=lazy), "--report", str(report))

    found = read(report)
    assert (found["status"], found["exit_code"]) == ("rejected", 1)
    assert found["error"] == str(error.value)
    assert (found["models"], found["rejects"]) == ([], None)
    # What does not fit the model is named together with what does not fit the rules.
    assert (found["rows_read"], found["rows_rejected"]) == (6, 4)
    assert {problem["line"] for problem in found["problems"]} == {4, 5, 7, 8}


def test_rows_of_a_frame_without_a_file_are_counted_as_rows(report: Path) -> None:
    df = pl.DataFrame({"sku": ["a", "b" * 21]})

    with pytest.raises(CommandError):
        run(Import({Product: df}), "--report", str(report))

    found = read(report)
    assert (found["problems_in"], found["left_out_in"]) == ("rows", "rows")
    assert [problem["line"] for problem in found["problems"]] == [2]
    assert found["files"] == []


def test_the_report_of_a_run_that_the_database_refused(
    file: Path, report: Path
) -> None:
    file.write_text(GOOD)
    Product.objects.create(sku="2")

    with pytest.raises(CommandError) as error:
        run(goods(file), "--mode", "insert", "--report", str(report))

    found = read(report)
    assert (found["status"], found["exit_code"]) == ("rejected", 1)
    assert found["error"] == str(error.value)
    assert [problem["code"] for problem in found["problems"]] == ["unique"]
    assert (found["mode"], found["models"]) == ("insert", [])


def test_the_report_of_a_source_that_cannot_be_read(file: Path, report: Path) -> None:
    command = goods(file)
    command.handle_import = lambda: scan_csv("gone.csv")  # type: ignore[method-assign]

    with pytest.raises(CommandError):
        run(command, "--report", str(report))

    found = read(report)
    assert (found["status"], found["exit_code"]) == ("failed", 2)
    assert found["error"] == 'There is no file "gone.csv".'
    assert (found["files"], found["rows_read"]) == ([], None)


@pytest.mark.parametrize("flags", [[], ["--commit", "batch"]])
def test_the_report_of_a_run_that_was_interrupted(
    file: Path, report: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str]
) -> None:
    def interrupt(_df: Any) -> Any:
        raise KeyboardInterrupt

    command = goods(file)
    monkeypatch.setattr(command, "get_bulks_by_model", interrupt)

    with pytest.raises(CommandError) as error:
        run(command, "--report", str(report), *flags)

    found = read(report)
    assert (found["status"], found["exit_code"]) == ("interrupted", 3)
    assert found["error"] == str(error.value)
    stays = (
        "Batches that were committed before stay." if flags else "Nothing was written."
    )
    assert str(error.value).startswith(f"Interrupted. {stays}")


def test_a_run_that_is_interrupted_once_it_has_written_says_so(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_reporter: object, _keys: object) -> None:
        raise KeyboardInterrupt

    file.write_text(GOOD)
    monkeypatch.setattr(Reporter, "say_done", interrupt)

    with pytest.raises(CommandError) as error:
        run(goods(file))

    assert str(error.value) == "Interrupted. The rows had been written before."


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_the_report_of_a_run_whose_time_was_up(
    file: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_self: object) -> None:
        while True:
            pass

    file.write_text(GOOD)
    command = goods(file)
    monkeypatch.setattr(
        "importkit.import_data.reports.reporter.Reporter.say_rejects", wait
    )

    with pytest.raises(CommandError, match="Stopped after 1 s"):
        run(command, "--report", str(report), "--timeout", "1")

    found = read(report)
    assert (found["status"], found["exit_code"]) == ("interrupted", 124)
    assert found["models"] == []
    assert not Product.objects.exists()


def test_the_report_of_a_crash(
    file: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_df: Any) -> Any:
        raise ZeroDivisionError("by nothing")

    command = goods(file)
    monkeypatch.setattr(command, "get_bulks_by_model", fail)

    with pytest.raises(ZeroDivisionError):
        run(command, "--report", str(report))

    found = read(report)
    assert (found["status"], found["exit_code"]) == ("failed", 1)
    assert found["error"] == "ZeroDivisionError: by nothing"


def test_a_dry_run_writes_its_report(file: Path, report: Path) -> None:
    file.write_text(GOOD)

    run(goods(file), "--dry_run", "--report", str(report))

    found = read(report)
    assert (found["dry_run"], found["models"]) == (True, [model(new=2)])
    assert not Product.objects.exists()


def test_rows_are_told_in_slices_whatever_they_hold(
    file: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.import_data.reports.json_report.SLICE", 2)
    odd = ["\\", "\x1b[0m", "é\u2028漢😀", '"', "},\n{", "\x7f]"]
    rows = "".join(
        f'{n},"{o.replace(chr(34), chr(34) * 2)}",\n' for n, o in enumerate(odd)
    )
    file.write_text(f"sku,price,store\n{rows}", encoding="utf-8", newline="")

    with pytest.raises(CommandError):
        run(goods(file), "--report", str(report))

    assert [problem["value"] for problem in read(report)["problems"]] == odd


def test_a_report_is_replaced_only_after_a_question(file: Path, report: Path) -> None:
    file.write_text(GOOD)
    run(goods(file), "--report", str(report))
    before = report.read_text()

    with pytest.raises(CommandError, match=r"There is a report .* Replace it\?"):
        run(goods(file), "--report", str(report))

    assert report.read_text() == before
    run(goods(file), "--report", str(report), "--yes")
    assert read(report)["models"] == [model(unchanged=2)]


@pytest.mark.parametrize("name", ["notes.txt", "goods.csv", "link", "folder"])
def test_no_other_file_is_ever_replaced(file: Path, report: Path, name: str) -> None:
    path = file.parent / name
    if name == "folder":
        path.mkdir()
    elif name == "link":
        path.symlink_to("notes.txt")
        path.write_text("mine")
    elif name != "goods.csv":
        path.write_text("mine")
    before = "" if path.is_dir() else path.read_text()

    with pytest.raises(CommandError, match=r"^--report: ") as error:
        run(goods(file), "--report", str(path), "--yes")

    assert error.value.returncode == 2
    assert path.is_dir() or path.read_text() == before
    assert not report.exists()


@pytest.mark.parametrize("path", [".", "..", "/"])
@pytest.mark.parametrize("flags", [["--report"], ["--on-error", "skip", "--rejects"]])
def test_a_folder_is_no_file_for_a_report_or_for_rejects(
    file: Path, path: str, flags: list[str]
) -> None:
    file.write_text(GOOD)

    with pytest.raises(CommandError) as error:
        run(goods(file), *flags, path)

    assert str(error.value) == f'{flags[-1]}: "{path}" is not a file.'


def test_the_report_is_not_the_file_of_rejects(file: Path) -> None:
    path = file.with_name("goods.csv.rejects.csv")

    with pytest.raises(CommandError, match=r"^--report: .* is .*rejects"):
        run(goods(file), "--on-error", "skip", "--report", str(path), "--yes")

    assert not path.exists()
    assert not Product.objects.exists()


def test_a_report_that_cannot_be_written_is_told_before_the_run(file: Path) -> None:
    file.write_text(GOOD)
    path = file.parent / "missing" / "run.json"

    with pytest.raises(CommandError) as error:
        run(goods(file), "--report", str(path))

    text = f'The report cannot be written to "{path}": No such file or directory.'
    assert str(error.value) == text
    assert not Product.objects.exists()


def test_a_report_that_fails_in_the_end_does_not_end_well(
    file: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise SourceError("The disk is full.")

    file.write_text(GOOD)
    monkeypatch.setattr("importkit.import_data.output_files.ReportFile.write", fail)

    with pytest.raises(CommandError) as error:
        run(goods(file), "--report", str(report))

    assert str(error.value) == "The disk is full. The import is done."
    assert error.value.returncode == 1
    assert Product.objects.count() == 2


def test_a_command_that_runs_again_tells_of_the_last_run_only(
    file: Path, report: Path
) -> None:
    command = goods(file)
    with pytest.raises(CommandError):
        run(command, "--report", str(report))
    file.write_text(GOOD)

    run(command, "--report", str(report), "--yes")

    found = read(report)
    assert (found["status"], found["problems"]) == ("done", [])
    gone = file.rename(file.with_name("gone.csv"))
    with pytest.raises(CommandError, match="There is no file"):
        run(command, "--report", str(report), "--yes")
    assert read(report)["models"] == read(report)["files"] == []
    gone.rename(file)
    before = report.read_text()
    run(command)
    assert report.read_text() == before
