"""What the guides promise of every import, held to in this project and on its database.

Django's table of sessions stands in for a table of your own: a key, a text and a time.
Change ``importkit`` as you like; these tests say whether it still keeps its word.
"""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db.models import Model
from pytest_django import Settings

from importkit.cleaning import CleaningDF, DType
from importkit.import_data import ImportDataBaseCommand, Rows
from importkit.source import scan_csv

pytestmark = pytest.mark.django_db

HEADER = "Key,Password,Until"
GOOD = ("a1,first,2026-01-31 12:30Z", "b2,second,2026-02-28 08:00Z")
A1 = ("a1", "first", datetime(2026, 1, 31, 12, 30, tzinfo=UTC))
B2 = ("b2", "second", datetime(2026, 2, 28, 8, 0, tzinfo=UTC))


class SessionCleaningDF(CleaningDF):
    """The rules of a file of sessions."""

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        names = ("session_key", "session_data", "expire_date")
        return dict(zip(HEADER.split(","), names, strict=True))

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "session_key": pl.String,
            "session_data": pl.String,
            "expire_date": pl.Datetime("us", "UTC"),
        }

    @classmethod
    def get_personal_cols(cls) -> tuple[str, ...]:
        return ("session_data",)


class Command(ImportDataBaseCommand):
    """Import sessions."""

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True)

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return SessionCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Session: df}

    def get_natural_keys(self) -> dict[type[Model], tuple[str, ...]]:
        return {Session: ("session_key",)}


@pytest.fixture(autouse=True)
def in_english_and_with_time_zones(settings: Settings) -> None:
    """Let the settings of the project decide nothing here but the database."""
    settings.LANGUAGE_CODE = "en-us"
    settings.USE_TZ = True


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions.csv"


def write(file: Path, *rows: str) -> None:
    """Write a file as it might come from a sender."""
    file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")


def run(file: Path, *options: str) -> None:
    """Import a file as ``manage.py`` would."""
    call_command(Command(), "--file", str(file), *options)


def refused(file: Path, *options: str) -> str:
    """Import a file that has to be refused; return what is said."""
    with pytest.raises(CommandError) as caught:
        run(file, *options)
    return str(caught.value)


def stored() -> list[tuple[str, str, datetime]]:
    """Return all rows of the table."""
    rows = Session.objects.order_by("session_key")
    return [*rows.values_list("session_key", "session_data", "expire_date")]


def test_bad_rows_are_named_all_at_once_and_nothing_is_written(file: Path) -> None:
    write(file, *GOOD, '"c\n3",third,2026-02-30 08:00Z', "d4,fourth,tomorrow")

    said = refused(file).splitlines()

    assert said[0] == "2 problems in 2 rows:"
    assert said[1].startswith('  expire_date ("Until"): not a date and time')
    # The line is that of the value, also where a cell has a line break.
    assert '    5 | 3",***,2026-02-30 08:00Z' in said
    assert "    6 | d4,***,tomorrow" in said
    assert said[-1] == "Nothing was written."
    assert stored() == []


def test_personal_values_are_not_shown(file: Path) -> None:
    write(file, "a1,hunter2,tomorrow")

    said = refused(file)

    assert "hunter2" not in said
    assert "    2 | a1,***,tomorrow" in said


def test_what_the_table_cannot_hold_is_refused_before_it_is_written(file: Path) -> None:
    write(file, *GOOD, f"{'k' * 41},third,2026-03-31 12:30Z")

    assert "session_key" in refused(file)
    assert stored() == []


def test_rows_that_contradict_each_other_are_refused(file: Path) -> None:
    write(file, GOOD[0], "a1,other,2026-01-31 12:30Z")

    assert "session_key" in refused(file)
    assert stored() == []


def test_a_dry_run_says_what_the_run_says_and_writes_nothing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, *GOOD)

    run(file, "--dry_run")
    planned = capsys.readouterr().out
    assert stored() == []
    run(file)

    assert "Sessions: 2 new, 0 changed, 0 unchanged.\n" in planned
    assert capsys.readouterr().out in planned
    assert stored() == [A1, B2]


def test_a_second_run_changes_nothing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, *GOOD)
    run(file)
    capsys.readouterr()

    run(file)

    assert capsys.readouterr().out == "Sessions: 0 new, 0 changed, 2 unchanged.\n"
    assert stored() == [A1, B2]


def test_only_what_differs_is_changed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, *GOOD)
    run(file)
    capsys.readouterr()

    write(file, GOOD[0], "b2,changed,2026-02-28 08:00Z", "c3,third,2026-03-31 12:30Z")
    run(file)

    counts = "Sessions: 1 new, 1 changed (session_data 1), 1 unchanged.\n"
    assert capsys.readouterr().out == counts
    assert [row[:2] for row in stored()] == [
        ("a1", "first"),
        ("b2", "changed"),
        ("c3", "third"),
    ]


def test_rows_that_the_source_no_longer_has_stay_unless_they_are_to_be_deleted(
    file: Path,
) -> None:
    write(file, *GOOD)
    run(file)
    write(file, GOOD[0])

    run(file, "--mode", "sync")
    assert stored() == [A1, B2]
    many = refused(file, "--mode", "sync", "--delete", "--yes")
    assert "--max-delete" in many
    assert stored() == [A1, B2]
    run(file, "--mode", "sync", "--delete", "--yes", "--max-delete", "50%")
    assert stored() == [A1]


def test_rejects_are_corrected_and_imported_as_they_are(file: Path) -> None:
    write(file, GOOD[0], "b2,second,tomorrow")

    said = refused(file, "--on-error", "skip")
    rejects = Path(f"{file}.rejects.csv")
    text = rejects.read_text(encoding="utf-8")
    assert "1 of 2 rows" in said
    assert stored() == [A1]
    assert text.splitlines()[1].startswith(
        "b2,second,tomorrow,3,expire_date,unreadable,"
    )

    corrected = text.replace("tomorrow", "2026-02-28 08:00Z", 1)
    rejects.write_text(corrected, encoding="utf-8")
    run(rejects)
    assert stored() == [A1, B2]


def test_a_file_that_is_not_plausible_is_refused_as_a_whole(file: Path) -> None:
    class Expecting(Command):
        """Import at least three sessions."""

        def get_expectations(self) -> list[Rows]:
            return [Rows(at_least=3)]

    write(file, *GOOD)

    with pytest.raises(CommandError, match="rows: 2, expected at least 3"):
        call_command(Expecting(), "--file", str(file))

    assert stored() == []
    call_command(Expecting(), "--file", str(file), "--accept", "rows")
    assert stored() == [A1, B2]


def test_a_file_of_another_shape_is_refused_by_its_header(file: Path) -> None:
    file.write_text("Key,Passwort,Until\na1,first,2026-01-31 12:30Z\n", "utf-8")

    assert 'lacks 1 of 3 columns: "Password" (did you mean "Passwort"?)' in refused(
        file
    )
    assert stored() == []
