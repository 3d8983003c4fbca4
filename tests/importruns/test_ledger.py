"""Each run of an import is on record, however it ended, and the record harms no import."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from importkit.display_names import display_names
from importkit.models import ModelClass
from importkit.problems import Code
from importruns.locks import is_alive
from importruns.models import ImportRun, Status
from importruns.records import code_version, file_of, options_of
from tests.importkit.import_data.goods import GOODS, goods
from tests.importkit.shop.imports import run
from tests.importkit.shop.models import Product

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("on_record"),
]

GOOD = "sku,price,store\n1,1.50,\n2,2,\n3,3,\n"
ALIAS = "importruns"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "goods.csv"
    path.write_text(GOOD)
    return path


def last() -> ImportRun:
    return ImportRun.objects.latest("pk")


def test_a_run_is_on_record_with_its_file_its_machine_and_its_counts(
    file: Path,
) -> None:
    Product.objects.create(sku="2", price=1)

    run(goods(file), "--batch_size", "2")

    record = last()
    assert (record.command, record.status, record.exit_code) == (
        "goods",
        Status.DONE,
        0,
    )
    assert (record.file_name, record.size) == ("goods.csv", len(GOOD))
    assert record.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert record.counts["rows_read"] == 3
    assert record.counts["models"] == {
        "shop.Product": {"new": 2, "changed": 1, "unchanged": 0, "missing": None}
    }
    assert record.options["batch_size"] == 2
    assert record.host and record.process and record.user
    assert record.tables == ["shop_product"]
    assert record.started_at and record.finished_at
    assert timedelta() < record.finished_at - record.started_at < timedelta(minutes=5)


def test_a_run_that_bad_rows_stopped_is_on_record_with_the_causes(file: Path) -> None:
    file.write_text(GOODS)

    with pytest.raises(CommandError) as error:
        run(goods(file))

    record = last()
    assert (record.status, record.exit_code) == (Status.REJECTED, 1)
    assert record.error == str(error.value)
    [price] = [cause for cause in record.causes if cause["column"] == "price"]
    assert (price["code"], price["rows"], price["first_lines"]) == (
        "unreadable",
        2,
        [4, 5],
    )
    assert price["remedy"] == Code.UNREADABLE.remedy
    assert price["remedy_for_sender"].startswith(
        "Write the number with a decimal point"
    )
    assert record.counts["models"] == {}
    assert not Product.objects.exists()


def test_a_stored_file_is_on_record_with_the_name_that_people_know(file: Path) -> None:
    file.write_text("sku,price,store\n1,1.50,\n")

    with display_names({file: "products of may.csv"}):
        run(goods(file))

    assert last().file_name == "products of may.csv"


def test_a_million_problems_make_a_small_record(file: Path) -> None:
    rows = "".join(f"{number},x{number},\n" for number in range(20_000))
    file.write_text(f"sku,price,store\n{rows}")

    with pytest.raises(CommandError):
        run(goods(file))

    record = last()
    assert record.causes[0]["rows"] == 20_000
    assert len(str(vars(record))) < 50_000


def test_a_file_that_is_not_there_is_on_record(file: Path) -> None:
    with pytest.raises(CommandError):
        run(goods(file.with_name("gone.csv")))

    assert last().status == Status.FAILED
    assert "There is no file" in last().error


def test_a_dry_run_is_on_record_as_planned(file: Path) -> None:
    run(goods(file), "--dry_run")

    record = last()
    assert record.status == Status.PLANNED
    assert record.planned_at is not None
    assert record.counts["models"]["shop.Product"]["new"] == 3


def test_a_run_with_rejects_names_their_file(file: Path) -> None:
    file.write_text(GOODS)

    with pytest.raises(CommandError):
        run(goods(file), "--on-error", "skip", "--report", str(file) + ".json")

    record = last()
    assert record.rejects == f"{file}.rejects.csv"
    assert record.report == f"{file}.json"
    assert record.counts["rows_rejected"] == 5


def test_others_see_a_run_while_it_goes_on(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def look(ledger: Any, model: ModelClass, rows: int) -> None:
        other = connections[ALIAS].copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT status, file_name FROM importruns_importrun")
            seen.append(cursor.fetchall())
        other.close()

    monkeypatch.setattr("importruns.ledger.Ledger.batch", look)

    run(goods(file))

    assert seen == [[("running", "goods.csv")]]


def test_a_run_that_is_cancelled_is_rolled_back(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importruns.ledger.SECONDS_BETWEEN_WRITES", 0)
    written = Product.objects.count()

    def cancel(model: ModelClass) -> None:
        ImportRun.objects.update(is_cancelled=True)

    command = goods(file)
    bulks = command.get_bulks_by_model

    def cancelling(df: Any) -> Any:
        cancel(Product)
        return bulks(df)

    monkeypatch.setattr(command, "get_bulks_by_model", cancelling)
    with pytest.raises(CommandError, match="Interrupted") as error:
        run(command)

    assert error.value.returncode == 3
    assert Product.objects.count() == written
    assert last().status == Status.INTERRUPTED


@pytest.mark.parametrize("statement", ["INSERT", "UPDATE"])
def test_trouble_with_the_ledger_is_said_and_loses_no_import(
    file: Path, statement: str
) -> None:
    def full(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith(statement):
            raise DatabaseError("database or disk is full")
        return execute(sql, *args)

    with connections[ALIAS].execute_wrapper(full):
        said = run(goods(file))

    trouble = "The ledger of imports cannot be written: database or disk is full."
    assert said.count(f"{trouble} The import goes on.\n") == 1
    assert Product.objects.count() == 3


def test_without_its_table_the_ledger_says_what_to_do(file: Path) -> None:
    with connections[ALIAS].schema_editor() as editor:
        editor.delete_model(ImportRun)
    try:
        said = run(goods(file))
    finally:
        with connections[ALIAS].schema_editor() as editor:
            editor.create_model(ImportRun)

    assert "Run manage.py migrate." in said
    assert Product.objects.count() == 3


def test_no_ledger_leaves_no_record_and_asks_the_ledger_nothing(file: Path) -> None:
    def refuse(*_args: Any) -> Any:
        raise AssertionError("the ledger was asked")

    with connections[ALIAS].execute_wrapper(refuse):
        run(goods(file), "--no-ledger")

    assert not ImportRun.objects.exists()


def test_a_run_in_a_transaction_of_its_caller_is_not_on_record(file: Path) -> None:
    with transaction.atomic():
        run(goods(file))

    assert not ImportRun.objects.exists()


def test_a_run_costs_a_few_statements(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def count(execute: Any, sql: str, *args: Any) -> Any:
        asked.append(sql)
        return execute(sql, *args)

    def counted(wrapper: Any, alias: str | None = None) -> Any:
        made = copy(wrapper, alias)
        made.execute_wrappers.append(count)
        return made

    # The locks have a connection of their own, a copy of that of the ledger.
    copy = BaseDatabaseWrapper.copy
    monkeypatch.setattr(BaseDatabaseWrapper, "copy", counted)

    with connections[ALIAS].execute_wrapper(count):
        run(goods(file))

    # The record is made, completed and ended, one look is for the same file; locks of SQLite
    # are files.
    locks = 0 if connection.vendor == "sqlite" else 2
    assert len([sql for sql in asked if sql != "BEGIN IMMEDIATE"]) == 4 + locks, asked


def test_the_time_limit_of_a_command_leaves_its_record(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_self: object) -> None:
        while True:
            pass

    monkeypatch.setattr(
        "importkit.import_data.reports.reporter.Reporter.say_rejects", wait
    )

    with pytest.raises(CommandError, match="Stopped after 1 s"):
        run(goods(file), "--timeout", "1")

    record = last()
    assert (record.status, record.exit_code) == (Status.INTERRUPTED, 124)
    assert not Product.objects.exists()


def test_a_ledger_that_fails_lets_go_of_its_locks(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_ledger: object, _models: object) -> None:
        raise RuntimeError("a mistake of the ledger")

    with monkeypatch.context() as patch:
        patch.setattr("importruns.ledger.Ledger.loading", fail)
        run(goods(file))

    assert last().status == Status.DONE
    assert not is_alive(last())


@pytest.mark.parametrize("is_packed", [False, True])
def test_the_commit_of_the_code_is_on_record(
    tmp_path: Path, settings: Any, is_packed: bool
) -> None:
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    if is_packed:
        text = "# pack-refs with: peeled\nabc123 refs/heads/main\ndef refs/heads/x\n"
        (git / "packed-refs").write_text(text)
    else:
        (git / "refs" / "heads" / "main").write_text("abc123\n")
    settings.BASE_DIR = tmp_path

    assert code_version() == "abc123"


def test_a_secret_option_is_not_on_record(file: Path) -> None:
    found = options_of({"api_token": "s3cret", "file": Path("x.csv"), "mode": "sync"})

    assert found == {
        "api_token": "***",
        "file": str(Path.cwd() / "x.csv"),
        "mode": "sync",
    }


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://ada:pw@example.com/x.csv", "***"),
        ("https://example.com/x.csv?token=1", "***"),
        ("https://example.com/x.csv", "https://example.com/x.csv"),
    ],
)
def test_an_address_with_a_password_or_a_token_is_not_on_record(
    address: str, kept: str
) -> None:
    assert options_of({"file": address}) == {"file": kept}
    assert file_of({"file": address}) in ("x.csv", "x.csv?***")


def test_the_same_file_is_told_and_imported_all_the_same(file: Path) -> None:
    run(goods(file))
    first = last()
    Product.objects.filter(sku="1").delete()

    said = run(goods(file))

    day = timezone.localtime(first.started_at).strftime("%Y-%m-%d %H:%M")
    assert said.startswith(
        f"The same file was imported as run {first.pk} on {day}; checking it all the same.\n"
    )
    assert Product.objects.count() == 3


@pytest.mark.parametrize(("choice", "code"), [("skip", 0), ("refuse", 2)])
def test_the_same_file_is_skipped_or_refused_if_that_is_asked_for(
    file: Path, choice: str, code: int
) -> None:
    run(goods(file))
    first = last()
    Product.objects.all().delete()

    if code:
        with pytest.raises(CommandError, match=f"as run {first.pk} ") as error:
            run(goods(file), "--same-file", choice)
        assert error.value.returncode == code
    else:
        assert f"as run {first.pk} " in run(goods(file), "--same-file", choice)

    assert not Product.objects.exists()
    assert last().exit_code == code


def test_a_run_that_skipped_the_file_is_not_the_one_that_imported_it(
    file: Path,
) -> None:
    run(goods(file))
    first = last()
    run(goods(file), "--same-file", "skip")

    assert f"as run {first.pk} " in run(goods(file), "--same-file", "skip")


@pytest.mark.parametrize("change", ["content", "option", "failed", "dry_run"])
def test_what_is_not_the_same_run_is_not_told(file: Path, change: str) -> None:
    first = {"failed": ["--mode", "insert"], "dry_run": ["--dry_run"]}.get(change, [])
    if change == "failed":
        Product.objects.create(sku="1", price=1)
        with pytest.raises(CommandError):
            run(goods(file), *first)
        first_flags: list[str] = ["--mode", "insert"]
        Product.objects.all().delete()
    else:
        run(goods(file), *first)
        first_flags = []
    if change == "content":
        file.write_text(GOOD.replace("1.50", "1.51"))
    if change == "option":
        first_flags = ["--mode", "update"]

    assert "The same file" not in run(goods(file), *first_flags)


def test_the_connections_of_the_ledger_are_closed_with_the_run(file: Path) -> None:
    run(goods(file))

    assert connections[ALIAS].connection is None
    assert connection.connection is not None
