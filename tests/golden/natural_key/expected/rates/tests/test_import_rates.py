"""Tests of the rates import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from rates.cleaning.rates import RateCleaningDF
from rates.models import Rate

# A row as the file writes it, and the same row cleaned.
ROW = {
    "day": "2026-01-31",
    "currency": "currency 1",
    "rate": "1.500000",
    "note": "note 1",
}
CLEANED = {
    "day": date(2026, 1, 31),
    "currency": "currency 1",
    "rate": Decimal("1.500000"),
    "note": "note 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "rates.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = RateCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_day_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"day": ""}])

    with pytest.raises(CleaningError, match="day: must not be empty"):
        RateCleaningDF(frame)


def test_a_repeated_day_and_currency_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = RateCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_rates", "--file", csv_file)

    rows = Rate.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"day": "no date"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_rates", "--file", csv_file, "--on-error", "skip")

    rows = Rate.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "day",
        "_code": "unreadable",
        "_message": "not a date (YYYY-MM-DD)",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_rates", "--file", csv_file, "--dry_run")

    assert not Rate.objects.exists()
