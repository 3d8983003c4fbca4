"""Tests of the contacts import, on invented values."""

import csv
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from contacts.cleaning.contacts import ContactCleaningDF
from contacts.models import Contact
from importkit.errors import CleaningError

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Customer no.": "001234",
    "Phone": "001234567890",
    "ZIP": "01234",
    "Account": "0123",
    "Visits": "12",
}
CLEANED = {
    "customer_no": "001234",
    "phone": "001234567890",
    "zip": "01234",
    "account": "0123",
    "visits": 12,
}
# The same row, changed, and another row.
CHANGED = ROW | {"Visits": "23"}
OTHER = ROW | {"Customer no.": "002345"}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return ContactCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_customer_no_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "customer_no: must not be empty"):
            clean(ROW | {"Customer no.": ""})

    def test_a_repeated_customer_no_is_left_out(self) -> None:
        self.assertEqual(clean(ROW, ROW), [CLEANED])


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "contacts.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_contacts", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Contact.objects.values(*CLEANED), [CLEANED])

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

        self.assertQuerySetEqual(Contact.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = OTHER | {"Visits": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Contact.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "visits",
            "_code": "unreadable",
            "_message": "not a whole number between -2,147,483,648 and 2,147,483,647",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Contact.objects.exists())
