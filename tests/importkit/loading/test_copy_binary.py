"""COPY reads in binary format the values that were encoded, extreme values included."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.db import connection

from importkit.loading.writers.databases.copy_binary import encode
from importkit.loading.writers.databases.postgres import PostgresLoader
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Everything, Product

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.only_on("postgresql"),
]

UTC = datetime.UTC
COLUMNS: list[tuple[str, Any, list[Any]]] = [
    ("smallint", pl.Int16, [-(2**15), -1, 0, 2**15 - 1]),
    ("integer", pl.Int32, [-(2**31), -1, 0, 2**31 - 1]),
    ("bigint", pl.Int64, [-(2**63), -(2**32), 2**16, 2**63 - 1]),
    ("bigint", pl.Int16, [-(2**15), 2**15 - 1]),
    ("double precision", pl.Float64, [-0.0, 5e-324, -1.7976931348623157e308, 0.1]),
    ("boolean", pl.Boolean, [True, False]),
    ("numeric(12,2)", pl.Decimal(12, 2), [Decimal("-0.01"), Decimal("9999999999.99")]),
    ("numeric(5,0)", pl.Decimal(5, 0), [Decimal(0), Decimal(-99999), Decimal(10000)]),
    ("numeric(3,3)", pl.Decimal(3, 3), [Decimal("0.001"), Decimal("-0.999")]),
    ("numeric(38,0)", pl.Decimal(38, 0), [Decimal("9" * 38), Decimal("-" + "9" * 38)]),
    (
        "numeric(38,38)",
        pl.Decimal(38, 38),
        [Decimal("0." + "9" * 38), Decimal("-0." + "0" * 37 + "1")],
    ),
    ("date", pl.Date, [datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]),
    (
        "timestamp with time zone",
        pl.Datetime("us", "UTC"),
        [
            datetime.datetime(1, 1, 1, tzinfo=UTC),
            datetime.datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        ],
    ),
    (
        "timestamp without time zone",
        pl.Datetime("us"),
        [datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)],
    ),
    ("time without time zone", pl.Time, [datetime.time(23, 59, 59, 999999)]),
    ("interval", pl.Duration("us"), [datetime.timedelta(hours=-5, microseconds=1)]),
    ("jsonb", pl.String, ['{"a": [1, "é"]}', "null"]),
    ("bytea", pl.Binary, [b"", b"\0\xff", b"x" * 65_534]),
    ("text", pl.String, ["", " ", "é\U0001f600", "x" * 65_534]),
    ("character varying(3)", pl.String, ["äöü"]),
]


@pytest.mark.parametrize(
    ("kind", "dtype", "values"), COLUMNS, ids=lambda v: str(v)[:30]
)
def test_values_arrive_as_they_are(kind: str, dtype: Any, values: list[Any]) -> None:
    df = pl.DataFrame({"value": [*values, None]}, {"value": dtype})

    data = encode([kind.partition("(")[0]], df)

    assert data is not None
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE arrived (value {kind})")
        with cursor.copy("COPY arrived FROM STDIN (FORMAT binary)") as copy:
            copy.write(data)
        cursor.execute("SELECT value FROM arrived")
        found = [value for (value,) in cursor.fetchall()]
        cursor.execute("DROP TABLE arrived")
    assert repr(found) == repr([*values, None])


def test_uuids_arrive_as_they_are() -> None:
    token = uuid.UUID(int=2**128 - 2)
    df = pl.DataFrame({"code": ["a"], "token": [str(token)]})

    run(Import({Everything: df}))

    assert [row.token for row in Everything.objects.all()] == [token]


@pytest.mark.parametrize("kind", ["inet", "real", "json", None])
def test_a_column_without_a_form_is_left_to_csv(kind: str | None) -> None:
    assert encode([kind], pl.DataFrame({"value": ["1"]})) is None


def test_a_text_of_any_length_arrives() -> None:
    loader = PostgresLoader("default", Everything)
    field = Everything._meta.get_field("words")
    df = pl.DataFrame({"words": ["x" * 65_535, "é" * 100_000]})

    assert loader.encode({'"words"': field}, df.head(0)).format == "binary"
    assert loader.encode({'"words"': field}, df).format == "csv"


def test_a_table_whose_columns_are_of_other_types_than_its_fields_is_filled() -> None:
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Product._meta.db_table)
        cursor.execute(f"ALTER TABLE {table} ALTER COLUMN price TYPE real")
    prices = pl.Series("price", [Decimal("1.50")], pl.Decimal(8, 2))

    run(Import({Product: pl.DataFrame([pl.Series("sku", ["1"]), prices])}))

    assert [product.price for product in Product.objects.all()] == [Decimal("1.50")]
