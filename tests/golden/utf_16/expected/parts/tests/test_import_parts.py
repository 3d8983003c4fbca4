"""Tests of the parts import, on invented values."""

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from parts.cleaning.parts import PartCleaningDF
from parts.models import Part

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Part": "A-1",
    "Price": "12.50",
    "Maker": "maker 1",
}
CLEANED = {
    "part": "A-1",
    "price": Decimal("12.50"),
    "maker": "maker 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "parts.csv"
    with path.open("w", newline="", encoding="utf-16") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = PartCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_part_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Part": ""}])

    with pytest.raises(CleaningError, match="part: must not be empty"):
        PartCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_parts", "--file", csv_file)

    rows = Part.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"Price": "no number"}
    with csv_file.open("a", newline="", encoding="utf-16") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_parts", "--file", csv_file, "--on-error", "skip")

    rows = Part.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-16") as file:
        [reject] = csv.DictReader(file, delimiter="\t")
    assert reject == bad | {
        "_line": "3",
        "_column": "price",
        "_code": "unreadable",
        "_message": "not a number of up to 10 digits and 2 decimals",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_parts", "--file", csv_file, "--dry_run")

    assert not Part.objects.exists()
