"""Tests of the books import, on invented values."""

import csv
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from library.cleaning.books import BookCleaningDF
from library.models import Author, Book, Branch

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Author": "name 1",
    "Title": "title 1",
    "Branch code": "code 1",
    "Branch town": "town 1",
    "State": "New",
    "Binding": "Hardcover",
}
CLEANED = {
    "author__name": "name 1",
    "title": "title 1",
    "branch__code": "code 1",
    "branch__town": "town 1",
    "state": 1,
    "binding": "h",
}
# The same row, changed, and another row.
CHANGED = ROW | {"State": "Lent out"}
OTHER = ROW | {"Title": "title 2"}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return BookCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_author__name_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "author__name: must not be empty"):
            clean(ROW | {"Author": ""})

    def test_a_repeated_author__name_and_title_is_left_out(self) -> None:
        self.assertEqual(clean(ROW, ROW), [CLEANED])


class ImportTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        Author.objects.create(id=1, name="name 1")
        Branch.objects.create(id=1, code="code 1", town="town 1")

    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "books.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_books", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Book.objects.values(*CLEANED), [CLEANED])

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

        self.assertQuerySetEqual(Book.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = OTHER | {"State": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Book.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "state",
            "_code": "unreadable",
            "_message": 'not one of "New", "Lent out"',
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Book.objects.exists())
