"""Tests of the customers import, on invented values."""

import csv
from datetime import UTC, datetime, time
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

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


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = CustomerCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_e_mail_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"E-mail": ""}])

    with pytest.raises(CleaningError, match="e_mail: must not be empty"):
        CustomerCleaningDF(frame)


def test_a_repeated_e_mail_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = CustomerCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_customers", "--file", csv_file)

    rows = Customer.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Signed up": "no date"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_customers", "--file", csv_file, "--on-error", "skip")

    rows = Customer.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "signed_up",
        "_code": "unreadable",
        "_message": "not a date and time (YYYY-MM-DD HH:MM:SS)",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_customers", "--file", csv_file, "--dry_run")

    assert not Customer.objects.exists()
