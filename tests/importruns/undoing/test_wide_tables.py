"""A run that changes a table of more columns than one expression takes can be undone."""

from unittest.mock import patch

import polars as pl
import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.importkit.loading.test_wide_tables import create_table
from tests.importruns.undoing.noting import noted, rows_of, undone

COLUMNS = 1_100

pytestmark = pytest.mark.django_db


@isolate_apps("tests.importkit.shop")
def test_each_of_a_thousand_columns_is_restored() -> None:
    fields = {f"c{place}": models.IntegerField() for place in range(COLUMNS)}
    body = {"__module__": "tests.importkit.shop.models", **fields}
    sku = models.CharField(max_length=10, unique=True)
    wide: type[models.Model] = type("Wide", (models.Model,), {**body, "sku": sku})
    create_table(wide)

    def frame(value: int) -> pl.DataFrame:
        return pl.DataFrame({"sku": ["a"], **{name: [value] for name in fields}})

    first = noted({wide: frame(1)}, {wide: ("sku",)})
    before = rows_of(wide)
    second = noted({wide: frame(2)}, {wide: ("sku",)})

    with patch.object(apps, "get_model", lambda _label: wide):
        assert undone(second)["shop.Wide"].restored == 1
        assert rows_of(wide) == before
        assert undone(first)["shop.Wide"].taken_back == 1

    assert rows_of(wide) == {wide: []}
