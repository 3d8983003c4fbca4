"""Tests of the customers import, on invented values."""

import csv
from datetime import UTC, datetime, time
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from customers.cleaning.customers import CustomerCleaningDF
from customers.models import Customer
from importkit.errors import CleaningError

# A row as the file writes it, and the same row cleaned.
ROW = {
    "E-mail": "name@example.com",
    "Full name": "full name 1",
    "Signed up": "2026-01-31 12:30Z",
    "Last seen": "12:30",
    "Newsletter": "true",
    "Access token": "text 1",
}
CLEANED = {
    "e_mail": "name@example.com",
    "full_name": "full name 1",
    "signed_up": datetime(2026, 1, 31, 12, 30, tzinfo=UTC),
    "last_seen": time(12, 30),
    "newsletter": True,
    "access_token": "text 1",
}
# The same row, changed, and another row.
CHANGED = ROW | {"Full name": "full name 2"}
OTHER = ROW | {"E-mail": "other@example.com"}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return CustomerCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_e_mail_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "e_mail: must not be empty"):
            clean(ROW | {"E-mail": ""})

    def test_a_repeated_e_mail_is_left_out(self) -> None:
        self.assertEqual(clean(ROW, ROW), [CLEANED])


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "customers.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_customers", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Customer.objects.values(*CLEANED), [CLEANED])

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

        self.assertQuerySetEqual(Customer.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = OTHER | {"Signed up": "no date"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Customer.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "signed_up",
            "_code": "unreadable",
            "_message": "not a date and time (YYYY-MM-DD HH:MM:SS)",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Customer.objects.exists())
