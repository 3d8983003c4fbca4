"""Tests of the contacts import, on invented values."""

import csv
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from contacts.cleaning.contacts import ContactCleaningDF
from contacts.models import Contact
from importkit.errors import CleaningError

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Customer no.": "001234",
    "Phone": "+1234567890",
    "ZIP": "01234",
    "Account": "0123",
    "Visits": "12",
}
CLEANED = {
    "customer_no": "001234",
    "phone": "+1234567890",
    "zip": "01234",
    "account": "0123",
    "visits": 12,
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "contacts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = ContactCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_customer_no_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Customer no.": ""}])

    with pytest.raises(CleaningError, match="customer_no: must not be empty"):
        ContactCleaningDF(frame)


def test_a_repeated_customer_no_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = ContactCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_contacts", "--file", csv_file)

    rows = Contact.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Visits": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_contacts", "--file", csv_file, "--on-error", "skip")

    rows = Contact.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "visits",
        "_code": "unreadable",
        "_message": "not a whole number that fits Int32",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_contacts", "--file", csv_file, "--dry_run")

    assert not Contact.objects.exists()
