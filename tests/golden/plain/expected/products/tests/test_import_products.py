"""Tests of the products import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from products.cleaning.products import ProductCleaningDF
from products.models import Product

# A row as the file writes it, and the same row cleaned.
ROW = {
    "sku": "AB-123",
    "name": "name 1",
    "price": "123.50",
    "quantity": "12",
    "active": "true",
    "created": "2026-01-31",
}
CLEANED = {
    "sku": "AB-123",
    "name": "name 1",
    "price": Decimal("123.50"),
    "quantity": 12,
    "active": True,
    "created": date(2026, 1, 31),
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "products.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = ProductCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_sku_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"sku": ""}])

    with pytest.raises(CleaningError, match="sku: must not be empty"):
        ProductCleaningDF(frame)


def test_a_repeated_sku_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = ProductCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_products", "--file", csv_file)

    rows = Product.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"price": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_products", "--file", csv_file, "--on-error", "skip")

    rows = Product.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "price",
        "_code": "unreadable",
        "_message": "not a number of up to 10 digits and 2 decimals",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_products", "--file", csv_file, "--dry_run")

    assert not Product.objects.exists()
