"""Tests of the tracks import, on invented values."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from tracks.cleaning.tracks import TrackCleaningDF
from tracks.models import Track

# A row as the file writes it, and the same row cleaned.
ROW = {
    "time": "0.50",
    "x": "123.50",
    "y": "123.50",
    "column_4": "column 4 1",
}
CLEANED = {
    "time": Decimal("0.50"),
    "x": Decimal("123.50"),
    "y": Decimal("123.50"),
    "column_4": "column 4 1",
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return TrackCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_time_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "time: must not be empty"):
            clean(ROW | {"time": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "tracks.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow([*ROW][:-1])
            writer.writerows(row.values() for row in rows)
        output = StringIO()
        call_command("import_tracks", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Track.objects.values(*CLEANED), [CLEANED])

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Track.objects.exists())
