"""Tests of the suppliers import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from warehouse.cleaning.suppliers import SupplierCleaningDF
from warehouse.models import Supplier

# A row as the file writes it, and the same row cleaned.
ROW = {
    "name": "name 1",
    "country": "country 1",
    "since": "2026-01-31",
    "rating": "1.50",
}
CLEANED = {
    "name": "name 1",
    "country": "country 1",
    "since": date(2026, 1, 31),
    "rating": Decimal("1.50"),
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "suppliers.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = SupplierCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_name_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"name": ""}])

    with pytest.raises(CleaningError, match="name: must not be empty"):
        SupplierCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_suppliers", "--file", csv_file)

    rows = Supplier.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"since": "no date"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_suppliers", "--file", csv_file, "--on-error", "skip")

    rows = Supplier.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "since",
        "_code": "unreadable",
        "_message": "not a date (YYYY-MM-DD)",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_suppliers", "--file", csv_file, "--dry_run")

    assert not Supplier.objects.exists()
