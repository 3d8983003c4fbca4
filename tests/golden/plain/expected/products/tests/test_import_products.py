"""Tests of the products import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from products.cleaning.products import ProductCleaningDF
from products.models import Product

# A row as the file writes it, and the same row cleaned.
ROW = {
    "sku": "AB-123",
    "name": "name 1",
    "price": "123.50",
    "quantity": "12",
    "active": "true",
    "created": "2026-01-31",
}
CLEANED = {
    "sku": "AB-123",
    "name": "name 1",
    "price": Decimal("123.50"),
    "quantity": 12,
    "active": True,
    "created": date(2026, 1, 31),
}
# The same row, changed, and another row.
CHANGED = ROW | {"price": "234.50"}
OTHER = ROW | {"sku": "BC-234"}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return ProductCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_sku_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "sku: must not be empty"):
            clean(ROW | {"sku": ""})

    def test_a_repeated_sku_is_left_out(self) -> None:
        self.assertEqual(clean(ROW, ROW), [CLEANED])


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "products.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_products", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Product.objects.values(*CLEANED), [CLEANED])

    def test_the_same_file_again_changes_nothing(self) -> None:
        self.run_import([ROW])

        said = self.run_import([ROW])

        self.assertIn("0 new, 0 changed, 1 unchanged", said)

    def test_the_next_file_changes_a_row_and_adds_another(self) -> None:
        self.run_import([ROW])

        said = self.run_import([CHANGED, OTHER])

        self.assertIn("1 new, 1 changed", said)

    def test_a_row_that_the_next_file_lacks_can_be_deleted(self) -> None:
        self.run_import([ROW, OTHER])

        self.run_import([ROW], "--mode=sync", "--delete", "--max-delete=1", "--yes")

        self.assertQuerySetEqual(Product.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = OTHER | {"price": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Product.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "price",
            "_code": "unreadable",
            "_message": "not a number of up to 10 digits and 2 decimals",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Product.objects.exists())
