"""Tests of the trips import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from trips.cleaning.trips import TripCleaningDF
from trips.models import Trip

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Day": "2026-01-31",
    "Purpose": "purpose 1",
    "Travel Rail": "12.50",
    "Travel Air": "123.50",
    "Total": "123.50",
}
CLEANED = {
    "day": date(2026, 1, 31),
    "purpose": "purpose 1",
    "travel_rail": Decimal("12.50"),
    "travel_air": Decimal("123.50"),
    "total": Decimal("123.50"),
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return TripCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_day_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "day: must not be empty"):
            clean(ROW | {"Day": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "trips.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            file.write("Not of the table.\n")
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerow(dict.fromkeys(ROW, " "))
            writer.writerows(rows)
        output = StringIO()
        call_command("import_trips", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Trip.objects.values(*CLEANED), [CLEANED])

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Trip.objects.exists())
