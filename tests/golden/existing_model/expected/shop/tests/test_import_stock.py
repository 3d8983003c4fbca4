"""Tests of the stock import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import polars as pl
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from shop.cleaning.stock import ArticleCleaningDF
from shop.models import Article, Region, Store

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Article number": "slug-1",
    "Store": "1",
    "Price": "12.50",
    "Status": "new",
    "Web page": "https://example.com/",
    "In stock": "1",
    "Batch": "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e",
    "Owner": "1",
}
CLEANED = {
    "number": "slug-1",
    "store_id": 1,
    "price": Decimal("12.50"),
    "status": "new",
    "web_page": "https://example.com/",
    "in_stock": 1,
    "batch": "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e",
    "owner_id": 1,
}
# Some fields give back another type than the file has.
STORED = CLEANED | {
    "batch": UUID("7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e"),
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "stock.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


@pytest.fixture
def parents(db: None) -> None:
    Region.objects.create(id=1, name="name 1")
    Store.objects.create(id=1, region_id=1, name="name 1", opened=date(2026, 1, 31))
    User.objects.create(id=1, password="", username="username 1")


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = ArticleCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_number_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Article number": ""}])

    with pytest.raises(CleaningError, match="number: must not be empty"):
        ArticleCleaningDF(frame)


def test_a_repeated_number_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = ArticleCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.usefixtures("parents")
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_stock", "--file", csv_file)

    rows = Article.objects.values(*STORED)
    assert list(rows) == [STORED]


@pytest.mark.usefixtures("parents")
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Store": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_stock", "--file", csv_file, "--on-error", "skip")

    rows = Article.objects.values(*STORED)
    assert list(rows) == [STORED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "store_id",
        "_code": "unreadable",
        "_message": "not a whole number that fits Int64",
    }


@pytest.mark.usefixtures("parents")
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_stock", "--file", csv_file, "--dry_run")

    assert not Article.objects.exists()
