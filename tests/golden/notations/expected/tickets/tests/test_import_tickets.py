"""Tests of the tickets import, on invented values."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import polars as pl
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from importkit.errors import CleaningError
from tickets.cleaning.tickets import TicketCleaningDF
from tickets.models import Ticket

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Ticket": "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e",
    "Account": "123456",
    "Contact": "name@example.com",
    "Page": "https://example.com/",
    "Host": "192.0.2.1",
    "Details": '{"key": "text 1"}',
    "Paid": "1,234.50$",
    "Share": "123.50%",
    "Change": "1.50",
    "Booked": "31-Jan-26",
    "Due": "31.01.26",
    "Opening date": "20260131",
    "Unix time": "1769862600",
    "Stay": "36:15:00",
    "Doors": "12:30 PM",
    "Article": "'00123",
}
CLEANED = {
    "ticket": "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e",
    "account": 123456,
    "contact": "name@example.com",
    "page": "https://example.com/",
    "host": "192.0.2.1",
    "details": '{"key": "text 1"}',
    "paid": Decimal("1234.50"),
    "share": Decimal("123.50"),
    "change": Decimal("1.50"),
    "booked": date(2026, 1, 31),
    "due": date(2026, 1, 31),
    "opening_date": date(2026, 1, 31),
    "unix_time": datetime(2026, 1, 31, 12, 30, tzinfo=UTC),
    "stay": timedelta(hours=36, minutes=15),
    "doors": time(12, 30),
    "article": "00123",
}
# Some fields give back another type than the file has.
STORED = CLEANED | {
    "ticket": UUID("7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e"),
    "details": {"key": "text 1"},
}


def clean(*rows: dict[str, str]) -> list[dict[str, object]]:
    return TicketCleaningDF(pl.DataFrame(rows)).df.to_dicts()


class CleaningTests(SimpleTestCase):
    def test_a_row_is_cleaned(self) -> None:
        self.assertEqual(clean(ROW), [CLEANED])

    def test_an_empty_ticket_is_refused(self) -> None:
        with self.assertRaisesMessage(CleaningError, "ticket: must not be empty"):
            clean(ROW | {"Ticket": ""})


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.file = Path(self.enterContext(TemporaryDirectory()), "tickets.csv")

    def run_import(self, rows: list[dict[str, str]], *options: str) -> str:
        """Write the rows to a file and import it; return what the import says."""
        with self.file.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ROW)
            writer.writeheader()
            writer.writerows(rows)
        output = StringIO()
        call_command("import_tickets", "--file", self.file, *options, stdout=output)
        return output.getvalue()

    def test_a_row_is_written(self) -> None:
        self.run_import([ROW])

        self.assertQuerySetEqual(Ticket.objects.values(*STORED), [STORED])

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = ROW | {"Account": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Ticket.objects.values(*STORED), [STORED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "account",
            "_code": "unreadable",
            "_message": "not a whole number between -2,147,483,648 and 2,147,483,647",
        }
        self.assertEqual(reject, bad | problem)

    def test_a_dry_run_writes_nothing(self) -> None:
        self.run_import([ROW], "--dry_run")

        self.assertFalse(Ticket.objects.exists())
