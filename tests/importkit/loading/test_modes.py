"""Each mode changes a table as documented, and reports the changes."""

import datetime
from decimal import Decimal

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Model

from importkit.import_data import ImportDataBaseCommand
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Node, Product, Store

DRY = "Dry run: nothing was written.\n"


def products(**prices: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"sku": list(prices), "price": [Decimal(p) for p in prices.values()]},
        schema={"sku": pl.String, "price": pl.Decimal(8, 2)},
    )


def importing(**prices: str) -> ImportDataBaseCommand:
    return Import({Product: products(**prices)}, {Product: ("sku",)})


def table() -> dict[str, str]:
    rows = Product.objects.order_by("sku").values_list("sku", "price")
    return {sku: str(price) for sku, price in rows}


@pytest.fixture
def _stock(_writer: None) -> None:
    """Put three products into the table."""
    run(importing(a="1.00", b="2.00", c="3.00"))


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_stock")]

FLAGS_AND_REPORTS = [
    (
        (),
        "Products: 1 new, 1 changed (price 1), 1 unchanged.\n",
        {"a": "1.00", "b": "2.50", "c": "3.00", "d": "4.00"},
    ),
    (
        ("--mode", "upsert"),
        "Products: 1 new, 1 changed (price 1), 1 unchanged.\n",
        {"a": "1.00", "b": "2.50", "c": "3.00", "d": "4.00"},
    ),
    (
        ("--mode", "update"),
        "Products: 1 not in the table, 1 changed (price 1), 1 unchanged.\n",
        {"a": "1.00", "b": "2.50", "c": "3.00"},
    ),
    (
        ("--mode", "sync"),
        "Products: 1 new, 1 changed (price 1), 1 unchanged, 1 missing in the source.\n",
        {"a": "1.00", "b": "2.50", "c": "3.00", "d": "4.00"},
    ),
    (
        ("--mode", "sync", "--delete", "--yes", "--max-delete", "1"),
        "Products: 1 new, 1 changed (price 1), 1 unchanged, 1 missing in the source.\n"
        "Deleted: 1 product.\n",
        {"a": "1.00", "b": "2.50", "d": "4.00"},
    ),
]


@pytest.mark.parametrize("size", [(), ("--batch_size", "1"), ("--batch_size", "2")])
@pytest.mark.parametrize(("flags", "report", "after"), FLAGS_AND_REPORTS)
def test_a_mode_does_what_it_says_and_counts_it(
    flags: tuple[str, ...], report: str, after: dict[str, str], size: tuple[str, ...]
) -> None:
    assert run(importing(a="1.00", b="2.50", d="4.00"), *flags, *size) == report
    assert table() == after


@pytest.mark.parametrize(("flags", "report", "after"), FLAGS_AND_REPORTS)
def test_a_dry_run_says_the_same_with_examples_and_changes_nothing(
    flags: tuple[str, ...], report: str, after: dict[str, str]
) -> None:
    output = run(importing(a="1.00", b="2.50", d="4.00"), *flags, "--dry_run")

    first, _, rest = report.replace("Deleted:", "To delete:").partition("\n")
    assert output == f"{first}\n  'b': price '2.00' -> '2.50'\n{rest}{DRY}"
    assert table() == {"a": "1.00", "b": "2.00", "c": "3.00"}


def test_insert_only_creates_and_says_what_a_key_would_do() -> None:
    with pytest.raises(CommandError) as error:
        run(importing(d="4.00", a="1.00"), "--mode", "insert")

    assert str(error.value) == (
        "1 problem in 1 row:\n  sku: in the table already, 1 row\n"
        "    row 2: 'a'\nNothing was written."
    )
    assert len(table()) == 3
    assert run(importing(d="4.00"), "--mode", "insert") == "Products: 1 new.\n"
    assert table()["d"] == "4.00"


def test_a_second_run_writes_nothing() -> None:
    def command(b: str) -> ImportDataBaseCommand:
        df = pl.DataFrame({"name": ["a", "b"], "parent_id": [None, None]})
        df = df.with_columns(pl.when(name="b").then(pl.lit(b)).otherwise("name"))
        return Import({Node: df.select("name")}, {Node: ("name",)})

    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    run(command("b"))
    Node.objects.update(created_at=long_ago, updated_at=long_ago)

    output = run(command("b"))

    assert output == "Nodes: 0 new, 0 changed, 2 unchanged.\n"
    stamps = Node.objects.values_list("created_at", "updated_at")
    assert set(stamps) == {(long_ago, long_ago)}


def test_a_changed_row_keeps_its_key_and_creation_and_gets_a_new_time() -> None:
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    [same, other] = [Node.objects.create(name=name) for name in ("same", "other")]
    Node.objects.update(created_at=long_ago, updated_at=long_ago)
    df = pl.DataFrame({"name": ["other", "same"], "parent_id": [same.pk, None]})

    output = run(Import({Node: df}, {Node: ("name",)}))

    assert output == "Nodes: 0 new, 1 changed (parent 1), 1 unchanged.\n"
    other.refresh_from_db()
    same.refresh_from_db()
    assert (other.parent_id, other.created_at) == (same.pk, long_ago)
    assert other.updated_at > long_ago
    assert same.updated_at == long_ago


def test_changes_are_counted_by_field_with_the_most_frequent_first() -> None:
    df = pl.DataFrame(
        {
            "sku": ["a", "b", "c"],
            "price": ["1.50", "2.50", "3.00"],
            "store_id": [Store.objects.create(name="north").pk, None, None],
        }
    ).with_columns(pl.col("price").cast(pl.Decimal(8, 2)))

    output = run(Import({Product: df}, {Product: ("sku",)}))

    assert output == ("Products: 0 new, 2 changed (price 2, store 1), 1 unchanged.\n")


def test_a_plan_shows_ten_changes() -> None:
    many = {f"p{number:02}": "1.00" for number in range(12)}
    run(importing(**many))

    output = run(importing(**dict.fromkeys(many, "2.00")), "--dry_run")

    assert output.splitlines() == [
        "Products: 0 new, 12 changed (price 12), 0 unchanged.",
        *(f"  'p{number:02}': price '1.00' -> '2.00'" for number in range(10)),
        DRY.strip(),
    ]


def test_instances_are_upserted_as_frames_are() -> None:
    def rows(_df: object) -> dict[type[Model], list[Product]]:
        prices = {"a": "1.00", "b": "2.50", "d": "4.00"}
        return {Product: [Product(sku=s, price=Decimal(p)) for s, p in prices.items()]}

    for flags in [("--dry_run",), ()]:
        output = run(Import(rows, {Product: ("sku",)}), *flags)
        assert output.startswith("Products: 1 new, 1 changed (price 1), 1 unchanged.\n")

    assert table() == {"a": "1.00", "b": "2.50", "c": "3.00", "d": "4.00"}


def test_the_natural_key_may_have_several_fields_and_bring_the_primary_key() -> None:
    [a, b, _] = Product.objects.order_by("sku")
    df = products(a="1.00", b="7.00").with_columns(id=pl.Series([a.pk, b.pk]))

    output = run(Import({Product: df}, {Product: ("sku",)}))

    assert output == "Products: 0 new, 1 changed (price 1), 1 unchanged.\n"
    assert Product.objects.get(sku="b").pk == b.pk


@pytest.mark.parametrize("mode", ["upsert", "update", "sync"])
def test_a_mode_that_needs_a_natural_key_says_so(mode: str) -> None:
    with pytest.raises(CommandError) as error:
        run(Import({Product: products(a="9.00")}), "--mode", mode)

    assert error.value.returncode == 2
    assert str(error.value) == (
        f"{mode} finds the rows of shop.Product by their natural key: state it in "
        "get_natural_keys."
    )
    assert table()["a"] == "1.00"
