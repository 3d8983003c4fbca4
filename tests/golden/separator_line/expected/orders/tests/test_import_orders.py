"""Tests of the orders import, on invented values."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from orders.cleaning.orders import OrderCleaningDF
from orders.models import Order

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Order": "B-2",
    "Net": "12,50",
    "Country": "country 1",
}
CLEANED = {
    "order": "B-2",
    "net": Decimal("12.50"),
    "country": "country 1",
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return OrderCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_order_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "order: must not be empty"):
            clean(ROW | {"Order": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "orders.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            file.write("Not of the table.\n")
            writer = csv.DictWriter(file, ROW, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_orders", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Order.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"Net": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Order.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file.readlines()[1:], delimiter=";")
        problem = {
            "_line": "4",
            "_column": "net",
            "_code": "unreadable",
            "_message": "not a number like 1234,50 of up to 10 digits and 2 decimals",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Order.objects.exists())
