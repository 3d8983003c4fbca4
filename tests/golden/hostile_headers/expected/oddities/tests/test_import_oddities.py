"""Tests of the oddities import, on invented values."""

import csv
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.errors import CleaningError
from oddities.cleaning.oddities import OddityCleaningDF
from oddities.models import Oddity

# A row as the file writes it, and the same row cleaned.
ROW = {
    'She said "hi"': "text 1",
    "two\nlines": "text 1",
    '"); import os': "text 1",
    "class": "text 1",
    "padded": "padded 1",
    "\u202egnp.exe": "gnp exe 1",
    "emoji 😀": "emoji 1",
    "北京": "bei jing 1",
    "def __init__(self):": "text 1",
    "%s {{ x }} {% y %}": "s x y 1",
    "back\\slash": "text 1",
    "'single'": "single 1",
}
CLEANED = {
    "she_said_hi": "text 1",
    "two_lines": "text 1",
    "import_os": "text 1",
    "class_value": "text 1",
    "padded": "padded 1",
    "gnp_exe": "gnp exe 1",
    "emoji": "emoji 1",
    "bei_jing": "bei jing 1",
    "def_init_self": "text 1",
    "s_x_y": "s x y 1",
    "back_slash": "text 1",
    "single": "single 1",
}


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "oddities.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([ROW, ROW.values()])
    return path


def test_a_row_is_cleaned() -> None:
    frame = pl.DataFrame([ROW])

    cleaned = OddityCleaningDF(frame)

    assert cleaned.df.to_dicts() == [CLEANED]


def test_an_empty_she_said_hi_is_refused() -> None:
    frame = pl.DataFrame([ROW | {'She said "hi"': ""}])

    with pytest.raises(CleaningError, match="she_said_hi: must not be empty"):
        OddityCleaningDF(frame)


@pytest.mark.django_db
def test_the_import_writes_the_row(csv_file: Path) -> None:
    call_command("import_oddities", "--file", csv_file)

    rows = Oddity.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_rejected(csv_file: Path) -> None:
    bad = ROW | {'She said "hi"': ""}
    with csv_file.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(bad.values())

    with pytest.raises(CommandError):
        call_command("import_oddities", "--file", csv_file, "--on-error", "skip")

    rows = Oddity.objects.values(*CLEANED)
    assert list(rows) == [CLEANED]
    rejects = Path(f"{csv_file}.rejects.csv")
    with rejects.open(newline="", encoding="utf-8") as file:
        [reject] = csv.DictReader(file)
    assert reject == bad | {
        "_line": "4",
        "_column": "she_said_hi",
        "_code": "empty",
        "_message": "must not be empty",
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(csv_file: Path) -> None:
    call_command("import_oddities", "--file", csv_file, "--dry_run")

    assert not Oddity.objects.exists()
