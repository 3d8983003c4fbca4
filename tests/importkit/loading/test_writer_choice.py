"""Rows are written through Django where they must be; an interruption leaves no part."""

from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import connection, reset_queries
from django.db.models.signals import post_save

from importkit.commands.time_limit import TimeIsUp
from importkit.loading.writers.databases.postgres import PostgresLoader
from importkit.loading.writers.databases.sqlite import SQLiteLoader
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Parcel, Product, Restaurant, Slogan

pytestmark = pytest.mark.django_db


@pytest.mark.only_on("sqlite", "postgresql")  # MariaDB has no loader.
def test_a_field_with_its_own_way_of_writing_keeps_it() -> None:
    for text in ("loud", "louder"):
        df = pl.DataFrame({"code": ["a"], "text": [text]})
        output = run(Import({Slogan: df}, {Slogan: ("code",)}), "-v2")

        assert output.startswith(
            'shop.Slogan is written through Django: "text" (Shouting) has a '
            "get_prep_value of its own.\n"
        )
        assert Slogan.objects.get().text == text.upper()


@pytest.mark.only_on("sqlite", "postgresql")  # MariaDB has no loader.
def test_a_field_that_is_set_before_a_save_is_set() -> None:
    df = pl.DataFrame({"code": ["a"]})

    output = run(Import({Parcel: df}, {Parcel: ("code",)}), "-v2")

    assert '"stamp" (Stamped) has a pre_save of its own.' in output
    assert Parcel.objects.get().stamp == "saved"


@pytest.mark.only_on("sqlite", "postgresql")  # MariaDB has no loader.
def test_a_model_that_extends_another_table_fills_both() -> None:
    df = pl.DataFrame({"name": ["a", "b"], "stars": [1, 2]})
    changed = df.with_columns(stars=pl.Series([1, 3]))

    outputs = [
        run(Import({Restaurant: rows}, {Restaurant: ("name",)}), "-v2")
        for rows in (df, changed)
    ]

    assert (
        "shop.Restaurant is written through Django: it inherits from a model with a "
        "table of its own.\n"
    ) in outputs[0]
    assert "\nRestaurants: 2 new" in outputs[0]
    assert outputs[1].endswith(
        "Restaurants: 0 new, 1 changed (stars 1), 1 unchanged.\n"
    )
    rows = Restaurant.objects.order_by("name").values_list("name", "stars")
    assert list(rows) == [("a", 1), ("b", 3)]


def test_signals_are_sent_where_they_are_asked_for_and_only_there() -> None:
    sent: list[tuple[Any, bool]] = []
    post_save.connect(
        lambda instance, created, **_: sent.append((instance.sku, created)),
        sender=Product,
        weak=False,
        dispatch_uid="t",
    )

    def importing(price: int, **options: Any) -> Import:
        df = pl.DataFrame({"sku": ["a", "b"], "price": [1, price]})
        return Import({Product: df}, {Product: ("sku",)}, **options)

    try:
        run(importing(1))
        quiet = list(sent)
        output = run(importing(2, signals=[Product]), "-v2")
        planned = run(importing(3, signals=[Product]), "--dry_run")
    finally:
        post_save.disconnect(sender=Product, dispatch_uid="t")

    assert quiet == []
    assert sent == [("b", False)]
    assert output == (
        "shop.Product is written through Django: its signals are asked for.\n"
        "Products: 0 new, 1 changed (price 1), 1 unchanged.\n"
    )
    assert planned.startswith("Products: 0 new, 1 changed (price 1), 1 unchanged.\n")


def test_the_way_is_not_told_without_verbosity() -> None:
    df = pl.DataFrame({"code": ["a"], "text": ["b"]})

    assert run(Import({Slogan: df})) == "Slogans: 1 new.\n"


@pytest.mark.parametrize("through_django", [True, False])
def test_with_debug_on_no_statement_of_rows_is_kept(
    settings: Any, *, through_django: bool
) -> None:
    settings.DEBUG = True
    reset_queries()
    df = pl.DataFrame({"sku": [str(number) for number in range(20)]})
    signals = [Product] if through_django else []

    run(Import({Product: df}, {Product: ("sku",)}, signals=signals))

    assert Product.objects.count() == 20
    kept = [query["sql"] for query in connection.queries]
    assert [sql for sql in kept if "INSERT" in sql or "COPY" in sql] == []
    assert len(kept) < 10
    reset_queries()


class LostError(Exception):
    """An error that no part of an import expects."""


@pytest.mark.only_on("sqlite", "postgresql")  # MariaDB has no loader.
@pytest.mark.parametrize("interruption", [KeyboardInterrupt, TimeIsUp, LostError])
@pytest.mark.parametrize("is_empty", [True, False])
@pytest.mark.parametrize("by_batch", [True, False])
def test_an_interruption_leaves_no_part_of_a_batch_and_nothing_in_the_way(
    interruption: type[BaseException], *, is_empty: bool, by_batch: bool
) -> None:
    before = [] if is_empty else ["b"]
    for sku in before:
        Product.objects.create(sku=sku)
    df = pl.DataFrame({"sku": list("abcdef"), "price": [1, 2, 3, 4, 5, 6]})
    loader = SQLiteLoader if connection.vendor == "sqlite" else PostgresLoader
    insert = loader.insert
    calls: list[str] = []

    def interrupted(self: Any, *args: Any) -> None:
        insert(self, *args)
        calls.append("")
        if len(calls) == 2:
            raise interruption

    flags = ["--batch_size", "2", *(["--commit", "batch"] if by_batch else [])]
    command = Import({Product: df}, {Product: ("sku",)})
    with (
        patch.object(loader, "insert", interrupted),
        pytest.raises((CommandError, interruption)) as error,
    ):
        run(command, *flags)

    if interruption is KeyboardInterrupt:
        assert isinstance(error.value, CommandError)
        assert error.value.returncode == 3
    left = list(Product.objects.order_by("sku").values_list("sku", flat=True))
    assert left == (["a", "b"] if by_batch else before)
    run(command, *flags)
    rows = Product.objects.order_by("sku").values_list("sku", "price")
    assert [(sku, int(price)) for sku, price in rows] == df.rows()


@pytest.mark.only_on("postgresql")
def test_a_driver_that_cannot_copy_is_refused_with_the_one_to_install() -> None:
    df = pl.DataFrame({"sku": ["a"], "price": [1]})
    driver = "django.db.backends.postgresql.psycopg_any.is_psycopg3"

    with patch(driver, new=False), pytest.raises(CommandError) as error:
        run(Import({Product: df}))

    assert str(error.value).startswith("Rows are copied into PostgreSQL with psycopg 3")
    assert 'uv add "psycopg[binary]"' in str(error.value)
    assert not Product.objects.exists()
