"""Tests of the oddities import, on invented values."""

import csv
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from oddities.cleaning.oddities import OddityCleaningDF
from oddities.models import Oddity

# A row as the file writes it, and the same row cleaned.
ROW = {
    'She said "hi"': "text 1",
    "two\nlines": "text 1",
    '"); import os': "text 1",
    "class": "text 1",
    "padded": "padded 1",
    "\u202egnp.exe": "gnp exe 1",
    "emoji 😀": "emoji 1",
    "北京": "bei jing 1",
    "def __init__(self):": "text 1",
    "%s {{ x }} {% y %}": "s x y 1",
    "back\\slash": "text 1",
    "'single'": "single 1",
}
CLEANED = {
    "she_said_hi": "text 1",
    "two_lines": "text 1",
    "import_os": "text 1",
    "class_value": "text 1",
    "padded": "padded 1",
    "gnp_exe": "gnp exe 1",
    "emoji": "emoji 1",
    "bei_jing": "bei jing 1",
    "def_init_self": "text 1",
    "s_x_y": "s x y 1",
    "back_slash": "text 1",
    "single": "single 1",
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return OddityCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_she_said_hi_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "she_said_hi: must not be empty"):
            clean(ROW | {'She said "hi"': ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "oddities.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_oddities", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Oddity.objects.values(*CLEANED), [CLEANED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {'She said "hi"': ""}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Oddity.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "4",
            "_column": "she_said_hi",
            "_code": "empty",
            "_message": "must not be empty",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Oddity.objects.exists())
