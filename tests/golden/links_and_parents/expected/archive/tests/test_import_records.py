"""Tests of the records import, on invented values."""

import csv
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from archive.cleaning.records import RecordCleaningDF
from archive.models import Record
from importkit.errors import CleaningError

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Number": "A-1",
    "Author": "name 1",
    "Finder": "name 1",
    "Labels": "name 1",
    "Details": '{"key": "text 1"}',
    "Access token": "access token 1",
}
CLEANED = {
    "number": "A-1",
    "author__name": "name 1",
    "finder__name": "name 1",
    "labels__name": "name 1",
    "details": '{"key": "text 1"}',
    "access_token": "access token 1",
}
# Some fields give back another type than the file has.
STORED = CLEANED | {
    "details": {"key": "text 1"},
}
# The same row, changed, and another row.
CHANGED = ROW | {"Details": '{"key": "text 2"}'}
OTHER = ROW | {"Number": "B-2"}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return RecordCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_number_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "number: must not be empty"):
            clean(ROW | {"Number": ""})

    def test_a_repeated_number_is_left_out(self) -> None:
        self.assertEqual(clean(ROW, ROW), [CLEANED])


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "records.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_records", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Record.objects.values(*STORED), [STORED])

    def test_the_same_file_again_changes_nothing(self) -> None:
        self.run_import([ROW])

        said = self.run_import([ROW])

        self.assertIn("0 new, 0 changed, 1 unchanged", said)

    def test_the_next_file_changes_a_row_and_adds_another(self) -> None:
        self.run_import([ROW])

        said = self.run_import([CHANGED, OTHER])

        self.assertIn("1 new, 1 changed", said)

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"Number": ""}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Record.objects.values(*STORED), [STORED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "number",
            "_code": "empty",
            "_message": "must not be empty",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Record.objects.exists())
