"""Tests of the readings import, on invented values."""

import csv
from datetime import time
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from readings.cleaning.readings import ReadingCleaningDF
from readings.models import Reading

# A row as the file writes it, and the same row cleaned.
ROW = {
    "column_1": "1",
    "column_2": "12:30",
    "column_3": "1.5",
    "column_4": "column 4 1",
}
CLEANED = {
    "column_1": 1,
    "column_2": time(12, 30),
    "column_3": 1.5,
    "column_4": "column 4 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "readings.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerows([ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = ReadingCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_column_1_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"column_1": ""}])

    with pytest.raises(CleaningError, match="column_1: must not be empty"):
        ReadingCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_readings", "--file", csv_file)

    rows = Reading.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"column_1": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_readings", "--file", csv_file, "--on-error", "skip")

    rows = Reading.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.reader(file, delimiter="\t")
    assert reject == [
        *bad.values(),
        "2",
        "column_1",
        "unreadable",
        "not a whole number that fits Int32",
    ]


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_readings", "--file", csv_file, "--dry_run")

    assert not Reading.objects.exists()
