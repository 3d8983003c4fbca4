"""Watchers follow a run and may end it; ``run_import`` gives back what a run did."""

from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.core.management.base import OutputWrapper

from importkit.errors import ConfigurationError
from importkit.import_data import (
    Cancelled,
    NothingToDo,
    Outcome,
    Run,
    Status,
    Watcher,
    import_named,
    run_import,
)
from importkit.models import ModelClass
from tests.importkit.import_data.goods import goods
from tests.importkit.shop.imports import run
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db

GOOD = "sku,price,store\n1,1.50,\n2,2,\n3,3,\n"


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Register a watcher; return what it hears."""
    heard: list[tuple[str, Any]] = []

    class Follower(Watcher):
        def started(self, run: Run) -> None:
            heard.append(("started", run.options.dry_run))

        def source_read(self, run: Run) -> None:
            heard.append(("source_read", [file.path.name for file in run.files]))

        def loading(self, models: Collection[ModelClass]) -> None:
            heard.append(("loading", [*models]))

        def batch(self, model: ModelClass, rows: int) -> None:
            heard.append(("batch", rows))

        def loaded(self) -> None:
            heard.append(("loaded", None))

        def ended(self, outcome: Outcome) -> None:
            heard.append(("ended", outcome.status))

    use(monkeypatch, Follower)
    return heard


def use(monkeypatch: pytest.MonkeyPatch, *kinds: type[Watcher]) -> None:
    monkeypatch.setattr("importkit.import_data.command.watchers_of_apps", lambda: kinds)


def test_a_watcher_hears_of_each_step_of_a_run(
    file: Path, followed: list[tuple[str, Any]]
) -> None:
    file.write_text(GOOD)

    run(goods(file), "--batch_size", "2")

    assert followed == [
        ("started", False),
        ("source_read", ["goods.csv"]),
        ("loading", [Product]),
        ("batch", 2),
        ("batch", 1),
        ("loaded", None),
        ("ended", Status.DONE),
    ]


def test_a_watcher_hears_of_a_run_that_bad_rows_stopped(
    file: Path, followed: list[tuple[str, Any]]
) -> None:
    with pytest.raises(CommandError):
        run(goods(file))

    assert followed[-2:] == [("loaded", None), ("ended", Status.REJECTED)]


def test_a_watcher_that_cancels_leaves_the_table_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopper(Watcher):
        rows = 0

        def batch(self, model: ModelClass, rows: int) -> None:
            self.rows += rows
            if self.rows == 2:
                raise Cancelled

    use(monkeypatch, Stopper)
    file.write_text(GOOD)
    command = goods(file)

    with pytest.raises(
        CommandError, match=r"^Interrupted\. Nothing was written"
    ) as error:
        run(command, "--batch_size", "1")

    assert error.value.returncode == 3
    assert command.outcome is not None
    assert command.outcome.status == Status.INTERRUPTED
    assert not Product.objects.exists()


def test_an_error_of_a_watcher_is_told_once_and_the_import_goes_on(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Watcher):
        def batch(self, model: ModelClass, rows: int) -> None:
            raise OSError(28, "No space left on device")

    use(monkeypatch, Broken)
    file.write_text(GOOD)
    command = goods(file)
    said = StringIO()
    command.stderr = OutputWrapper(said)

    run(command, "--batch_size", "1")

    assert said.getvalue() == (
        "Broken cannot follow this import any more (OSError: [Errno 28] No space left on "
        "device). The import goes on.\n"
    )
    assert Product.objects.count() == 3


def test_an_error_of_a_watcher_at_the_end_hides_no_error_of_the_import(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Watcher):
        def ended(self, outcome: Outcome) -> None:
            raise RuntimeError("gone")

    use(monkeypatch, Broken)

    with pytest.raises(CommandError, match="5 rows"):
        run(goods(file))


def test_a_watcher_may_refuse_a_run(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Doorkeeper(Watcher):
        def loading(self, models: Collection[ModelClass]) -> None:
            raise CommandError("Another run imports products.", returncode=3)

    use(monkeypatch, Doorkeeper)
    file.write_text(GOOD)

    with pytest.raises(CommandError, match="Another run imports products"):
        run(goods(file))

    assert not Product.objects.exists()


def test_a_watcher_may_end_a_run_that_has_nothing_to_do(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Skipper(Watcher):
        def source_read(self, run: Run) -> None:
            raise NothingToDo("The file was imported yesterday.")

    use(monkeypatch, Skipper)
    file.write_text(GOOD)

    outcome = run_import(goods(file))

    assert (outcome.status, outcome.exit_code) == (Status.DONE, 0)
    assert outcome.warnings == ["The file was imported yesterday."]
    assert not Product.objects.exists()


def test_run_import_gives_back_counts_causes_and_examples(file: Path) -> None:
    outcome = run_import(goods(file))

    assert (outcome.status, outcome.exit_code) == (Status.REJECTED, 1)
    assert outcome.error is not None
    assert outcome.rows_rejected == 5
    found = [
        (each.column, each.code, each.lines, each.values) for each in outcome.causes
    ]
    assert ("price", "unreadable", [4, 5], ["two", "x"]) in found
    assert outcome.models == []


def test_run_import_gives_back_what_was_written(file: Path, capsys: Any) -> None:
    file.write_text(GOOD)

    outcome = run_import(goods(file))

    [products] = outcome.models
    assert (products.model, products.new) == ("shop.Product", 3)
    assert (outcome.status, outcome.files) == (Status.DONE, [file])
    assert capsys.readouterr() == ("", "")


def test_wrong_options_are_no_run(file: Path) -> None:
    with pytest.raises(CommandError, match="--delete: only --mode sync"):
        run_import(goods(file), delete=True)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("chek", 'There is no command "chek" (did you mean "check"?).'),
        ("check", 'The command "check" is no import.'),
    ],
)
def test_a_name_that_is_no_import_is_refused(name: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        import_named(name)

    assert str(error.value) == message
