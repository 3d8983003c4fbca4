"""If any statement of a run fails, the table and the folder are left as promised."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from importkit.cleaning import CleaningDF, DType
from importkit.import_data import ImportDataBaseCommand
from importkit.source import scan_csv
from tests.importkit.faults import statements
from tests.importkit.fuzzing.runs import temporary_tables
from tests.importkit.loading.bare_tables.snapshots import snapshot
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

# The faults are planted in statements of these two.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("sqlite", "postgresql"),
]

type Prices = Mapping[str, str]

BATCH = 4
BEFORE = {"a": "1.00", "b": "2.00", "gone": "9.00"}
# The rows without a problem, in the order of the file.
GOOD = {"a": "1.00", "b": "2.50", **{f"new {n}": f"{n}.00" for n in range(8)}}
BAD = {"bad": "two", "worse": "2.345"}


class Rules(CleaningDF):
    """The rules of a file of prices."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"sku": pl.String, "price": pl.Decimal(8, 2)}


def importing(path: Path) -> ImportDataBaseCommand:
    """Return an import that upserts a file of prices."""

    class Goods(Import):
        def handle_import(self) -> Any:
            return scan_csv(path)

        def get_bulks_by_model(self, df: Any) -> Any:
            return {Product: df}

    return Goods({}, {Product: ("sku",)}, rules=Rules)


def fill(prices: Prices) -> None:
    with transaction.atomic():
        Product.objects.all().delete()
        Product.objects.bulk_create(
            Product(sku=sku, price=Decimal(price)) for sku, price in prices.items()
        )


def table() -> dict[str, str]:
    rows = Product.objects.order_by("sku").values_list("sku", "price")
    return {sku: str(price) for sku, price in rows}


def structure_of_table() -> Any:
    """Return the indexes and constraints of the table, which a run may drop meanwhile."""
    is_dropped = connection.vendor == "postgresql"
    return snapshot("shop_product") if is_dropped else None


def fails_at_each(path: Path, before: Prices, *flags: str) -> list[dict[str, str]]:
    """Run once for each statement, with this statement failing.

    After each failure the same import is run again and must succeed.

    Returns:
        The rows of the table after each failure.
    """

    def attempt(failing: int | None) -> int:
        with statements(failing) as counted:
            run(importing(path), "--batch_size", str(BATCH), *flags)
        return len(counted.seen)

    fill(before)
    structure = structure_of_table()
    number = attempt(None)
    whole = table()
    tables = []
    for failing in range(number):
        fill(before)
        clear(path)
        with pytest.raises(CommandError, match="the disk is full"):
            attempt(failing)
        tables.append(table())
        assert structure_of_table() == structure
        assert list(path.parent.iterdir()) == [path]
        # After a committed batch they stay for the next batch, or the next run.
        assert temporary_tables() == [] or "batch" in flags
        attempt(None)
        assert table() == whole
        assert structure_of_table() == structure
        assert temporary_tables() == []
    assert number > 5
    return tables


def clear(path: Path) -> None:
    """Remove all other files in the folder of a file."""
    for other in path.parent.iterdir():
        if other != path:
            other.unlink()


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Callable[[Prices], Path]:
    def write(prices: Prices) -> Path:
        path = tmp_path / "prices.csv"
        rows = "".join(f"{sku},{price}\n" for sku, price in prices.items())
        path.write_text(f"sku,price\n{rows}")
        return path

    return write


@pytest.mark.usefixtures("_writer")
@pytest.mark.parametrize("before", [{}, BEFORE])
def test_a_fault_at_any_statement_undoes_the_run(
    file: Callable[[Prices], Path], before: Prices
) -> None:
    path = file({**GOOD, **BAD})
    skip = ("--on-error", "skip", "--allow-rejects", "2", "--yes")

    tables = fails_at_each(path, before, *skip)

    assert all(found == before for found in tables)
    assert table() == {**before, **GOOD}
    assert len((path.parent / "prices.csv.rejects.csv").read_text().splitlines()) == 3


@pytest.mark.usefixtures("_writer")
def test_a_fault_at_any_statement_deletes_nothing(
    file: Callable[[Prices], Path],
) -> None:
    flags = ("--mode", "sync", "--delete", "--max-delete", "100%", "--yes")

    tables = fails_at_each(file(GOOD), BEFORE, *flags)

    assert all(found == BEFORE for found in tables)
    assert table() == GOOD


@pytest.mark.usefixtures("_writer")
@pytest.mark.parametrize("before", [{}, BEFORE])
def test_by_batch_a_fault_at_any_statement_leaves_whole_batches(
    file: Callable[[Prices], Path], before: Prices
) -> None:
    rows = list(GOOD.items())
    steps = [dict(rows[:end]) for end in range(0, len(rows) + BATCH, BATCH)]

    tables = fails_at_each(file(GOOD), before, "--commit", "batch")

    whole = [{**before, **step} for step in steps]
    assert all(found in whole for found in tables)
    # Later failures leave more batches, and each number of batches occurs.
    assert [whole.index(found) for found in tables] == sorted(map(whole.index, tables))
    assert {whole.index(found) for found in tables} >= set(range(len(whole) - 1))
