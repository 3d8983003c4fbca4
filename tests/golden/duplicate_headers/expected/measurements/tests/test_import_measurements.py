"""Tests of the measurements import, on invented values."""

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from measurements.cleaning.measurements import MeasurementCleaningDF
from measurements.models import Measurement

# A row as the file writes it, and the same row cleaned.
ROW = {
    "value": "1.500",
    "value_2": "1",
    "column_3": "column 3 1",
    "unit": "unit 1",
    "class": "text 1",
    "id": "1",
    "unit_2": "unit 2 1",
}
CLEANED = {
    "value": Decimal("1.500"),
    "value_2": 1,
    "column_3": "column 3 1",
    "unit": "unit 1",
    "class_value": "text 1",
    "source_id": 1,
    "unit_2": "unit 2 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "measurements.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = MeasurementCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_source_id_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"id": ""}])

    with pytest.raises(CleaningError, match="source_id: must not be empty"):
        MeasurementCleaningDF(frame)


def test_a_repeated_source_id_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = MeasurementCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_measurements", "--file", csv_file)

    rows = Measurement.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"value": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_measurements", "--file", csv_file, "--on-error", "skip")

    rows = Measurement.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "value",
        "_code": "unreadable",
        "_message": "not a number of up to 9 digits and 3 decimals",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_measurements", "--file", csv_file, "--dry_run")

    assert not Measurement.objects.exists()
