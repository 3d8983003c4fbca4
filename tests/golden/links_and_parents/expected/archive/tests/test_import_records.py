"""Tests of the records import, on invented values."""

import csv
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from archive.cleaning.records import RecordCleaningDF
from archive.models import Record
from importkit.errors import CleaningError

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Number": "A-1",
    "Author": "name 1",
    "Finder": "name 1",
    "Labels": "name 1",
    "Details": '{"key": "text 1"}',
    "Access token": "access token 1",
}
CLEANED = {
    "number": "A-1",
    "author__name": "name 1",
    "finder__name": "name 1",
    "labels__name": "name 1",
    "details": '{"key": "text 1"}',
    "access_token": "access token 1",
}
# Some fields give back another type than the file has.
STORED = CLEANED | {
    "details": {"key": "text 1"},
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "records.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = RecordCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_number_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Number": ""}])

    with pytest.raises(CleaningError, match="number: must not be empty"):
        RecordCleaningDF(frame)


def test_a_repeated_number_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = RecordCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_records", "--file", csv_file)

    rows = Record.objects.values(*STORED)
    assert list(rows) == [STORED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Number": ""}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_records", "--file", csv_file, "--on-error", "skip")

    rows = Record.objects.values(*STORED)
    assert list(rows) == [STORED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "number",
        "_code": "empty",
        "_message": "must not be empty",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_records", "--file", csv_file, "--dry_run")

    assert not Record.objects.exists()
