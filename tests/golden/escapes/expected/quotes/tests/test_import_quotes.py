"""Tests of the quotes import, on invented values."""

import csv
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from quotes.cleaning.quotes import QuoteCleaningDF
from quotes.models import Quote

# A row as the file writes it, and the same row cleaned.
ROW = {
    "id": "1",
    "quote": "quote 1",
    "by": "by 1",
}
CLEANED = {
    "source_id": 1,
    "quote": "quote 1",
    "by": "by 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "quotes.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, escapechar="\\")
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = QuoteCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_source_id_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"id": ""}])

    with pytest.raises(CleaningError, match="source_id: must not be empty"):
        QuoteCleaningDF(frame)


def test_a_repeated_source_id_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = QuoteCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_quotes", "--file", csv_file)

    rows = Quote.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"id": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, escapechar="\\")
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_quotes", "--file", csv_file, "--on-error", "skip")

    rows = Quote.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file, escapechar="\\")
    assert reject == bad | {
        "_line": "3",
        "_column": "source_id",
        "_code": "unreadable",
        "_message": "not a whole number that fits Int64",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_quotes", "--file", csv_file, "--dry_run")

    assert not Quote.objects.exists()
