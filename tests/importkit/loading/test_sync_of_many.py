"""The work of a sync grows with its rows, and not with their square."""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import pytest
from django.db import connection

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db


def synced(rows: int) -> None:
    skus = pl.DataFrame({"sku": [f"{number:06}" for number in range(rows)]})
    run(Import({Product: skus}, {Product: ("sku",)}), "--mode", "sync")


@contextmanager
def steps_counted() -> Iterator[list[int]]:
    """Count the steps of SQLite's machine, by thousands."""
    steps = [0]

    def count() -> None:
        steps[0] += 1

    connection.connection.set_progress_handler(count, 1000)
    try:
        yield steps
    finally:
        connection.connection.set_progress_handler(None, 0)


@pytest.mark.only_on("sqlite")
def test_twice_the_rows_are_about_twice_the_work() -> None:
    work = []
    for rows in (3_000, 6_000):
        synced(rows)
        with steps_counted() as steps:
            synced(rows)
        work.append(steps[0])

    assert work[1] < 3 * work[0]


@pytest.mark.only_on("postgresql")
def test_the_planner_has_its_settings_back_after_a_run() -> None:
    synced(10)
    synced(10)

    with connection.cursor() as cursor:
        for setting in ("enable_hashjoin", "enable_mergejoin"):
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == ("on",)
