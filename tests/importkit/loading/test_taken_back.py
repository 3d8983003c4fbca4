"""On SQLite rows are added without a savepoint, and a refused batch still leaves no trace."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connection

from importkit.loading.writers.databases import sqlite
from importkit.source import read_csv
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Offer

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]
SKIP = ("--on-error", "skip", "--allow-rejects", "100%", "--batch_size", "3")


@pytest.fixture(autouse=True)
def _two_rows_in_a_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a batch that is refused consist of statements that were not."""
    monkeypatch.setattr(sqlite, "ROWS", 2)


class FromFile(Import):
    """An import of a frame that has the lines of a file."""

    path: Path

    def handle_import(self) -> pl.DataFrame:
        """Read the file, so that the run knows where its lines come from."""
        return read_csv(self.path)


def imported(path: Path, numbers: list[str]) -> list[tuple[int, str]]:
    """Import offers, skip those that are refused, and return what the table holds."""
    before = set(Offer.objects.values_list("number", flat=True))
    path.write_text("nothing\n" + "1\n" * len(numbers))
    lines = pl.Series("_line", range(2, len(numbers) + 2), dtype=pl.Int64)
    df = pl.DataFrame({"number": numbers, "place": [None] * len(numbers)})
    command = FromFile({Offer: df.with_columns(lines, pl.col("place").cast(pl.Int64))})
    command.path = path
    output = run(command, *SKIP)
    assert f"Offers: {len(set(numbers) - before)} new" in output
    return list(Offer.objects.order_by("pk").values_list("pk", "number"))


def asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchall()


def test_the_numbers_of_rows_go_on_as_if_no_batch_had_been_refused(
    tmp_path: Path,
) -> None:
    first = Offer.objects.create(number="a").pk

    rows = imported(tmp_path / "source.csv", [*"bcd", *"efa", *"ghi"])

    assert rows == [(first + place, number) for place, number in enumerate("abcdefghi")]
    assert Offer.objects.create(number="j").pk == first + 9


def test_a_refused_first_batch_starts_no_counting(tmp_path: Path) -> None:
    asked("DELETE FROM sqlite_sequence WHERE name = 'shop_offer'")

    assert imported(tmp_path / "source.csv", ["a", "a", "b"]) == [(1, "a"), (2, "b")]


def test_what_a_trigger_has_done_is_undone_as_well(tmp_path: Path) -> None:
    asked("CREATE TABLE noted (number)")
    asked(
        "CREATE TRIGGER note AFTER INSERT ON shop_offer "
        "BEGIN INSERT INTO noted VALUES (NEW.number); END"
    )
    try:
        imported(tmp_path / "source.csv", ["a", "b", "a", "c"])
        assert asked("SELECT number FROM noted") == [("a",), ("b",), ("c",)]
    finally:
        asked("DROP TRIGGER note")
        asked("DROP TABLE noted")


def test_an_import_leaves_the_page_caches_as_they_were(tmp_path: Path) -> None:
    asked("PRAGMA main.cache_size = -2345")
    asked("PRAGMA temp.cache_size = -1234")

    imported(tmp_path / "source.csv", ["a"])

    assert asked("PRAGMA main.cache_size") == [(-2345,)]
    assert asked("PRAGMA temp.cache_size") == [(-1234,)]
