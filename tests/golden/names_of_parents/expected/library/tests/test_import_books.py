"""Tests of the books import, on invented values."""

import csv
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from library.cleaning.books import BookCleaningDF
from library.models import Author, Book, Branch

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Author": "name 1",
    "Title": "title 1",
    "Branch code": "code 1",
    "Branch town": "town 1",
    "State": "New",
    "Binding": "Hardcover",
}
CLEANED = {
    "author__name": "name 1",
    "title": "title 1",
    "branch__code": "code 1",
    "branch__town": "town 1",
    "state": 1,
    "binding": "h",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "books.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


@pytest.fixture
def parents(db: None) -> None:
    Author.objects.create(id=1, name="name 1")
    Branch.objects.create(id=1, code="code 1", town="town 1")


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = BookCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_author__name_is_refused() -> None:
    frame = pl.DataFrame([ROW | {"Author": ""}])

    with pytest.raises(CleaningError, match="author__name: must not be empty"):
        BookCleaningDF(frame)


def test_a_repeated_author__name_and_title_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = BookCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.usefixtures("parents")
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_books", "--file", csv_file)

    rows = Book.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.usefixtures("parents")
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {"State": "no number"}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_books", "--file", csv_file, "--on-error", "skip")

    rows = Book.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "state",
        "_code": "unreadable",
        "_message": 'not one of "New", "Lent out"',
    }


@pytest.mark.usefixtures("parents")
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_books", "--file", csv_file, "--dry_run")

    assert not Book.objects.exists()
