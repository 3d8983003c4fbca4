"""Each row that a run has written is noted once, however it was written, and no other row."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from importkit.source import read_csv
from importruns.models import RowChange
from tests.importkit.shop.imports import run
from tests.importkit.shop.models import Offer, Product, Store
from tests.importruns.undoing.noting import Noting, noted, rows_of, texts, undone

KEYS: Mapping[type[Model], tuple[str, ...]] = {Product: ("sku",), Store: ("name",)}
SKIP = ("--on-error", "skip", "--allow-rejects", "100%", "--batch_size", "3")

pytestmark = pytest.mark.django_db


def keys(number: int, kind: str) -> list[str]:
    notes = RowChange.objects.filter(run=number, kind=kind)
    return sorted(notes.values_list("key", flat=True), key=int)


def test_rows_that_the_database_refused_are_not_noted(tmp_path: Path) -> None:
    path = tmp_path / "offers.csv"
    path.write_text("nothing\n" + "1\n" * 7)

    class FromFile(Noting):
        """An import of a frame that has the lines of a file."""

        def handle_import(self) -> pl.DataFrame:
            return read_csv(path)

    numbers = ["1", "2", "1", "3", "4", "4", "5"]
    lines = pl.Series("_line", range(2, 9), dtype=pl.Int64)
    df = pl.DataFrame({"number": numbers, "place": [None] * 7}).with_columns(
        lines, pl.col("place").cast(pl.Int64)
    )

    number = noted({Offer: df}, {}, *SKIP, kind=FromFile)

    there = Offer.objects.order_by("pk").values_list("pk", flat=True)
    assert len(there) == 5
    assert keys(number, "c") == list(map(str, there))


@pytest.mark.only_on("postgresql")
def test_a_table_that_is_filled_without_its_indexes_is_noted() -> None:
    class Told(Noting):
        """Says what it does."""

    with patch("importkit.loading.pipeline.MANY", 1):
        command = Told({Product: texts(sku=["a", "b"])}, KEYS)
        assert "filled without its indexes" in run(command, "-v2")
        Product.objects.all().delete()
        number = noted({Product: texts(sku=["a", "b"])}, KEYS)

    assert len(keys(number, "c")) == 2
    assert undone(number)["shop.Product"].taken_back == 2


def test_a_row_that_stays_as_it_is_is_not_noted() -> None:
    noted({Product: texts(sku=["a", "b"])}, KEYS)

    number = noted({Product: texts(sku=["a", "b", "c"])}, KEYS)

    assert (len(keys(number, "c")), keys(number, "u")) == (1, [])


def test_rows_that_are_saved_with_signals_are_noted() -> None:
    Product.objects.create(sku="a", price=1)
    before = rows_of(Product)
    bulk = texts(sku=["a", "b"]).with_columns(price=9)

    number = noted({Product: bulk}, KEYS, signals=[Product])

    assert (len(keys(number, "c")), len(keys(number, "u"))) == (1, 1)
    undone(number)
    assert rows_of(Product) == before


def test_after_a_run_nothing_is_noted_any_more() -> None:
    number = noted({Product: texts(sku=["a"])}, KEYS)

    Product.objects.create(sku="b")
    Product.objects.filter(sku="a").update(price=4)

    assert len(keys(number, "c")) == RowChange.objects.count() == 1


@pytest.mark.only_on("postgresql")
def test_a_table_that_takes_no_triggers_is_told() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIEW all_stores AS SELECT * FROM shop_store")
    meta = Store._meta
    with (
        patch.object(meta, "db_table", "all_stores"),
        pytest.raises(CommandError) as error,
    ):
        noted({Store: [Store(name="a")]}, KEYS)

    assert str(error.value).startswith(
        "keeps_undo: PostgreSQL cannot note the rows of shop.Store: "
    )


class _Off(Noting):
    keeps_undo: ClassVar[int] = 0


def test_a_command_that_keeps_no_undo_asks_nothing() -> None:
    noted({Product: texts(sku=["a"])}, KEYS, kind=_Off)

    assert not RowChange.objects.exists()


@pytest.mark.only_on("postgresql")
def test_other_imports_are_waited_for_before_a_table_is_locked() -> None:
    with CaptureQueriesContext(connection) as asked:
        noted({Product: texts(sku=["a"])}, KEYS)

    texts_asked = [query["sql"] for query in asked.captured_queries]
    waits, locks = (
        next(place for place, sql in enumerate(texts_asked) if words in sql)
        for words in ("advisory_xact_lock", "CREATE TRIGGER")
    )
    assert waits < locks
