"""Tests of the prices import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from prices.cleaning.prices import PriceCleaningDF
from prices.models import Price

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Artikel": "artikel 1",
    "Preis": "1.234,50",
    "Menge": "12",
    "Gültig ab": "31.01.2026",
    "Rabatt": "1,50",
    "Lieferbar": "ja",
}
CLEANED = {
    "artikel": "artikel 1",
    "preis": Decimal("1234.50"),
    "menge": 12,
    "gultig_ab": date(2026, 1, 31),
    "rabatt": Decimal("1.50"),
    "lieferbar": True,
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = PriceCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_artikel_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Artikel": ""}])

    with pytest.raises(CleaningError, match="artikel: must not be empty"):
        PriceCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_prices", "--file", csv_file)

    rows = Price.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Preis": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_prices", "--file", csv_file, "--on-error", "skip")

    rows = Price.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file, delimiter=";")
    assert reject == bad | {
        "_line": "3",
        "_column": "preis",
        "_code": "unreadable",
        "_message": "not a number like 1.234,50 of up to 10 digits and 2 decimals",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_prices", "--file", csv_file, "--dry_run")

    assert not Price.objects.exists()
