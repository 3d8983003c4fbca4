"""Tests of the suppliers import, on invented values."""

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
from warehouse.cleaning.suppliers import SupplierCleaningDF
from warehouse.models import Supplier

# A row as the file writes it, and the same row cleaned.
ROW = {
    "name": "name 1",
    "country": "country 1",
    "since": "2026-01-31",
    "rating": "1.50",
}
CLEANED = {
    "name": "name 1",
    "country": "country 1",
    "since": date(2026, 1, 31),
    "rating": Decimal("1.50"),
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return SupplierCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_name_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "name: must not be empty"):
            clean(ROW | {"name": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "suppliers.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_suppliers", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Supplier.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"since": "no date"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Supplier.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "since",
            "_code": "unreadable",
            "_message": "not a date (YYYY-MM-DD)",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Supplier.objects.exists())
