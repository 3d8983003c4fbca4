"""Tests of the orders import, on invented values."""

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from orders.cleaning.orders import OrderCleaningDF
from orders.models import Order

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Order": "B-2",
    "Net": "12,50",
    "Country": "country 1",
}
CLEANED = {
    "order": "B-2",
    "net": Decimal("12.50"),
    "country": "country 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("Not of the table.\n")
        writer = csv.writer(file, delimiter=";")
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = OrderCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_order_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Order": ""}])

    with pytest.raises(CleaningError, match="order: must not be empty"):
        OrderCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_orders", "--file", csv_file)

    rows = Order.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Net": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_orders", "--file", csv_file, "--on-error", "skip")

    rows = Order.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file.readlines()[1:], delimiter=";")
    assert reject == bad | {
        "_line": "4",
        "_column": "net",
        "_code": "unreadable",
        "_message": "not a number like 1234,50 of up to 10 digits and 2 decimals",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_orders", "--file", csv_file, "--dry_run")

    assert not Order.objects.exists()
