"""Tests of the tickets import, on invented values."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import polars as pl
import pytest
from django.core.management import CommandError, call_command

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


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = TicketCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_ticket_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Ticket": ""}])

    with pytest.raises(CleaningError, match="ticket: must not be empty"):
        TicketCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_tickets", "--file", csv_file)

    rows = Ticket.objects.values(*STORED)
    assert list(rows) == [STORED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Account": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_tickets", "--file", csv_file, "--on-error", "skip")

    rows = Ticket.objects.values(*STORED)
    assert list(rows) == [STORED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "account",
        "_code": "unreadable",
        "_message": "not a whole number that fits Int32",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_tickets", "--file", csv_file, "--dry_run")

    assert not Ticket.objects.exists()
