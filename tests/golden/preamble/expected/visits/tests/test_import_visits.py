"""Tests of the visits import, on invented values."""

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from visits.cleaning.visits import VisitCleaningDF
from visits.models import Visit

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Day": "2026-01-31",
    "Visitors": "123",
    "Note, if any": "note if any 1",
}
CLEANED = {
    "day": date(2026, 1, 31),
    "visitors": 123,
    "note_if_any": "note if any 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("Not of the table.\n" * 3)
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = VisitCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_day_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Day": ""}])

    with pytest.raises(CleaningError, match="day: must not be empty"):
        VisitCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_visits", "--file", csv_file)

    rows = Visit.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Day": "no date"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_visits", "--file", csv_file, "--on-error", "skip")

    rows = Visit.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file.readlines()[3:])
    assert reject == bad | {
        "_line": "6",
        "_column": "day",
        "_code": "unreadable",
        "_message": "not a date (YYYY-MM-DD)",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_visits", "--file", csv_file, "--dry_run")

    assert not Visit.objects.exists()
