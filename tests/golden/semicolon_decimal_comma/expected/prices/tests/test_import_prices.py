"""Tests of the prices import, on invented values."""

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
from prices.cleaning.prices import PriceCleaningDF
from prices.models import Price

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Artikel": "artikel 1",
    "Preis": "1.234,50",
    "Menge": "12",
    "Gültig ab": "31.01.2026",
    "Rabatt": "1,50",
    "Lieferbar": "ja",
}
CLEANED = {
    "artikel": "artikel 1",
    "preis": Decimal("1234.50"),
    "menge": 12,
    "gultig_ab": date(2026, 1, 31),
    "rabatt": Decimal("1.50"),
    "lieferbar": True,
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return PriceCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_artikel_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "artikel: must not be empty"):
            clean(ROW | {"Artikel": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "prices.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_prices", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Price.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"Preis": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Price.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file, delimiter=";")
        problem = {
            "_line": "3",
            "_column": "preis",
            "_code": "unreadable",
            "_message": "not a number like 1.234,50 of up to 10 digits and 2 decimals",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Price.objects.exists())
