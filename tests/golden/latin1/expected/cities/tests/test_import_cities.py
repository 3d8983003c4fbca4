"""Tests of the cities import, on invented values."""

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from cities.cleaning.cities import CityCleaningDF
from cities.models import City
from importkit.errors import CleaningError

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Ville": "ville 1",
    "Région": "region 1",
    "Code postal": "01234",
    "Population": "123456",
    "Densité": "1234.50",
}
CLEANED = {
    "ville": "ville 1",
    "region": "region 1",
    "code_postal": "01234",
    "population": 123456,
    "densite": Decimal("1234.50"),
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "cities.csv"
    with path.open("w", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = CityCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_code_postal_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Code postal": ""}])

    with pytest.raises(CleaningError, match="code_postal: must not be empty"):
        CityCleaningDF(frame)


def test_a_repeated_code_postal_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = CityCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_cities", "--file", csv_file)

    rows = City.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Population": "no number"}
    with csv_file.open("a", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_cities", "--file", csv_file, "--on-error", "skip")

    rows = City.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="cp1252") as file:
        [reject] = csv.DictReader(file, delimiter=";")
    assert reject == bad | {
        "_line": "3",
        "_column": "population",
        "_code": "unreadable",
        "_message": "not a whole number that fits Int32",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_cities", "--file", csv_file, "--dry_run")

    assert not City.objects.exists()
