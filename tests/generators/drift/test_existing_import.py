"""``startimport --check``: the import as its owner has it, and how it reads files."""

import io
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import models

from importkit.cleaning import (
    Parser,
    Policy,
    number,
)
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv
from tests.generators.drift.gadgets import (
    FILE,
    RENAMED,
    RETYPED,
    WIDENED,
    Check,
    GadgetCleaningDF,
    GadgetCommand,
    report,
)


def test_a_file_that_fits_is_told_in_a_line(check: Check) -> None:
    assert check(FILE) == "new.csv fits import_gadgets: 3 rows, 5 columns.\n"
    assert check(FILE, "-v0") == ""


def test_what_the_owner_has_changed_counts(check: Check) -> None:
    class WideGadget(models.Model):
        sku = models.CharField(max_length=10, unique=True)
        name = models.CharField(max_length=40, blank=True)
        price = models.DecimalField(
            max_digits=6, decimal_places=2, null=True, blank=True
        )
        stock = models.IntegerField(null=True, blank=True)
        since = models.DateField()

        class Meta:
            app_label = "shop"

        def __str__(self) -> str:
            return self.sku

    class Rules(GadgetCleaningDF):
        on_new_column = Policy.IGNORE
        on_missing_column = Policy.WARN

        @classmethod
        def get_null_tokens(cls) -> dict[str, tuple[str, ...]]:
            return {"price": ("n.v.",)}

        @classmethod
        def get_col_parser_map(cls) -> dict[str, Parser]:
            return {"price": number(decimal=",")}

        @classmethod
        def get_no_null_cols(cls) -> tuple[str, ...]:
            return ("sku",)

    file = (
        "Sku;Name;Price;Since;Colour\n"
        "A-1;Chair with four legs;1,50;2026-01-31;red\n"
        "A-2;Table;n.v.;2026-02-01;blue\n"
    )

    found = check(file, rules=Rules, model=WideGadget, dialect=Dialect(separator=";"))

    assert found == "new.csv fits import_gadgets: 2 rows, 5 columns.\n"


def test_files_whose_columns_have_types_are_compared_as_well(check: Check) -> None:
    columns = {
        "Sku": ["A-1", "A-2"],
        "Name": ["Chair", "Table"],
        "Price": [1.5, 20.255],
        "Stock": [3.0, 4.5],
        "Since": ["2026-01-31", "2026-02-01"],
    }
    df = pl.DataFrame(columns).with_columns(pl.col("Since").str.to_date())
    df.write_parquet(check.folder / "new.parquet")

    assert check.of(check.folder / "new.parquet") == report(
        RETYPED,
        '- "Price": not a number of up to 4 digits and 2 decimals, 1 of 2 rows, on line'
        " 2; float in this file",
        '- "Stock": not a whole number between -2,147,483,648 and 2,147,483,647, 1 of 2 rows, on line 2; '
        "float in this file",
        size="2 rows, 5 columns",
        name="new.parquet",
    )
    df.with_columns(pl.col("Price").round(2), Stock=1).write_ndjson(
        check.folder / "new.ndjson"
    )
    assert check.of(check.folder / "new.ndjson") == (
        "new.ndjson fits import_gadgets: 2 rows, 5 columns.\n"
    )


def test_a_sheet_is_compared_as_the_command_reads_it(check: Check) -> None:
    cells = pl.read_csv(FILE.encode(), try_parse_dates=True)
    path = check.folder / "new.xlsx"
    with_sheet(path, cells.rename({"Stock": "Lager"}))

    assert check.of(path) == report(
        RENAMED,
        '- "Stock" is missing and "Lager" is new: the place and the kind (integer) are '
        'the same; "Stock": "stock", "Lager": "stock"',
        name="new.xlsx",
    )


def with_sheet(path: Path, df: pl.DataFrame) -> None:
    df.write_excel(path)


def test_a_kind_of_file_that_the_command_does_not_read_is_told(check: Check) -> None:
    pl.read_csv(FILE.encode()).write_parquet(check.folder / "new.parquet")

    def handle_import(self: ImportDataBaseCommand) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"))

    found = check.of(check.folder / "new.parquet", handle_import=handle_import)

    assert found.startswith(
        "1: new.parquet does not fit import_gadgets:\n"
        "  not read: An import refuses the file as a whole.\n"
        '    "new.parquet" '
    )


def test_standard_input_is_read_once_for_all(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FILE.encode())))

    assert check.of("-") == "- fits import_gadgets: 3 rows, 5 columns.\n"


def test_an_eager_frame_is_compared_as_well(check: Check) -> None:
    def handle_import(self: ImportDataBaseCommand) -> pl.DataFrame:
        return scan_csv(self.get_option("file")).collect()

    file = FILE.replace("Table", "Table and chair")

    assert check(file, handle_import=handle_import) == report(
        WIDENED,
        '- "Name": longer than 10 characters (up to 15), 1 of 3 rows, on line 3',
    )


def test_rows_without_lines_are_counted_and_instances_left_to_a_dry_run(
    check: Check,
) -> None:
    def without_lines(self: GadgetCommand, df: pl.LazyFrame) -> dict[Any, Any]:
        return {self.model: df.drop("_line")}

    def instances(self: GadgetCommand, df: pl.LazyFrame) -> dict[Any, Any]:
        return {self.model: (self.model() for _ in df.collect().iter_rows())}

    file = FILE.replace("Table", "Table and chair").replace("Lamp", "Lamp and lamp")
    assert check(file, get_bulks_by_model=without_lines) == report(
        WIDENED, '- "Name": longer than 10 characters (up to 15), 2 of 3 rows'
    )
    assert check(file, get_bulks_by_model=instances) == (
        "new.csv fits import_gadgets: 3 rows, 5 columns.\n"
        "shop.Gadget gets instances, which --check does not look at: run the import "
        "with --dry_run.\n"
    )


def test_options_that_state_how_a_file_is_read_apply(check: Check) -> None:
    file = FILE.replace("2026-01-31", "01/02/2026").replace("2026-02-0", "02/03/202")

    assert 'read by date("%m/%d/%Y")' in check(file, "--date-order", "MDY")
    assert 'read by date("%d/%m/%Y")' in check(file, "--date-order", "DMY")
    lines = zip(FILE.splitlines(), ("Zip", "1", "2", "3"), strict=True)
    more = "\n".join(map(",".join, lines))
    assert '- "Zip": text' in check(more, "--type", "zip=text").replace("    ", "- ")
    assert check(FILE, "--encoding", "latin-1").startswith("new.csv fits")
    assert '--sheet: "new.csv" is not a workbook' in check(FILE, "--sheet", "1")


def test_a_missing_file_and_a_missing_import_are_wrong_usage(check: Check) -> None:
    missing = check.of(check.folder / "other.csv")
    assert missing.startswith("2: ")
    assert "other.csv" in missing

    del check.commands["import_gadgets"]
    assert check.run(check.folder / "other.csv") == (
        "2: There is no import to check the file against: no app has a command "
        "import_gadgets. Run startimport without --check to write it.\n"
    )


def test_a_command_that_cannot_be_used_is_told(check: Check) -> None:
    path = check.folder / "new.csv"
    path.write_text(FILE)

    def other_option(_self: object, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, required=True)

    assert check.of(path, rules=dict) == (
        "2: import_gadgets does not use a CleaningDF: get_cleaning_df_cls returns "
        "<class 'dict'>.\n"
    )
    assert check.of(path, add_command_arguments=other_option) == (
        "2: --check reads a file with import_gadgets --file new.csv, which the command "
        "refuses: the following arguments are required: --path.\n"
    )
    check.commands["import_gadgets"] = "tests.no_app"
    assert check.run(path) == (
        "2: import_gadgets cannot be imported: ModuleNotFoundError: "
        "No module named 'tests.no_app'\n"
    )
    check.commands["import_gadgets"] = "django.core"
    assert check.run(path, "--app", "shop") == (
        '2: import_gadgets is a command of the app "django.core", not of "shop".\n'
    )
