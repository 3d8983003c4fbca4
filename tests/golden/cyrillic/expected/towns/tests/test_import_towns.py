"""Tests of the towns import, on invented values."""

import csv
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from towns.cleaning.towns import TownCleaningDF
from towns.models import Town

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Город": "gorod 1",
    "Население": "1234567",
    "Область": "oblast 1",
}
CLEANED = {
    "gorod": "gorod 1",
    "naselenie": 1234567,
    "oblast": "oblast 1",
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return TownCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_gorod_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "gorod: must not be empty"):
            clean(ROW | {"Город": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "towns.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="cp1251") as file:
            writer = csv.DictWriter(file, ROW, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_towns", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Town.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"Население": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Town.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="cp1251") as file:
            [reject] = csv.DictReader(file, delimiter=";")
        problem = {
            "_line": "3",
            "_column": "naselenie",
            "_code": "unreadable",
            "_message": "not a whole number between -2,147,483,648 and 2,147,483,647",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Town.objects.exists())
