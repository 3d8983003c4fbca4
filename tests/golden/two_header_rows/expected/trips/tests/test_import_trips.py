"""Tests of the trips import, on invented values."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import call_command

from importkit.errors import CleaningError
from trips.cleaning.trips import TripCleaningDF
from trips.models import Trip

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Day": "2026-01-31",
    "Purpose": "purpose 1",
    "Travel Rail": "12.50",
    "Travel Air": "123.50",
    "Total": "123.50",
}
CLEANED = {
    "day": date(2026, 1, 31),
    "purpose": "purpose 1",
    "travel_rail": Decimal("12.50"),
    "travel_air": Decimal("123.50"),
    "total": Decimal("123.50"),
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "trips.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("Not of the table.\n")
        writer = csv.writer(file)
        writer.writerows([ROW, [" "] * len(ROW), ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = TripCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_day_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Day": ""}])

    with pytest.raises(CleaningError, match="day: must not be empty"):
        TripCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_trips", "--file", csv_file)

    rows = Trip.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_trips", "--file", csv_file, "--dry_run")

    assert not Trip.objects.exists()
