"""Tests of the cities import, on invented values."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from cities.cleaning.cities import CityCleaningDF
from cities.models import City
from importkit.errors import CleaningError

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Ville": "ville 1",
    "Région": "region 1",
    "Code postal": "01234",
    "Population": "123456",
    "Densité": "1234.50",
}
CLEANED = {
    "ville": "ville 1",
    "region": "region 1",
    "code_postal": "01234",
    "population": 123456,
    "densite": Decimal("1234.50"),
}
# The same row, changed, and another row.
CHANGED = ROW | {"Population": "23456"}
OTHER = ROW | {"Code postal": "02345"}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return CityCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_code_postal_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "code_postal: must not be empty"):
            clean(ROW | {"Code postal": ""})

    def test_a_repeated_code_postal_is_left_out(self) -> None:
        self.assertEqual(clean(ROW, ROW), [CLEANED])


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "cities.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="cp1252") as file:
            writer = csv.DictWriter(file, ROW, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_cities", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(City.objects.values(*CLEANED), [CLEANED])

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

        self.assertQuerySetEqual(City.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = OTHER | {"Population": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(City.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="cp1252") as file:
            [reject] = csv.DictReader(file, delimiter=";")
        problem = {
            "_line": "3",
            "_column": "population",
            "_code": "unreadable",
            "_message": "not a whole number between -2,147,483,648 and 2,147,483,647",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(City.objects.exists())
