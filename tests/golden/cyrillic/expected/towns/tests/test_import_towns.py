"""Tests of the towns import, on invented values."""

import csv
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from towns.cleaning.towns import TownCleaningDF
from towns.models import Town

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Город": "gorod 1",
    "Население": "1234567",
    "Область": "oblast 1",
}
CLEANED = {
    "gorod": "gorod 1",
    "naselenie": 1234567,
    "oblast": "oblast 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "towns.csv"
    with path.open("w", newline="", encoding="cp1251") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = TownCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_gorod_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Город": ""}])

    with pytest.raises(CleaningError, match="gorod: must not be empty"):
        TownCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_towns", "--file", csv_file)

    rows = Town.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Население": "no number"}
    with csv_file.open("a", newline="", encoding="cp1251") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_towns", "--file", csv_file, "--on-error", "skip")

    rows = Town.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="cp1251") as file:
        [reject] = csv.DictReader(file, delimiter=";")
    assert reject == bad | {
        "_line": "3",
        "_column": "naselenie",
        "_code": "unreadable",
        "_message": "not a whole number that fits Int32",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_towns", "--file", csv_file, "--dry_run")

    assert not Town.objects.exists()
