"""Two imports at once leave what one after the other would leave, and blame no row."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection, transaction

from importkit.loading.writers.databases.postgres import PostgresLoader
from importkit.loading.writers.merging import MergingWriter
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Label, Product

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql"),
]


def importing(*skus: str, price: str = "1.00") -> Import:
    rows = pl.DataFrame({"sku": skus, "price": [price] * len(skus)})
    typed = rows.cast({"price": pl.Decimal(8, 2)})
    return Import({Product: typed}, {Product: ("sku",)})


def prices() -> dict[str, str]:
    rows = Product.objects.order_by("sku").values_list("sku", "price")
    return {sku: str(price) for sku, price in rows}


@contextmanager
def beside(work: Callable[[], Any]) -> Iterator[None]:
    """Work in another thread, with a connection of its own, until the block ends."""
    own = connection.settings_dict

    def start() -> None:
        connection.settings_dict = own
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=start)
    thread.start()
    try:
        yield
    finally:
        thread.join(30)


def once(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, work: Any) -> None:
    """Do something once, before a method is called for the first time."""
    method = getattr(owner, name)
    done: list[None] = []

    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not done:
            done.append(None)
            work()
        return method(self, *args, **kwargs)

    monkeypatch.setattr(owner, name, watched)


def in_another_session(*statements: str) -> None:
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
    finally:
        own.close()


ADD = "INSERT INTO shop_product (sku, price, tags) VALUES ('b', 7, '[]')"


@pytest.mark.parametrize("flags", [(), ("--commit", "batch")])
def test_a_row_that_the_application_adds_meanwhile_is_changed_and_not_blamed(
    monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...]
) -> None:
    Product.objects.create(sku="a")
    once(monkeypatch, MergingWriter, "_count", lambda: in_another_session(ADD))

    output = run(importing("a", "b", "c"), *flags)

    assert output == "Products: 1 new, 2 changed (price 2), 0 unchanged.\n"
    assert prices() == dict.fromkeys("abc", "1.00")


@pytest.mark.parametrize("flags", [(), ("--commit", "batch")])
def test_a_table_that_was_empty_may_fill_meanwhile(
    monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...]
) -> None:
    once(monkeypatch, PostgresLoader, "__init__", lambda: in_another_session(ADD))

    output = run(importing("a", "b"), *flags)

    assert output == "Products: 1 new, 1 changed (price 1), 0 unchanged.\n"
    assert prices() == dict.fromkeys("ab", "1.00")


def test_a_second_import_says_that_it_waits_for_the_first() -> None:
    ready, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            run(importing("a", "b", price="2.00"))
            ready.set()
            go_on.wait(10)

    with beside(first):
        assert ready.wait(10)
        threading.Timer(0.5, go_on.set).start()
        output = run(importing("b", "c"))

    waiting, done = output.splitlines()
    assert re.fullmatch(
        r"Waiting for another import into shop\.Product to end: session \d+ \(user "
        r"\w+.*\) since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*\.",
        waiting,
    )
    assert done == ("Products: 1 new, 1 changed (price 1), 0 unchanged.")
    assert prices() == {"a": "2.00", "b": "1.00", "c": "1.00"}


def test_without_a_unique_constraint_two_imports_make_no_duplicate() -> None:
    def labels() -> Import:
        return Import({Label: pl.DataFrame({"name": ["x", "y"]})}, {Label: ("name",)})

    Label.objects.create(name="there")
    ready = threading.Event()

    def first() -> None:
        with transaction.atomic():
            run(labels())
            ready.set()
            time.sleep(0.5)

    with beside(first):
        assert ready.wait(10)
        run(labels())

    assert sorted(Label.objects.values_list("name", flat=True)) == ["there", "x", "y"]


class DeadlockError(Exception):
    """As the driver tells a deadlock."""

    sqlstate = "40P01"


@pytest.mark.parametrize("flags", [(), ("--commit", "batch", "--batch_size", "1")])
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_deadlock_is_tried_again_and_told(
    monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], *, is_empty: bool
) -> None:
    if not is_empty:
        Product.objects.create(sku="a")

    def deadlock() -> None:
        raise OperationalError("deadlock detected") from DeadlockError()

    once(monkeypatch, PostgresLoader, "insert", deadlock)

    output = run(importing("a", "b"), *flags)

    assert "another one got in its way" in output
    new = 2 if is_empty else 1
    assert f"Products: {new} new, {2 - new} changed" in output or is_empty
    assert prices() == dict.fromkeys("ab", "1.00")


def test_a_deadlock_each_time_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[None] = []

    def deadlock(*_: Any) -> None:
        calls.append(None)
        raise OperationalError("deadlock detected") from DeadlockError()

    monkeypatch.setattr(PostgresLoader, "insert", deadlock)
    monkeypatch.setattr(time, "sleep", lambda _: None)

    with pytest.raises(CommandError, match=r"deadlock(.|\n)*Nothing was written"):
        run(importing("a"))

    assert len(calls) == 4


def test_a_lock_that_stays_is_told_with_the_way_out() -> None:
    Product.objects.create(sku="a")
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("UPDATE shop_product SET price = 3")
            cursor.execute("SELECT pg_backend_pid()")
            [number] = cursor.fetchone()
        with pytest.raises(CommandError) as error:
            run(importing("a"), "--wait", "1")
        own.rollback()
    finally:
        own.close()

    said = re.sub(r"user .* since [-\d: ]+\d", "user ... since ...", str(error.value))
    assert said == (
        "The database is locked by another program, which may be another import or the "
        f"server. The lock is held by session {number} (user ... since ....\n"
        "Nothing was written. Run the import again later, or wait longer with "
        "--wait SECONDS. See docs/running.md#two-runs-at-once."
    )
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
