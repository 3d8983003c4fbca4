"""Tests of the teams import, on invented values."""

import csv
from pathlib import Path

import polars as pl
import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from accounts.cleaning.teams import GroupCleaningDF

# A row as the file writes it, and the same row cleaned.
ROW = {
    "Name": "name 1",
}
CLEANED = {
    "name": "name 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "teams.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = GroupCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_a_repeated_name_is_left_out() -> None:
    frame = pl.DataFrame([ROW, ROW])

    cleaned = GroupCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_teams", "--file", csv_file)

    rows = Group.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    too_long = "x" * 151
    bad = ROW | {"Name": too_long}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_teams", "--file", csv_file, "--on-error", "skip")

    rows = Group.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "3",
        "_column": "name",
        "_code": "length",
        "_message": "longer than 150 characters",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_teams", "--file", csv_file, "--dry_run")

    assert not Group.objects.exists()
