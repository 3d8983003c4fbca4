"""A column with several headers: a file has one of them, whatever its format."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError

from importkit.source import Dialect, scan_source
from tests.importkit.rules import rules
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db

SPELLINGS = ("Price (EUR)", "Price EUR")
TOLD = 'Column "price" is read from the header "{}".\n'
BOTH = (
    'The source has 2 headers of the column "price", which is read from one of them: '
    '"Price (EUR)", "Price EUR". Remove all but one from the file, or give them to '
    "different columns in get_rename_map."
)


def products(
    path: Path, headers: tuple[str, ...] = SPELLINGS, dialect: Dialect | None = None
) -> Import:
    class Products(Import):
        def handle_import(self) -> Any:
            return scan_source(path, dialect or Dialect())

    return Products(
        lambda df: {Product: df},
        {Product: ("sku",)},
        rules=rules(
            {"sku": pl.String, "price": pl.Decimal(8, 2)},
            rename_map={"Sku": "sku", **dict.fromkeys(headers, "price")},
        ),
    )


def written(folder: Path, ending: str, columns: dict[str, list[str]]) -> Path:
    path, frame = folder / f"products.{ending}", pl.DataFrame(columns)
    if ending == "parquet":
        frame.write_parquet(path)
    elif ending == "xlsx":
        frame.write_excel(path)
    else:
        frame.write_csv(path)
    return path


def refusal(command: Import, *flags: str) -> str:
    with pytest.raises(CommandError) as error:
        run(command, *flags)
    return str(error.value)


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("header", SPELLINGS)
def test_a_file_of_any_format_has_one_of_the_headers(
    tmp_path: Path, ending: str, header: str
) -> None:
    path = written(tmp_path, ending, {"Sku": ["a"], header: ["1.50"]})

    said = run(products(path), "-v2")

    told = f"{TOLD.format(header)}Products: 1 new, 0 changed, 0 unchanged.\n"
    assert said.endswith(told)
    assert Product.objects.values_list("sku", "price").get() == (
        "a",
        Decimal("1.50"),
    )


def test_which_header_a_column_has_is_said_only_if_asked_for_and_if_there_are_several(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "csv", {"Sku": ["a"], "Price EUR": ["1.50"]})

    assert "header" not in run(products(path))
    assert "header" not in run(products(path, ("Price EUR",)), "-v2")


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_two_headers_of_one_column_are_an_error_that_names_both(
    tmp_path: Path, ending: str
) -> None:
    columns = {"Sku": ["a"], "Price EUR": ["1"], "Price (EUR)": ["2"]}
    path = written(tmp_path, ending, columns)

    assert refusal(products(path)) == f"{BOTH}\nNothing was written."
    assert not Product.objects.exists()


def test_case_and_spaces_are_not_folded(tmp_path: Path) -> None:
    path = written(tmp_path, "csv", {"Sku": ["a"], "price eur": ["1"]})

    assert refusal(products(path)) == (
        'The source lacks 1 of 2 columns: "Price (EUR)" or "Price EUR" (did you mean '
        '"price eur"?). It has "Sku", "price eur".\nNothing was written.'
    )


def test_an_error_shows_the_row_under_the_header_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "csv", {"Price EUR": ["x"], "Sku": ["a"]})

    assert refusal(products(path)).splitlines()[1:4] == [
        '  price ("Price EUR"): not a number of up to 6 digits and 2 decimals '
        "[unreadable], 1 row",
        "    2 | x,a",
        "      | ^",
    ]


def test_rejects_keep_the_header_of_the_file_and_can_be_imported(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "csv", {"Sku": ["a", "b"], "Price EUR": ["1", "x"]})
    rejects = tmp_path / "products.csv.rejects.csv"

    refusal(products(path), "--on-error", "skip")

    assert rejects.read_text().startswith("Sku,Price EUR,_line,")
    rejects.write_text(rejects.read_text().replace("b,x", "b,2"))
    run(products(rejects))
    assert set(Product.objects.values_list("sku", "price")) == {
        ("a", Decimal(1)),
        ("b", Decimal(2)),
    }


@pytest.mark.parametrize("header", SPELLINGS)
def test_a_header_is_found_below_notes_under_each_spelling(
    tmp_path: Path, header: str
) -> None:
    path = tmp_path / "products.csv"
    path.write_text(f"Prices\n\nof 2026\nSku,{header}\na,1\n")

    said = run(products(path, dialect=Dialect(skip=9)))

    assert said.startswith("The header is in line 4, found by its names")


def test_a_report_names_the_column_whatever_its_header_is(tmp_path: Path) -> None:
    causes = []
    for header in SPELLINGS:
        path = written(tmp_path, "csv", {"Sku": ["a"], header: ["x"]})
        report = tmp_path / f"{header}.json"
        refusal(products(path), "--report", str(report))
        causes.append(json.loads(report.read_text())["causes"])

    assert causes[0] == causes[1]
    assert causes[0][0]["column"] == "price"
