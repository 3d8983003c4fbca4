"""Stored values that their field cannot read, in columns whose type a migration has changed."""

import datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from uuid import UUID

import polars as pl
import pytest
from django.db import connection

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Everything, Product, Store

# Only SQLite keeps text in a column of numbers.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]

BOTH = pytest.mark.parametrize("flags", [(), ("--dry_run",)])
VALUES = {
    "decimal": Decimal("1.500"),
    "whole": 5,
    "real": 1.5,
    "maybe": True,
    "day": datetime.date(2024, 1, 1),
    "moment": datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
    "time": datetime.time(10, 0),
    "lasting": datetime.timedelta(hours=1),
    "token": str(UUID(int=1)),
}
# Before Django sees them, sqlite3 makes null of these where they cannot be read.
READ_BY_TYPE = ("maybe", "day", "moment", "time")


def store_text(table: str, column: str, text: str = "6,940 kg") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s', [text])  # noqa: S608  names of the tests


@BOTH
@pytest.mark.parametrize("name", VALUES)
def test_a_value_that_cannot_be_read_is_shown_as_it_is_stored(
    name: str, flags: tuple[str, ...]
) -> None:
    Everything.objects.create(code="a")
    field: Any = Everything._meta.get_field(name)
    store_text("shop_everything", field.column)
    df = pl.DataFrame({"code": ["a"], name: [VALUES[name]]})

    output = run(Import({Everything: df}, {Everything: ("code",)}), *flags)

    assert f"0 new, 1 changed ({name} 1), 0 unchanged" in output
    if flags and name != "token":  # Which may be a secret.
        assert f"{name} '6,940 kg' -> " in output
    if not flags:
        again = run(Import({Everything: df}, {Everything: ("code",)}))
        assert "0 new, 0 changed, 1 unchanged" in again


@BOTH
@pytest.mark.parametrize("name", sorted(VALUES.keys() - set(READ_BY_TYPE)))
def test_django_replaces_a_value_that_cannot_be_read(
    name: str, flags: tuple[str, ...]
) -> None:
    Everything.objects.create(code="a")
    field: Any = Everything._meta.get_field(name)
    store_text("shop_everything", field.column)
    df = pl.DataFrame({"code": ["a"], name: [VALUES[name]]})
    command = Import({Everything: df}, {Everything: ("code",)})

    with patch("importkit.loading.run.reason_for_orm", lambda _target: "so"):
        output = run(command, *flags)

    assert f"0 new, 1 changed ({name} 1), 0 unchanged" in output
    if flags and name != "token":
        assert f"{name} '6,940 kg' -> " in output


@BOTH
def test_instances_replace_a_value_that_cannot_be_read(flags: tuple[str, ...]) -> None:
    Product.objects.create(sku="a")
    store_text("shop_product", "price")
    bulk = [Product(sku="a", price=Decimal(2))]

    output = run(Import({Product: bulk}, {Product: ("sku",)}), *flags)

    assert "0 new, 1 changed (price 1), 0 unchanged" in output


@BOTH
@pytest.mark.usefixtures("_writer")
def test_a_row_with_a_value_that_cannot_be_read_is_deleted(
    flags: tuple[str, ...],
) -> None:
    store = Store.objects.create(name="x")
    Product.objects.create(sku="a", store=store)
    store_text("shop_product", "price")
    df = pl.DataFrame({"name": ["y"]})
    command = Import({Store: df}, {Store: ("name",)})

    output = run(
        command, "--mode", "sync", "--delete", "--yes", "--max-delete", "100%", *flags
    )

    assert "1 new" in output
    assert Product.objects.exists() == bool(flags)


@BOTH
@pytest.mark.usefixtures("_writer")
def test_a_parent_whose_key_cannot_be_read_has_no_rows(flags: tuple[str, ...]) -> None:
    Store.objects.create(name="x")
    Store.objects.create(name="y")
    stores = Store.objects.order_by("name")
    with connection.cursor() as cursor:
        sql = "UPDATE shop_store SET created_at = 'long ago' WHERE name = 'x'"
        cursor.execute(sql)
    moment = stores.values_list("created_at", flat=True).get(name="y")
    df = pl.DataFrame({"sku": ["a"], "store__created_at": [moment]})

    assert "1 new" in run(Import({Product: df}, {Product: ("sku",)}), *flags)
