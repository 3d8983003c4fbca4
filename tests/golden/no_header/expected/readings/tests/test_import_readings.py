"""Tests of the readings import, on invented values."""

import csv
from datetime import time
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from readings.cleaning.readings import ReadingCleaningDF
from readings.models import Reading

# A row as the file writes it, and the same row cleaned.
ROW = {
    "column_1": "1",
    "column_2": "12:30",
    "column_3": "1.5",
    "column_4": "column 4 1",
}
CLEANED = {
    "column_1": 1,
    "column_2": time(12, 30),
    "column_3": 1.5,
    "column_4": "column 4 1",
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return ReadingCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_column_1_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "column_1: must not be empty"):
            clean(ROW | {"column_1": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "readings.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, ROW, delimiter="\t").writerows(rows)
        output = StringIO()
        call_command("import_readings", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Reading.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"column_1": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Reading.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.reader(file, delimiter="\t")
        problem = {
            "_line": "2",
            "_column": "column_1",
            "_code": "unreadable",
            "_message": "not a whole number between -2,147,483,648 and 2,147,483,647",
        }
        self.assertEqual(reject, [*bad.values(), *problem.values()])

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Reading.objects.exists())
