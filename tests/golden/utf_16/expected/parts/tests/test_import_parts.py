"""Tests of the parts import, on invented values."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from parts.cleaning.parts import PartCleaningDF
from parts.models import Part

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Part": "A-1",
    "Price": "12.50",
    "Maker": "maker 1",
}
CLEANED = {
    "part": "A-1",
    "price": Decimal("12.50"),
    "maker": "maker 1",
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return PartCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_part_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "part: must not be empty"):
            clean(ROW | {"Part": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "parts.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-16") as file:
            writer = csv.DictWriter(file, ROW, delimiter="\t")
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_parts", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Part.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"Price": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Part.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-16") as file:
            [reject] = csv.DictReader(file, delimiter="\t")
        problem = {
            "_line": "3",
            "_column": "price",
            "_code": "unreadable",
            "_message": "not a number of up to 10 digits and 2 decimals",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Part.objects.exists())
