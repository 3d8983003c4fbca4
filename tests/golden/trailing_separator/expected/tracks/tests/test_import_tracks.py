"""Tests of the tracks import, on invented values."""

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import call_command

from importkit.errors import CleaningError
from tracks.cleaning.tracks import TrackCleaningDF
from tracks.models import Track

# A row as the file writes it, and the same row cleaned.
ROW = {
    "time": "0.50",
    "x": "123.50",
    "y": "123.50",
    "column_4": "column 4 1",
}
CLEANED = {
    "time": Decimal("0.50"),
    "x": Decimal("123.50"),
    "y": Decimal("123.50"),
    "column_4": "column 4 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "tracks.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([[*ROW][:-1], ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = TrackCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_time_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"time": ""}])

    with pytest.raises(CleaningError, match="time: must not be empty"):
        TrackCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_tracks", "--file", csv_file)

    rows = Track.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_tracks", "--file", csv_file, "--dry_run")

    assert not Track.objects.exists()
