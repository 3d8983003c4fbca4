"""Columns of PostgreSQL whose type is not that of the field, in tables made elsewhere."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.db import connection, models
from django.db.models import Model
from django.test.utils import isolate_apps

from tests.importkit.shop.imports import Import, run

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]

MOMENT = datetime.datetime(2024, 1, 1, 10, tzinfo=datetime.UTC)


@pytest.fixture
def old() -> Iterator[type[Model]]:
    """Return a model of a table that Django did not make."""
    with isolate_apps("tests.importkit.shop"):

        class Old(models.Model):
            """A table with columns of other types than Django's."""

            id = models.AutoField(primary_key=True)
            code = models.CharField(max_length=5, unique=True)
            data = models.JSONField(null=True, blank=True)
            moment = models.DateTimeField(null=True, blank=True)
            day = models.DateField(null=True, blank=True)
            amount = models.DecimalField(
                max_digits=8, decimal_places=2, null=True, blank=True
            )
            parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)

            class Meta:
                """Made below."""

                app_label = "shop"
                managed = False
                db_table = "old"

            def __str__(self) -> str:
                return str(self.code)

        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE old (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
                "code char(5) UNIQUE, data json, moment timestamptz, day date, "
                "amount numeric, parent_id int REFERENCES old (id))"
            )
        yield Old


def importing(model: type[Model], **columns: Any) -> Import:
    df = pl.DataFrame({name: [value] for name, value in columns.items()})
    return Import({model: df}, {model: ("code",)})


def test_values_of_json_are_compared_as_values(old: type[Model]) -> None:
    run(importing(old, code="a", data='{"a": 1, "b": [2]}'))

    same = run(importing(old, code="a", data='{"b":[2],"a":1}'))
    changed = run(importing(old, code="a", data='{"a": 2}'))

    assert "0 new, 0 changed, 1 unchanged" in same
    assert "0 new, 1 changed (data 1), 0 unchanged" in changed


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_a_parent_is_found_by_a_key_that_the_table_fills_up(
    old: type[Model], flags: tuple[str, ...]
) -> None:
    run(importing(old, code="a"))

    assert "1 new" in run(importing(old, code="b", parent="a"), *flags)


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_infinite_times_and_numbers_that_are_none_are_replaced(
    old: type[Model], flags: tuple[str, ...]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO old (code, moment, day, amount) "
            "VALUES ('a', 'infinity', '-infinity', 'NaN')"
        )
    day = datetime.date(2024, 1, 1)
    command = importing(old, code="a", moment=MOMENT, day=day, amount=Decimal("1.50"))

    output = run(command, *flags)

    assert "0 new, 1 changed (moment 1, day 1, amount 1), 0 unchanged" in output
    if flags:
        assert "moment 'infinity' -> '2024-01-01 10:00:00+00:00'" in output
        assert "day '-infinity' -> '2024-01-01'" in output


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_keys_of_a_column_that_always_numbers_itself_are_written(
    old: type[Model], flags: tuple[str, ...]
) -> None:
    run(importing(old, code="a"))

    assert "1 new" in run(importing(old, id=70, code="b"), *flags)
    if not flags:
        run(importing(old, code="c"))
        keys = old._default_manager.order_by("pk").values_list("pk", flat=True)
        assert list(keys) == [1, 70, 71]
