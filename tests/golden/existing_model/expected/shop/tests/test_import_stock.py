"""Tests of the stock import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import polars as pl
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from shop.cleaning.stock import ArticleCleaningDF
from shop.models import Article, Region, Store

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Article number": "slug-1",
    "Store": "1",
    "Price": "12.50",
    "Status": "new",
    "Web page": "https://example.com/",
    "In stock": "1",
    "Batch": "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e",
    "Owner": "1",
}
CLEANED = {
    "number": "slug-1",
    "store_id": 1,
    "price": Decimal("12.50"),
    "status": "new",
    "web_page": "https://example.com/",
    "in_stock": 1,
    "batch": "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e",
    "owner_id": 1,
}
# Some fields give back another type than the file has.
STORED = CLEANED | {
    "batch": UUID("7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e"),
}
# The same row, changed, and another row.
CHANGED = ROW | {"Price": "23.50"}
OTHER = ROW | {"Article number": "slug-2"}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return ArticleCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_number_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "number: must not be empty"):
            clean(ROW | {"Article number": ""})

    def test_a_repeated_number_is_left_out(self) -> None:
        self.assertEqual(clean(ROW, ROW), [CLEANED])


class ImportTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        Region.objects.create(id=1, name="name 1")
        Store.objects.create(id=1, region_id=1, name="name 1", opened=date(2026, 1, 31))
        User.objects.create(id=1, password="", username="username 1")

    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "stock.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_stock", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Article.objects.values(*STORED), [STORED])

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

        self.assertQuerySetEqual(Article.objects.values(*STORED), [STORED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = OTHER | {"Store": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Article.objects.values(*STORED), [STORED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "store_id",
            "_code": "unreadable",
            "_message": "not a whole number between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Article.objects.exists())
