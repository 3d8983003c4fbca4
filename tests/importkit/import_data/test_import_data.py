import io
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection, models
from django.db.models.signals import post_save, pre_save
from django.test.utils import CaptureQueriesContext

from importkit.cleaning import CleaningDF, Contradiction, DType
from importkit.import_data import ImportDataBaseCommand
from importkit.loading import Bulk
from importkit.source import read_csv
from tests.importkit.shop.models import Product, Store

pytestmark = pytest.mark.django_db

CSV = "sku,store\na,north\nb,south\na,west\nc,north\n"


class ProductCleaningDF(CleaningDF):
    """Rules of the products file."""

    on_contradiction = Contradiction.KEEP_FIRST

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"sku": pl.String, "store": pl.String}

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("sku",)


class ImportProducts(ImportDataBaseCommand):
    """Import products and the stores that they name."""

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True)

    def handle_import(self) -> pl.DataFrame:
        return read_csv(self.get_option("file"))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return ProductCleaningDF

    def get_bulks_by_model(self, df: pl.DataFrame) -> Mapping[type[models.Model], Bulk]:
        stores = {
            name: Store(name=name) for name in df["store"].unique(maintain_order=True)
        }
        return {
            Product: (
                Product(sku=row["sku"], store=stores[row["store"]])
                for row in df.iter_rows(named=True)
            ),
            Store: stores.values(),
        }


class ImportFrame(ImportProducts):
    """Import products as a frame."""

    def get_bulks_by_model(
        self, df: pl.DataFrame
    ) -> dict[type[models.Model], pl.DataFrame]:
        return {Product: df.select("sku")}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "products.csv"
    path.write_text(CSV)
    return path


def run(command: ImportDataBaseCommand, file: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, file=file, stdout=out, **options)
    return out.getvalue()


def test_a_file_becomes_rows_of_several_models(file: Path) -> None:
    output = run(ImportProducts(), file)

    rows = Product.objects.order_by("sku").values_list("sku", "store__name")
    assert list(rows) == [("a", "north"), ("b", "south"), ("c", "north")]
    assert output == (
        "Left out 1 row: sku as in an earlier row, whose other values are kept (line 4).\n"
        "Products: 3 new.\nStores: 2 new.\n"
    )


def test_a_frame_is_a_bulk_too(file: Path) -> None:
    output = run(ImportFrame(), file)

    assert list(Product.objects.values_list("sku", flat=True)) == ["a", "b", "c"]
    assert output.endswith("Products: 3 new.\n")


@pytest.mark.parametrize("command", [ImportProducts, ImportFrame])
def test_a_dry_run_writes_nothing_and_counts_as_the_real_run_does(
    file: Path, command: Callable[[], ImportDataBaseCommand]
) -> None:
    signals: list[object] = []
    for signal in (pre_save, post_save):
        signal.connect(
            lambda **kwargs: signals.append(kwargs), weak=False, dispatch_uid="t"
        )

    with CaptureQueriesContext(connection) as queries:
        output = run(command(), file, dry_run=True)

    for signal in (pre_save, post_save):
        signal.disconnect(dispatch_uid="t")
    words = {query["sql"].split()[0] for query in queries}
    assert words <= {"SAVEPOINT", "RELEASE", "SELECT"}
    assert signals == []
    assert not Product.objects.exists()
    assert output == run(command(), file) + "Dry run: nothing was written.\n"


def test_bad_rows_are_named_and_nothing_is_written(file: Path) -> None:
    file.write_text(CSV + ",north\n")

    with pytest.raises(CommandError) as error:
        run(ImportProducts(), file)

    assert error.value.returncode == 1
    assert str(error.value) == (
        "1 problem in 1 row:\n"
        "  sku: must not be empty [empty], 1 row\n"
        "    6 | ,north\n"
        "      | ^\n"
        "    Fill the cell, or see get_no_null_cols, get_fill_null_map and get_on_empty.\n"
        "docs/codes.md says what each code in brackets means.\n"
        "Nothing was written."
    )
    assert not Store.objects.exists()


def test_what_the_database_refuses_leaves_every_table_as_it_was(file: Path) -> None:
    Product.objects.create(sku="c")

    with pytest.raises(
        CommandError,
        match=r"sku: in the table already .*, 1 row(.|\n)*see get_natural_keys",
    ) as error:
        run(ImportProducts(), file, batch_size=1)

    assert error.value.returncode == 1
    assert Product.objects.count() == 1
    assert not Store.objects.exists()


@pytest.mark.parametrize(
    ("batch_size", "statements"), [(1, 3), (2, 2), (3, 1), (None, 1)]
)
def test_the_batch_size_is_that_of_the_inserts(
    file: Path, inserts: list[str], batch_size: int | None, statements: int
) -> None:
    run(ImportFrame(), file, batch_size=batch_size)

    assert len(inserts) == statements


@pytest.mark.parametrize("option", ["threads", "processes"])
def test_options_that_an_import_cannot_honour_are_refused(
    file: Path, option: str
) -> None:
    with pytest.raises(CommandError, match=f"--{option}: ") as error:
        run(ImportProducts(), file, **{option: 2})

    assert error.value.returncode == 2


def test_help_shows_the_defaults_and_which_options_an_import_refuses() -> None:
    parser = ImportProducts().create_parser("manage.py", "import_products")
    text = " ".join(parser.format_help().split())

    assert "at most N rows, or N% of the rows, of a table; otherwise nothing" in text
    assert "is written. The default is 10%." in text
    assert "refused by this command: --threads N One connection holds the one" in text


def test_help_shows_the_file_first_and_the_options_of_django_last() -> None:
    parser = ImportProducts().create_parser("manage.py", "import_products")
    text = " ".join(parser.format_help().split())

    parts = [
        *("options:", "--file", "what is written:", "--mode", "rows with problems:"),
        *("every command of this project:", "--yes", "every Django command:"),
    ]
    assert text.startswith("usage: manage.py import_products --file FILE [options] ")
    shown = text.partition("[options] ")[2]
    assert [part for part in parts if part in shown] == parts
    assert sorted(parts, key=shown.index) == parts


@pytest.mark.parametrize(
    ("flag", "meant"), [("--dryrun", "--dry_run"), ("-mode=sync", "--mode")]
)
def test_a_misspelt_option_is_told_with_the_nearest(flag: str, meant: str) -> None:
    with pytest.raises(CommandError, match=rf"did you mean {meant}\?"):
        call_command(ImportProducts(), "--file", "x.csv", flag)


@pytest.mark.parametrize("flag", ["--dry", "--batch", "--dry_run", "--dry-run"])
def test_two_spellings_of_an_option_have_one_short_form(flag: str) -> None:
    number = ["7"] if flag == "--batch" else []
    parser = ImportProducts().create_parser("manage.py", "import_products")

    found = parser.parse_args(["--file", "x.csv", flag, *number])

    assert found.batch_size == 7 if number else found.dry_run is True


def test_a_short_form_of_two_options_is_refused() -> None:
    with pytest.raises(CommandError, match="could match --dry_run, --delete"):
        call_command(ImportProducts(), "--file", "x.csv", "--d")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["../my files/x.csv"], r" \(did you mean --file '../my files/x.csv'\?\)"),
        (["x.csv", "--mode", "sync"], r" \(did you mean --file x.csv\?\)"),
        (["--mode", "sync"], ""),
        ([], ""),
    ],
)
def test_a_file_without_its_option_is_told_with_the_option(
    arguments: list[str], hint: str
) -> None:
    with pytest.raises(CommandError, match=f"are required: --file{hint}$"):
        call_command(ImportProducts(), *arguments)


def test_delete_is_refused(file: Path) -> None:
    with pytest.raises(
        CommandError, match="--delete: only --mode sync looks for rows to delete"
    ):
        run(ImportProducts(), file, delete=True)


def test_verbosity_zero_is_silent(file: Path) -> None:
    assert run(ImportProducts(), file, verbosity=0) == ""


def test_progress_is_shown_on_a_terminal_only(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.import_data.reports.progress.DELAY", 0)
    run(ImportProducts(), file)
    silent = capsys.readouterr().err
    Product.objects.all().delete()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    run(ImportProducts(), file)

    assert silent == ""
    assert "products" in capsys.readouterr().err


def test_an_import_without_anything_to_create_says_so(file: Path) -> None:
    class ImportNothing(ImportProducts):
        def get_bulks_by_model(
            self, df: pl.DataFrame
        ) -> dict[type[models.Model], Bulk]:
            return {}

    assert run(ImportNothing(), file).endswith("Nothing to write.\n")


def test_the_steps_run_without_options_and_write_once() -> None:
    class Imported(ImportFrame):
        times = 0

        def handle_import(self) -> pl.DataFrame:
            return pl.DataFrame({"sku": ["a", "b"], "store": [None, None]})

        def import_to_db(self) -> None:
            self.times += 1
            super().import_to_db()

    command = Imported(stdout=io.StringIO())

    command.handle_command()

    assert command.times == 1
    assert Product.objects.count() == 2


@pytest.mark.parametrize(("tag", "is_refused"), [("urls", False), ("models", True)])
def test_only_what_is_wrong_with_models_keeps_an_import_from_running(
    monkeypatch: pytest.MonkeyPatch, tag: str, *, is_refused: bool
) -> None:
    def check(**_: Any) -> list[checks.Error]:
        return [checks.Error("This is wrong.")]

    class Imported(ImportFrame):
        def add_command_arguments(self, parser: ArgumentParser) -> None:
            """Take no options."""

        def handle_import(self) -> pl.DataFrame:
            return pl.DataFrame({"sku": ["a"], "store": [None]})

    monkeypatch.setattr(checks.registry.registry, "registered_checks", set())
    checks.register(check, tag)
    with pytest.raises(SystemCheckError) if is_refused else nullcontext():
        call_command(Imported(), skip_checks=False, verbosity=0)

    assert Product.objects.exists() is not is_refused


def test_the_steps_are_abstract() -> None:
    assert ImportDataBaseCommand.__abstractmethods__ == {
        "add_command_arguments",
        "handle_import",
        "get_cleaning_df_cls",
        "get_bulks_by_model",
    }
