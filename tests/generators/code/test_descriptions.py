"""Docstrings say what a file is, in words of ours and in names that are safe."""

import ast
from dataclasses import replace

import pytest

from generators.code.plan import ImportPlan
from generators.code.rendering import render
from generators.sample.facts import Origin
from importkit.source import Dialect, Format
from tests.generators.planning import PRODUCTS, plan_into, plan_of
from tests.importkit.shop.models import Product

CLEANING = "products/cleaning/products.py"
COMMAND = "products/management/commands/import_products.py"
MODELS = "products/models.py"


def docstring(plan: ImportPlan, path: str) -> str:
    """Return the docstring of the class in a module."""
    [found] = [
        node
        for node in ast.parse(render(plan)[path]).body
        if isinstance(node, ast.ClassDef)
    ]
    return ast.get_docstring(found) or ""


@pytest.mark.parametrize(
    ("dialect", "file"),
    [
        (Dialect(), "a CSV file"),
        (Dialect(";", encoding="cp1252"), "a CSV file with semicolons in cp1252"),
        (Dialect("~"), "a CSV file with a separator of its own"),
        (Dialect("\t", header=False), "a CSV file with tabs without a header"),
        (Dialect(encoding='latin"""1'), "a CSV file in iso8859-1"),
    ],
)
def test_a_delimited_file_is_told_by_what_is_unusual(
    dialect: Dialect, file: str
) -> None:
    plan = plan_of(PRODUCTS, dialect=dialect)

    assert docstring(plan, COMMAND) == f"Import products from {file}."
    assert docstring(plan, CLEANING).startswith(f"The rules for products: {file}.\n")
    assert docstring(plan, MODELS).startswith(f"One row of {file}")


@pytest.mark.parametrize(
    ("format", "file", "example"),
    [
        (Format.WORKBOOK, "a sheet of a workbook", "products.xlsx"),
        (Format.NDJSON, "an NDJSON file", "products.ndjson"),
        (Format.JSON, "a JSON file", "products.json"),
        (Format.PARQUET, "a Parquet file", "products.parquet"),
        (Format.DELIMITED, "a CSV file", "products.csv"),
    ],
)
def test_another_format_is_told_by_its_name(
    format: Format, file: str, example: str
) -> None:
    plan = replace(plan_of(PRODUCTS), origin=Origin(format=format))

    assert docstring(plan, COMMAND) == f"Import products from {file}."
    assert f"--file {example}``" in render(plan)[COMMAND]


def test_the_rules_say_how_many_columns_there_are_and_the_key() -> None:
    two = {"sku": ["A-1", "A-2"], "name": ["Chair", "Table"]}
    keyless = {"name": ["Chair", "Table"]}

    assert [
        docstring(plan, CLEANING).partition("\n\n")[2]
        for plan in (plan_of(two), plan_of(keyless), plan_of(two, key=("name", "sku")))
    ] == [
        "It has 2 columns and the natural key sku.",
        "It has 1 column, and no natural key: each import adds all of its rows.",
        "It has 2 columns and the natural key name and sku.",
    ]


def test_columns_that_are_not_imported_are_counted() -> None:
    plan = plan_into(Product, {"sku": ["1"], "price": ["1.5"], "colour": ["red"]})

    assert "It has 3 columns, of which 2 are imported, and the natural key sku." in (
        docstring(plan, "shop/cleaning/things.py")
    )


def test_a_long_key_stands_in_a_paragraph_of_its_own() -> None:
    names = tuple(letter * 40 for letter in "abc")
    plan = plan_of({name: ["x", "y"] for name in names}, key=names)

    assert docstring(plan, MODELS) == (
        "One row of a CSV file.\n\n"
        f"It has the natural key {names[0]},\n{names[1]} and\n{names[2]}."
    )
