"""Tests of the visits import, on invented values."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from visits.cleaning.visits import VisitCleaningDF
from visits.models import Visit

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Day": "2026-01-31",
    "Visitors": "123",
    "Note, if any": "note if any 1",
}
CLEANED = {
    "day": date(2026, 1, 31),
    "visitors": 123,
    "note_if_any": "note if any 1",
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return VisitCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_day_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "day: must not be empty"):
            clean(ROW | {"Day": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "visits.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            file.write("Not of the table.\n" * 3)
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_visits", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Visit.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"Day": "no date"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Visit.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file.readlines()[3:])
        problem = {
            "_line": "6",
            "_column": "day",
            "_code": "unreadable",
            "_message": "not a date (YYYY-MM-DD)",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Visit.objects.exists())
