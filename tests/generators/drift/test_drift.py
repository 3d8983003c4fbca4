"""``startimport --check``: whether a file still fits an import as its owner has it."""

import io
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test.utils import isolate_apps

from importkit.cleaning import (
    CleaningDF,
    DType,
    Parser,
    Policy,
    date,
    number,
)
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv, scan_source

# pytest-django lets no test without its mark touch a database: a check needs none.

HEADER = "Sku,Name,Price,Stock,Since"
FILE = f"""\
{HEADER}
A-1,Chair,1.50,3,2026-01-31
A-2,Table,20.00,4,2026-02-01
A-3,Lamp,3.25,5,2026-02-03
"""
EMPTY = "empty: Fill the cell, or allow empty ones in get_no_null_cols and the model."
DIALECT = (
    "another dialect: If new files stay like this, change the Dialect of the command."
)
RENAMED = "renamed?: If it is the same column, put its new header into get_rename_map."
GONE = (
    "missing: Ask the sender for the column, remove it from the class and the model, or "
    "let it be empty: on_missing_column = Policy.WARN."
)
ADDED = (
    "new: Add the column to get_col_dtype_map and a field to the model, or leave the "
    "column out: on_new_column = Policy.IGNORE."
)
RETYPED = (
    "another type: If new files stay like this, change the parser in get_col_parser_map, "
    "or the type in get_col_dtype_map and the field."
)
WIDENED = "too wide: Widen the field, and the type in get_col_dtype_map."
WORDS = "null words: If these words mean an empty cell, add them to get_null_tokens."


class GadgetCleaningDF(CleaningDF):
    """As startimport would write it."""

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        names = ("Sku", "Name", "Price", "Stock", "Since")
        return {name: name.lower() for name in names}

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "sku": pl.String,
            "name": pl.String,
            "price": pl.Decimal(6, 2),
            "stock": pl.Int32,
            "since": pl.Date,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("sku", "price", "since")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {"name": ""}

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)


class GadgetCommand(ImportDataBaseCommand):
    """As startimport would write it, but for what the tests change."""

    rules: type[CleaningDF] = GadgetCleaningDF
    model: type[models.Model]
    dialect = Dialect()
    keys: ClassVar[tuple[str, ...]] = ("sku",)

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True)

    def handle_import(self) -> pl.LazyFrame:
        return scan_source(self.get_option("file"), self.dialect)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return self.rules

    def get_bulks_by_model(self, df: Any) -> dict[type[models.Model], Any]:
        return {self.model: df}

    def get_natural_keys(self) -> dict[type[models.Model], tuple[str, ...]]:
        return {self.model: self.keys}


@pytest.fixture
def gadget() -> Iterator[type[models.Model]]:
    with isolate_apps("tests.importkit.shop"):

        class Gadget(models.Model):
            sku = models.CharField(max_length=10, unique=True)
            name = models.CharField(max_length=10, blank=True)
            price = models.DecimalField(max_digits=6, decimal_places=2)
            stock = models.IntegerField(null=True, blank=True)
            since = models.DateField()

            class Meta:
                app_label = "shop"

            def __str__(self) -> str:
                return self.sku

        yield Gadget


@dataclass(frozen=True)
class Check:
    """Checks a file against the import of gadgets."""

    folder: Path
    model: type[models.Model]
    commands: dict[str, Any]

    def __call__(
        self,
        content: str | bytes,
        *flags: str,
        rules: type[CleaningDF] = GadgetCleaningDF,
        **changes: Any,
    ) -> str:
        """Return what is said, after the exit code if that is not 0."""
        path = self.folder / "new.csv"
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)
        return self.of(path, *flags, rules=rules, **changes)

    def of(self, path: Path | str, *flags: str, **changes: Any) -> str:
        changes = {"model": self.model, **changes}
        made = type("Command", (GadgetCommand,), changes)()
        self.commands["import_gadgets"] = made
        return self.said(path, *flags)

    def said(self, path: Path | str, *flags: str) -> str:
        out = StringIO()
        try:
            call_command("startimport", "gadgets", path, "--check", *flags, stdout=out)
        except CommandError as error:
            return f"{error.returncode}: {error}\n"
        return out.getvalue()


@pytest.fixture
def check(
    tmp_path: Path, gadget: type[models.Model], monkeypatch: pytest.MonkeyPatch
) -> Check:
    commands: dict[str, Any] = {}
    monkeypatch.setattr(
        "generators.drift.existing_import.get_commands", lambda: commands
    )
    return Check(tmp_path, gadget, commands)


def report(*lines: str, size: str = "3 rows, 5 columns", name: str = "new.csv") -> str:
    """Return a report: headings as they are, findings with a dash before them."""
    told = (
        f"    {line[2:]}" if line.startswith("- ") else f"  {line}" for line in lines
    )
    return "\n".join([f"1: {name} does not fit import_gadgets ({size}):", *told, ""])


def without(column: int) -> str:
    """Return the file without one of its columns."""
    rows = [line.split(",") for line in FILE.splitlines()]
    return "\n".join(",".join(row[:column] + row[column + 1 :]) for row in rows) + "\n"


def test_a_file_that_fits_is_told_in_a_line(check: Check) -> None:
    assert check(FILE) == "new.csv fits import_gadgets: 3 rows, 5 columns.\n"
    assert check(FILE, "-v0") == ""


def test_the_order_of_columns_and_what_is_only_inferred_otherwise_is_no_drift(
    check: Check,
) -> None:
    # The price is taken for a whole number, the name for a decimal, the stock for text.
    file = "Stock,Since,Sku,Price,Name\n,2026-01-31,7,1,1.5\n,2026-02-01,8,2,2.5\n"

    assert check(file) == "new.csv fits import_gadgets: 2 rows, 5 columns.\n"


def test_a_new_column_is_told_with_its_kind(check: Check) -> None:
    lines = zip(FILE.splitlines(), ("Rebate", "0.5", "", "1.5"), strict=True)
    file = "\n".join(map(",".join, lines))

    assert check(file) == report(
        ADDED, '- "Rebate": decimal, 1 of 3 empty', size="3 rows, 6 columns"
    )


def test_a_column_that_is_gone_is_told_and_not_as_empty(check: Check) -> None:
    assert check(without(2)) == report(GONE, '- "Price"', size="3 rows, 4 columns")


def test_a_near_name_of_the_same_kind_may_be_a_column_that_was_renamed(
    check: Check,
) -> None:
    assert check(FILE.replace("Price", "Prices")) == report(
        RENAMED, '- "Price" is missing and "Prices" is new: the names are alike'
    )


def test_a_near_name_of_another_kind_is_another_column(check: Check) -> None:
    file = FILE.replace("Price", "Prices").replace("1.50", "low")

    assert check(file) == report(GONE, '- "Price"', ADDED, '- "Prices": text')


def test_a_name_at_the_same_place_may_be_a_column_that_was_renamed(
    check: Check,
) -> None:
    assert check(FILE.replace("Stock", "Lager")) == report(
        RENAMED,
        '- "Stock" is missing and "Lager" is new: the place and the kind (integer) are the same',
    )


def test_what_does_not_fit_in_a_column_that_was_renamed_is_told_as_well(
    check: Check,
) -> None:
    file = FILE.replace("Price", "Prices").replace("20.00", "20.005")

    assert check(file) == report(
        RENAMED,
        '- "Price" is missing and "Prices" is new: the names are alike',
        WIDENED,
        '- "Price": not a number of up to 4 digits and 2 decimals, 1 of 3 rows, on line'
        " 3; up to 2 digits and 3 decimals in this file",
    )


def test_values_of_another_kind_are_counted_with_the_kind_that_they_have_now(
    check: Check,
) -> None:
    file = FILE.replace(",4,", ",4.5,").replace(",5,", ",5.5,")

    assert check(file) == report(
        RETYPED,
        '- "Stock": not a whole number that fits Int32, 2 of 3 rows, the first on line '
        "3; decimal in this file",
    )


def test_values_that_are_written_otherwise_are_told_with_the_parser(
    check: Check,
) -> None:
    file = FILE.replace("2026-01-31", "31.1.2026").replace("2026-02-0", "13.2.202")

    assert check(file) == report(
        RETYPED,
        '- "Since": not a date (YYYY-MM-DD), 3 of 3 rows, the first on line 2; date in '
        'this file, read by date("%d.%m.%Y")',
    )


def test_values_that_need_their_parser_no_more_are_told(check: Check) -> None:
    class Rules(GadgetCleaningDF):
        @classmethod
        def get_col_parser_map(cls) -> dict[str, Parser]:
            return {"since": date("%d.%m.%Y")}

    assert check(FILE, rules=Rules) == report(
        RETYPED,
        '- "Since": not a date like 31.12.2026, 3 of 3 rows, the first on line 2; date '
        "in this file, which needs no parser",
    )


def test_longer_text_is_told_with_its_length(check: Check) -> None:
    file = FILE.replace("Table", "Table, nearly round")
    file = file.replace("Table, nearly round", '"Table, nearly round"')

    assert check(file) == report(
        WIDENED,
        '- "Name": longer than 10 characters (up to 19), 1 of 3 rows, on line 3',
    )


def test_larger_numbers_are_told_with_their_digits(check: Check) -> None:
    file = FILE.replace("20.00", "20000.00").replace(",4,", ",40000000000,")

    assert check(file) == report(
        WIDENED,
        '- "Price": not a number of up to 4 digits and 2 decimals, 1 of 3 rows, on line'
        " 3; up to 5 digits and 2 decimals in this file",
        '- "Stock": not a whole number that fits Int32, 1 of 3 rows, on line 3; '
        "up to 11 digits in this file",
    )


def test_new_words_for_nothing_are_told_apart_from_values(check: Check) -> None:
    file = FILE.replace(",4,", ",n/a,").replace(",5,", ",5.5,")
    file = file.replace("3.25", "k.A.")

    assert check(file) == report(
        RETYPED,
        '- "Stock": not a whole number that fits Int32, 1 of 3 rows, on line 4; '
        "decimal in this file",
        WORDS,
        '- "Stock": "n/a", 1 of 3 rows, on line 3',
        '- "Price": "k.A.", 1 of 3 rows, on line 4; the column must not be empty '
        "(get_no_null_cols)",
    )


def test_words_that_nobody_knows_are_counted_and_not_shown(check: Check) -> None:
    file = FILE.replace(",4,", ",unknown,").replace(",5,", ",unknown,")

    assert check(file) == report(
        RETYPED,
        '- "Stock": not a whole number that fits Int32, 2 of 3 rows, the first on line '
        "3; text in this file (1 distinct word: null words?)",
    )


def test_a_required_column_with_empty_cells_is_told_once(check: Check) -> None:
    assert check(FILE.replace("20.00", "")) == report(
        EMPTY, '- "Price": must not be empty, 1 of 3 rows, on line 3'
    )


def test_a_row_with_several_problems_is_told_of_with_all_of_them(check: Check) -> None:
    # The model is asked although the cleaning refuses the row.
    file = FILE.replace("Table,20.00", "Table and chair,dear")

    assert check(file) == report(
        RETYPED,
        '- "Price": not a number of up to 4 digits and 2 decimals, 1 of 3 rows, on line'
        " 3; text in this file",
        WIDENED,
        '- "Name": longer than 10 characters (up to 15), 1 of 3 rows, on line 3',
    )


def test_a_value_that_is_no_choice_is_told_with_the_choices_alone(
    check: Check, gadget: type[models.Model]
) -> None:
    name: Any = gadget._meta.get_field("name")
    name.choices = [("Chair", "C"), ("Lamp", "L")]

    assert check(FILE) == report(
        "choice: Correct the value, or add it to the choices of the field.",
        "- \"Name\": not one of 'Chair', 'Lamp', 1 of 3 rows, on line 3",
    )


def test_rows_that_cannot_be_read_are_told(check: Check) -> None:
    assert check(f"{FILE}A-4,Desk\n") == report(
        "fields: Check the separator, and put quotes around text that holds it.",
        "- 2 fields instead of 5, 1 of 4 rows, on line 5",
        size="4 rows, 5 columns",
    )


def test_only_the_first_findings_of_a_kind_are_listed(check: Check) -> None:
    more = ",".join(f"more {number}" for number in range(12))
    rows = [f"{line},{more}" for line in FILE.splitlines()]

    lines = check("\n".join(rows)).splitlines()

    assert len(lines) == 13
    assert lines[-1] == "    ... and 2 more"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (FILE.replace(",", ";").encode(), ('separator=";"', 'separator=","')),
        (f"Gadgets\n\n{FILE}".encode(), ("skip=2", "skip=0")),
        (
            FILE.replace("Lamp", "Lämp").encode("cp1252"),
            ('encoding="cp1252"', 'encoding="utf-8"'),
        ),
    ],
    ids=["separator", "skip", "encoding"],
)
def test_a_file_that_is_written_otherwise_is_told_and_read_so(
    check: Check, content: bytes, told: tuple[str, str]
) -> None:
    new, old = told
    assert check(content) == report(
        DIALECT, f"- {new} in the file, {old} in the import"
    )


def test_a_file_that_cannot_be_read_at_all_is_told_with_how_it_is_written(
    check: Check,
) -> None:
    assert check(FILE.encode("utf-16")) == (
        "1: new.csv does not fit import_gadgets:\n"
        "  not read: An import refuses the file as a whole.\n"
        '    "new.csv" is not utf-8: line 1 holds the byte 0xff. Name the encoding that '
        'the file has in the Dialect, for example encoding="cp1252".\n'
        f"  {DIALECT}\n"
        '    encoding="utf-16" in the file\n'
    )


def test_utf_8_in_place_of_another_encoding_is_told_although_it_reads(
    check: Check,
) -> None:
    latin = Dialect(encoding="cp1252")

    assert check(FILE.replace("Lamp", "Lämp"), dialect=latin) == report(
        DIALECT, '- encoding="utf-8" in the file, encoding="cp1252" in the import'
    )
    assert check(FILE, dialect=latin).startswith("new.csv fits")


def test_the_dialect_of_the_owner_stands_as_long_as_the_file_reads_so(
    check: Check,
) -> None:
    content = FILE.replace("Lamp", "10 €").encode("iso8859-15")

    found = check(content, dialect=Dialect(encoding="iso8859-15"))

    assert found == "new.csv fits import_gadgets: 3 rows, 5 columns.\n"


def test_a_header_that_is_gone_is_told_without_the_values_in_its_place(
    check: Check,
) -> None:
    rows = FILE.partition("\n")[2]

    assert check(rows) == (
        f"1: new.csv does not fit import_gadgets:\n  {DIALECT}\n"
        "    header=False in the file, header=True in the import\n"
    )


class PlainCleaningDF(GadgetCleaningDF):
    """The rules for files without a header."""

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            f"column_{place}": name
            for place, name in enumerate(cls.get_col_dtype_map(), start=1)
        }


def test_files_without_a_header_are_compared_by_their_places(check: Check) -> None:
    rows = FILE.partition("\n")[2].replace(",4,", ",4.5,")

    found = check(rows, rules=PlainCleaningDF, dialect=Dialect(header=False))

    assert found == report(
        RETYPED,
        '- "column_4": not a whole number that fits Int32, 1 of 3 rows, on line 2; '
        "decimal in this file",
    )


def test_a_header_that_is_new_is_told_and_no_row(check: Check) -> None:
    found = check(FILE, rules=PlainCleaningDF, dialect=Dialect(header=False))

    assert found == report(
        DIALECT, "- header=True in the file, header=False in the import"
    )


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


def test_a_missing_column_that_may_be_empty_is_drift_where_it_may_be_misspelt(
    check: Check,
) -> None:
    class Rules(GadgetCleaningDF):
        on_missing_column = Policy.IGNORE

    assert check(FILE.replace("Stock", "Stocks"), rules=Rules) == report(
        RENAMED, '- "Stock" is missing and "Stocks" is new: the names are alike'
    )
    assert check(without(3), rules=Rules).startswith("new.csv fits")
    assert check(without(2), rules=Rules) == report(
        GONE, '- "Price"', size="3 rows, 4 columns"
    )


def test_repeats_that_are_left_out_are_no_drift_but_told(check: Check) -> None:
    assert check(FILE.replace("A-3", "A-1")) == (
        "new.csv fits import_gadgets: 3 rows, 5 columns.\n"
        "An import leaves out 1 row: sku as in an earlier row (line 4).\n"
    )


def test_repeats_of_a_natural_key_that_nothing_leaves_out_are_told(
    check: Check,
) -> None:
    class Rules(GadgetCleaningDF):
        @classmethod
        def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
            return ()

    assert check(FILE.replace("A-3", "A-1"), rules=Rules) == report(
        "duplicate: Keep one of the rows, or state the key in get_unique_subsets.",
        '- "Sku": has the natural key of an earlier row, 1 of 3 rows, on line 4',
    )


def test_no_value_of_a_personal_column_is_told_but_its_words_for_nothing_are(
    check: Check,
) -> None:
    class Rules(GadgetCleaningDF):
        @classmethod
        def get_personal_cols(cls) -> tuple[str, ...]:
            return ("name", "price", "stock", "since")

    file = FILE.replace(",4,", ",n/a,").replace("Table", "Table of Bob")

    assert check(file, rules=Rules) == report(
        WIDENED,
        '- "Name": longer than 10 characters (up to 12), 1 of 3 rows, on line 3',
        WORDS,
        '- "Stock": "n/a", 1 of 3 rows, on line 3',
    )


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
        '- "Stock": not a whole number that fits Int32, 1 of 2 rows, on line 2; '
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
        '- "Stock" is missing and "Lager" is new: the place and the kind (integer) are the same',
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


def test_a_frame_that_is_no_lazy_one_is_compared_as_well(check: Check) -> None:
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


def test_what_is_said_of_a_file_still_applies(check: Check) -> None:
    file = FILE.replace("2026-01-31", "01/02/2026").replace("2026-02-0", "02/03/202")

    assert 'read by date("%m/%d/%Y")' in check(file, "--date-order", "MDY")
    assert 'read by date("%d/%m/%Y")' in check(file, "--date-order", "DMY")
    lines = zip(FILE.splitlines(), ("Zip", "1", "2", "3"), strict=True)
    more = "\n".join(map(",".join, lines))
    assert '- "Zip": text' in check(more, "--type", "zip=text").replace("    ", "- ")
    assert check(FILE, "--encoding", "latin-1").startswith("new.csv fits")
    assert check(FILE, "--sheet", "1") == '2: --sheet: "new.csv" is no workbook.\n'


def test_a_missing_file_and_a_missing_import_are_wrong_usage(check: Check) -> None:
    missing = check.of(check.folder / "other.csv")
    assert missing.startswith("2: ")
    assert "other.csv" in missing

    del check.commands["import_gadgets"]
    assert check.said(check.folder / "other.csv") == (
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
    assert check.said(path) == (
        "2: import_gadgets cannot be imported: ModuleNotFoundError: "
        "No module named 'tests.no_app'\n"
    )
    check.commands["import_gadgets"] = "django.core"
    assert check.said(path, "--app", "shop") == (
        '2: import_gadgets is a command of the app "django.core", not of "shop".\n'
    )
