"""Tests of the reviews import, on invented values."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from reviews.cleaning.reviews import OpinionCleaningDF
from reviews.models import Opinion

# A row as the file writes it, and the same row cleaned.
ROW = {
    "review id": "123",
    "text": "text 1",
    "stars": "1",
    "written": "2026-01-31 12:30",
}
CLEANED = {
    "review_id": 123,
    "text": "text 1",
    "stars": 1,
    "written": datetime(2026, 1, 31, 12, 30, tzinfo=UTC),
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = OpinionCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_review_id_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"review id": ""}])

    with pytest.raises(CleaningError, match="review_id: must not be empty"):
        OpinionCleaningDF(frame)


def test_a_repeated_review_id_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = OpinionCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_reviews", "--file", csv_file)

    rows = Opinion.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"review id": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_reviews", "--file", csv_file, "--on-error", "skip")

    rows = Opinion.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "review_id",
        "_code": "unreadable",
        "_message": "not a whole number that fits Int64",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_reviews", "--file", csv_file, "--dry_run")

    assert not Opinion.objects.exists()
