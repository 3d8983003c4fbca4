"""An import of many rows into an empty table builds the indexes at the end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import transaction

from importkit.cleaning import CleaningDF, DType
from importkit.source import scan_csv
from tests.importkit.faults import statements
from tests.importkit.loading.bare_tables.snapshots import snapshot
from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.library import Supplier
from tests.importkit.shop.models import Product
from tests.importkit.shop.relations import Book, Loan

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql"),
]

MANY = "importkit.loading.pipeline.MANY"
BARE = "shop.{} is filled without its indexes, which are built at the end.\n"
AGAIN = "shop.{} is written again, with its indexes: {}.\n"
NUMBER = 10
DROPPED = ["ALTER", "TABLE", "DROP"]
TOLD = ["DROP", "COPY", "CREATE", "ANALYZE"]


class Rules(CleaningDF):
    """The rules of a file of prices."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"sku": pl.String, "price": pl.Decimal(8, 2)}


def importing(path: Path, *, inserts: bool = False) -> Import:
    """Return an import of a file of prices, which is read batch by batch."""

    class Goods(Import):
        def handle_import(self) -> Any:
            return scan_csv(path)

        def get_bulks_by_model(self, df: Any) -> Any:
            return {Product: df}

    return Goods({}, {} if inserts else {Product: ("sku",)}, rules=Rules)


@pytest.fixture(name="many", autouse=True)
def _many() -> Iterator[None]:
    """Take ten rows for many."""
    with patch(MANY, NUMBER):
        yield


def written(path: Path, *rows: str) -> Path:
    """Write a file of prices: enough good rows, and others."""
    good = [f"sku {n},{n}.50" for n in range(NUMBER)]
    path.write_text("\n".join(["sku,price", *good, *rows, ""]))
    return path


def table() -> list[tuple[str, str]]:
    rows = Product.objects.order_by("pk").values_list("sku", "price")
    return [(sku, str(price)) for sku, price in rows]


@pytest.mark.parametrize("step", [2, NUMBER, 100])
@pytest.mark.parametrize("inserts", [True, False])
def test_indexes_are_built_after_the_last_row(
    tmp_path: Path, step: int, *, inserts: bool
) -> None:
    path = written(tmp_path / "prices.csv", "last,7")
    before = snapshot("shop_product")

    with statements() as sent:
        command = importing(path, inserts=inserts)
        output = run(command, "-v2", "--batch_size", str(step))

    assert output.startswith(BARE.format("Product") + "Products: 11 new")
    assert table() == [*((f"sku {n}", f"{n}.50") for n in range(10)), ("last", "7.00")]
    assert snapshot("shop_product") == before
    words = [sql.split()[1:2] for sql in sent.seen]
    told = [word for [word] in filter(None, words) if word in TOLD]
    assert list(dict.fromkeys(told)) == TOLD


def test_few_rows_take_the_statements_that_they_took(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("sku,price\na,1\nb,2\n")
    seen = []
    for is_bare in (True, False):
        Product.objects.all().delete()
        name = "importkit.loading.run.builds_indexes_at_the_end"
        with (
            patch(name, lambda _target, is_bare=is_bare: is_bare),
            statements() as sent,
        ):
            run(importing(path), "-v2")
        seen.append([sql for sql in sent.seen if "SAVEPOINT" not in sql])

    assert seen[0] == seen[1]
    assert not any("DROP INDEX" in sql for sql in seen[0])


# Rows behind the many, and flags: what a run says of them does not depend on the way.
OTHERS = {
    "nothing": [],
    "a price that is none": ["x,two", "y,3", "z,2.345"],
    "a price that is too high": ["x,12345678.00", "y,3"],
    "a sku of an earlier row": ["sku 3,9", "y,3", "y,4"],
    "a sku that is too long": ["x" * 21 + ",1", "y,3"],
    "many things": ["sku 3,9", "x,two", "y,12345678.00", "z,1", "z,2"],
}


@pytest.mark.parametrize("flags", [(), ("--on-error", "skip", "--yes")])
@pytest.mark.parametrize("inserts", [True, False])
@pytest.mark.parametrize("rows", OTHERS)
def test_a_run_says_and_writes_what_it_does_with_the_indexes(
    tmp_path: Path, rows: str, flags: tuple[str, ...], *, inserts: bool
) -> None:
    path = written(tmp_path / "prices.csv", *OTHERS[rows])
    before = snapshot("shop_product")
    found = []
    for many in (1, 1_000):
        Product.objects.all().delete()
        for other in tmp_path.glob("*.rejects.csv"):
            other.unlink()
        with patch(MANY, many):
            try:
                said = run(
                    importing(path, inserts=inserts), "--batch_size", "4", *flags
                )
            except CommandError as error:
                said = f"{error.returncode} {error}"
        kept = [p.read_text() for p in tmp_path.glob("*.rejects.csv")]
        found.append((said, table(), kept))

    assert found[0] == found[1]
    assert snapshot("shop_product") == before


def test_rows_that_break_a_constraint_are_named_with_the_indexes(
    tmp_path: Path,
) -> None:
    path = written(tmp_path / "prices.csv", "sku 3,9")
    said: list[str] = []

    tell = "importkit.import_data.reports.reporter.Reporter.tell"
    with (
        patch(tell, lambda _self, remark: said.append(f"{remark}\n")),
        pytest.raises(CommandError) as error,
    ):
        run(importing(path, inserts=True))

    assert "sku: as in an earlier row [unique], 1 row\n    12 | sku 3,9" in str(
        error.value
    )
    reason = 'could not create unique index "shop_product_sku_key"'
    assert said == [BARE.format("Product"), AGAIN.format("Product", reason)]
    assert table() == []


def test_what_comes_after_it_in_the_same_transaction_finds_the_indexes() -> None:
    items = pl.DataFrame({"name": [f"item {n}" for n in range(12)]})
    with transaction.atomic():
        output = run(Import({Supplier: items}, {Supplier: ("name",)}), "-v2")
        assert BARE.format("Supplier") in output
        again = run(Import({Supplier: items}, {Supplier: ("name",)}))

    assert again == "Suppliers: 0 new, 0 changed, 12 unchanged.\n"


def test_children_of_a_table_that_the_run_has_filled_lose_their_foreign_key_too() -> (
    None
):
    books = pl.DataFrame({"isbn": [f"book {n}" for n in range(12)]})
    loans = pl.DataFrame({"book": books["isbn"], "number": range(12)})
    before = snapshot("shop_loan"), snapshot("shop_book")
    keys: Keys = {Book: ("isbn",), Loan: ("book", "number")}

    with statements() as sent:
        output = run(Import({Loan: loans, Book: books}, keys), "-v2")

    assert output.startswith(BARE.format("Book") + BARE.format("Loan"))
    words = [sql.split() for sql in sent.seen]
    dropped = [each[3] for each in words if each[1:3] + each[4:5] == DROPPED]
    # The foreign key from loans keeps the primary key of books; that to books goes.
    assert dropped == ["shop_book", "shop_loan", "shop_loan", "shop_loan"]
    assert [loan.book.isbn for loan in Loan.objects.order_by("number")] == [
        *books["isbn"]
    ]
    assert (snapshot("shop_loan"), snapshot("shop_book")) == before
