"""A plan becomes text: whole files, to the letter, and no text that is not source."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from pytest_django import Settings

from generators.code.expressions import Import, call, import_lines
from generators.code.plan import plan_new_model
from generators.code.rendering import (
    as_source,
    environment,
    format_files,
    render,
    render_model,
)
from generators.naming.names import Identifier, Source, literal
from importkit.source import Dialect
from tests.generators.planning import PRODUCTS, formatted, place, plan_of, sample

CLEANING = "products/cleaning/products.py"
COMMAND = "products/management/commands/import_products.py"
TESTS = "products/tests/test_import_products.py"


def test_a_new_app_is_complete() -> None:
    assert list(render(plan_of(PRODUCTS))) == [
        "products/__init__.py",
        "products/admin.py",
        "products/apps.py",
        "products/cleaning/__init__.py",
        CLEANING,
        "products/management/__init__.py",
        "products/management/commands/__init__.py",
        COMMAND,
        "products/migrations/0001_initial.py",
        "products/migrations/__init__.py",
        "products/models.py",
        "products/tests/__init__.py",
        TESTS,
    ]


def test_an_existing_app_gets_the_import_alone() -> None:
    plan = replace(plan_of(PRODUCTS), place=place(is_new=False))

    assert "products/models.py" not in render(plan)
    assert COMMAND in render(plan)


def test_tests_go_beside_a_tests_module_that_a_package_would_hide() -> None:
    beside = replace(place(is_new=False), tests_in_package=False)

    files = render(replace(plan_of(PRODUCTS), place=beside))

    assert "products/test_import_products.py" in files
    assert not [path for path in files if "/tests/" in path]


def test_the_model_is_what_a_colleague_would_write() -> None:
    assert (
        render_model(plan_of(PRODUCTS))
        == '''\
class Product(models.Model):
    """One row of a CSV file, with the natural key sku."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    sku = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=10)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    quantity = models.IntegerField()
    active = models.BooleanField()
    created = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.sku
'''
    )


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("companies", "companies"),
        ("addresses", "addresses"),
        ("preisliste", "preisliste"),
        ("branch_offices", None),
    ],
)
def test_the_plural_is_the_one_that_the_user_typed(
    name: str, plural: str | None
) -> None:
    files = render(plan_of(PRODUCTS, name))

    found = [
        re.findall('verbose_name_plural"?[ :=]+"(.*)"', files[f"{name}/{path}"])
        for path in ("models.py", "migrations/0001_initial.py")
    ]
    assert found == [[plural] if plural else []] * 2


def test_a_model_of_another_name_has_the_plural_that_django_makes() -> None:
    cells = sample(PRODUCTS)

    plan = plan_new_model(Identifier("feed"), place("feed"), cells, "Company")

    assert "verbose_name_plural" not in render_model(plan)


def test_the_plural_stands_beside_a_constraint() -> None:
    plan = plan_of(PRODUCTS, "companies", key=("name", "sku"))

    assert formatted(plan)["companies/models.py"].endswith(
        """
    class Meta:
        verbose_name_plural = "companies"
        constraints = (
            models.UniqueConstraint(
                fields=("name", "sku"), name="unique_companies_companies"
            ),
        )

    def __str__(self) -> str:
        return self.sku
"""
    )


def test_the_cleaning_prints_only_what_differs_from_the_default() -> None:
    plan = plan_of({"name": ["Chair", ""], "width": ["", "2"]})

    assert (
        formatted(plan)[CLEANING]
        == '''\
"""Clean products: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ProductCleaningDF(CleaningDF):
    """The rules for products: a CSV file.

    It has 2 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "name": pl.String,
            "width": pl.Int32,
        }

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "name": "",
        }
'''
    )


def test_the_command_is_the_four_steps() -> None:
    assert (
        formatted(plan_of(PRODUCTS))[COMMAND]
        == '''\
"""Import products: ``manage.py import_products --file products.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import scan_csv
from products.cleaning.products import ProductCleaningDF
from products.models import Product


class Command(ImportDataBaseCommand):
    """Import products from a CSV file."""

    help = "Import products from a CSV file."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return ProductCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Product: df}

    def get_natural_keys(self) -> dict[type[Model], tuple[str, ...]]:
        return {
            Product: ("sku",),
        }
'''
    )


@pytest.mark.parametrize(
    ("dialect", "printed", "writer"),
    [
        (Dialect(separator="\t"), 'separator="\\t"', 'delimiter="\\t"'),
        (Dialect(quote=None), "quote=None", "quoting=csv.QUOTE_NONE"),
        (Dialect(quote="'"), 'quote="\'"', 'quotechar="\'"'),
        (Dialect(skip_blanks=True), "skip_blanks=True", "skipinitialspace=True"),
    ],
    ids=["separator", "no quote", "quote", "blanks"],
)
def test_command_and_tests_speak_the_dialect_of_the_sample(
    dialect: Dialect, printed: str, writer: str
) -> None:
    files = render(plan_of(PRODUCTS, dialect=dialect))

    assert f"\nDIALECT = Dialect({printed})\n" in files[COMMAND]
    assert 'return scan_csv(self.get_option("file"), DIALECT)\n' in files[COMMAND]
    assert f"writer = csv.DictWriter(file, ROW, {writer})\n" in files[TESTS]
    assert "writer.writeheader()\n            writer.writerows(rows)\n" in files[TESTS]


def test_a_file_without_a_header_is_tested_without_one() -> None:
    files = render(plan_of(PRODUCTS, dialect=Dialect(encoding="utf-16", header=False)))

    assert 'DIALECT = Dialect(encoding="utf-16", header=False)\n' in files[COMMAND]
    assert 'newline="", encoding="utf-16")' in files[TESTS]
    assert "csv.DictWriter(file, ROW).writerows(rows)\n" in files[TESTS]
    assert "writeheader" not in files[TESTS]


def test_an_app_says_which_key_its_migration_has_where_the_project_has_another(
    settings: Settings,
) -> None:
    settings.DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

    apps = render(plan_of(PRODUCTS))["products/apps.py"]

    assert 'default_auto_field = "django.db.models.BigAutoField"\n' in apps


def test_a_key_that_may_be_null_is_no_label_by_itself() -> None:
    model = render_model(plan_of({"sku": ["A-1", "", "A-2"]}, key=("sku",)))

    assert "return str(self.sku)\n" in model


def test_values_that_fill_say_what_they_are() -> None:
    plan = plan_of({"note": ["a", "", "b"], "name": ["a", "", "c"]})
    price = replace(plan.columns[0], fill=call("Decimal", literal("0.5")))
    prices, mixed = (
        render(replace(plan, columns=columns))[CLEANING]
        for columns in ((price,), (price, plan.columns[1]))
    )

    assert "def get_fill_null_map(cls) -> dict[str, str]:" in render(plan)[CLEANING]
    assert "def get_fill_null_map(cls) -> dict[str, Decimal]:" in prices
    assert prices.count("from decimal import Decimal\n") == 1
    assert "def get_fill_null_map(cls) -> dict[str, object]:" in mixed


@pytest.mark.parametrize(
    ("rows", "words"), [(1, "the one sample row"), (3_000, "the 3,000 sample rows")]
)
def test_comments_count_the_sample_alike(rows: int, words: str) -> None:
    files = render(plan_of({"sku": [f"A-{number}" for number in range(rows)]}))

    assert f"leave more room than {words} needed" in files["products/models.py"]
    assert f"never empty in {words}." in files[CLEANING]


def test_rendering_twice_gives_the_same_text() -> None:
    assert render(plan_of(PRODUCTS)) == render(plan_of(PRODUCTS))


def test_a_template_makes_literals_of_text_and_lets_source_through() -> None:
    template = environment().from_string("{{ text }} {{ name }}")

    printed = template.render(text='"); import os', name=Identifier("name"))

    assert printed == "'\"); import os' name"


@pytest.mark.parametrize("value", [1, None, ["x"], b"x", 1.5, True])
def test_a_template_prints_nothing_else(value: object) -> None:
    with pytest.raises(TypeError, match="which is not source"):
        as_source(value)


def test_a_name_that_a_template_misspells_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nmae }}").render(name=Source("x"))


def test_files_are_formatted_as_the_project_configures_ruff(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.ruff]\nline-length = 40\nforce-exclude = true\nexclude = ["shop"]\n'
        '[tool.ruff.format]\nquote-style = "single"\n'
    )
    long = f'call("{"a" * 20}", "{"b" * 20}")\n'
    files = {"shop/apps.py": long, "shop/__init__.py": ""}

    formatted = format_files(files, tmp_path)

    assert formatted == {
        "shop/apps.py": f"call(\n    '{'a' * 20}',\n    '{'b' * 20}',\n)\n",
        "shop/__init__.py": "",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


def test_a_configuration_that_ruff_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 'short'\n")

    with pytest.raises(
        ValueError, match=r"ruff cannot format .*x\.py: (?s:.*ruff\.toml)"
    ):
        format_files({"x.py": "x = 1\n"}, tmp_path)


def test_without_ruff_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)

    with pytest.raises(ValueError, match="ruff, which is not installed: install"):
        format_files({"x.py": "x = 1\n"}, tmp_path)


def test_imports_are_sorted_and_those_of_one_module_are_together() -> None:
    imports = [
        Import("shop.models", "Store"),
        Import("importkit.cleaning", "date"),
        Import("importkit.cleaning", "Parser"),
        Import("csv"),
        Import("datetime", "datetime"),
        Import("datetime", "UTC"),
    ]

    assert import_lines(imports) == (
        "import csv\n"
        "from datetime import UTC, datetime\n"
        "from importkit.cleaning import Parser, date\n"
        "from shop.models import Store"
    )


def test_sections_of_imports_are_kept_apart() -> None:
    sections = [[Import("csv")], [], [Import("shop.models", "Store")]]

    assert import_lines(*sections) == "import csv\n\nfrom shop.models import Store"
