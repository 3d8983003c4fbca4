"""Some damaged files; many more with ``python -m tests.importkit.fuzzing``."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from importkit.loading.writers.merging import MergeStatements
from importkit.source import LINE, DelimitedFile
from tests.importkit.fuzzing import properties, runs
from tests.importkit.fuzzing.__main__ import FAILED, read_log
from tests.importkit.fuzzing.workers import checked

FILES = 100
MOST = 400  # Files among which a fault has to be noticed.

type Batches = Iterator[pl.DataFrame]
type Change = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.django_db
@pytest.mark.parametrize("first", [0, 100, 200])
def test_of_damaged_files_no_row_is_lost_and_no_run_ends_unexplained(
    tmp_path: Path, first: int
) -> None:
    found = [checked(1, number, tmp_path) for number in range(first, first + FILES)]

    assert [file for file in found if file.failure] == []
    # Neither does all of it end at once: most files are imported, at least in part.
    whole = [file for file in found if not file.outcome.startswith("refused")]
    assert len(whole) > FILES / 2


def first_failure(folder: Path) -> str:
    """Return how the first file fails that does."""
    files = (checked(1, number, folder) for number in range(MOST))
    return next((file.failure for file in files if file.failure), "")


def rounded(df: pl.DataFrame) -> pl.DataFrame:
    if "decimal" not in df.columns:
        return df
    return df.with_columns(pl.col("decimal").str.replace(r"(\.\d{3})\d+$", "$1"))


def without_a_row(df: pl.DataFrame) -> pl.DataFrame:
    return df.filter(pl.col(LINE) != 5)


def with_a_row_twice(df: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([df, df.filter(pl.col(LINE) == 5)])


def a_line_too_far(df: pl.DataFrame) -> pl.DataFrame:
    return df.with_columns(
        pl.when(pl.col(LINE) > 6).then(pl.col(LINE) + 1).otherwise(LINE)
    )


def in_lower_case(df: pl.DataFrame) -> pl.DataFrame:
    return df.with_columns(pl.col(pl.String).exclude("_problem").str.to_lowercase())


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (rounded, "was made of"),
        (without_a_row, "written"),
        (with_a_row_twice, ""),
        (a_line_too_far, "line"),
        (in_lower_case, "was made of"),
    ],
)
def test_a_fault_in_reading_is_noticed(
    fault: Change, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = DelimitedFile.batches

    def faulty(self: DelimitedFile) -> Batches:
        return (fault(df) for df in batches(self))

    monkeypatch.setattr(DelimitedFile, "batches", faulty)

    failure = first_failure(tmp_path)

    assert failure
    assert words in failure


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.only_on("sqlite")
def test_an_upsert_that_never_updates_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update: Any = MergeStatements.update

    def nothing(self: MergeStatements, times: Any) -> str:
        return f"{update(self, times)} AND 0 = 1"

    monkeypatch.setattr(MergeStatements, "update", nothing)

    # Counts are those of the database, so that the plan and the run are not the same.
    assert first_failure(tmp_path).startswith("planned")


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.only_on("sqlite")
def test_a_plan_that_writes_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_if_it_were_none(case: Any, path: Path, *flags: str) -> Any:
        return runs.attempt(
            case, path, *(flag for flag in flags if flag != "--dry_run")
        )

    monkeypatch.setattr(properties, "attempt", as_if_it_were_none)

    assert first_failure(tmp_path) == "a plan has written rows"


def test_a_run_that_was_ended_goes_on_behind_what_it_has_checked(
    tmp_path: Path,
) -> None:
    log = tmp_path / "1.done"
    assert read_log(log) == {}
    log.write_text(f"0\timported\n2\t{FAILED}\n3\tall rej")

    assert read_log(log) == {0: "imported", 2: FAILED}
