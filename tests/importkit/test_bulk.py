"""Many instances are created, changed and deleted in steps, all or nothing."""

import sqlite3
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from importkit.bulk import (
    bulk_create_bulks_in_steps,
    bulk_create_in_steps,
    bulk_delete_in_steps,
    bulk_update_in_steps,
    load_bulks,
)
from importkit.errors import ConfigurationError
from tests.importkit.shop.models import (
    Category,
    CheapProduct,
    Label,
    Labelling,
    Note,
    Place,
    Product,
    Restaurant,
    Store,
    Ticket,
)
from tests.importkit.shop.queries import statements

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def elsewhere(settings: Any) -> None:
    """Send stores to the other database."""
    settings.DATABASE_ROUTERS = ["tests.importkit.shop.routers.StoresElsewhere"]


def products(number: int) -> list[Product]:
    """Return unsaved products."""
    return [Product(sku=f"{n:05}") for n in range(number)]


def test_rows_are_created_in_steps_and_returned_in_order(inserts: list[str]) -> None:
    bulk = products(5)

    created = bulk_create_in_steps(Product, iter(bulk), step=2)

    assert created == bulk
    assert inserts == [Product._meta.db_table] * 3
    assert [p.sku for p in Product.objects.order_by("pk")] == [p.sku for p in bulk]
    assert all(p.pk for p in created)


@pytest.mark.parametrize("step", [0, -1])
def test_a_step_is_at_least_one_row(step: int) -> None:
    with pytest.raises(ValueError, match=f"1 or more, not {step}"):
        bulk_create_in_steps(Product, [], step=step)
    with pytest.raises(ValueError, match=f"1 or more, not {step}"):
        bulk_update_in_steps(Product, [], ["sku"], step=step)
    with pytest.raises(ValueError, match=f"1 or more, not {step}"):
        bulk_delete_in_steps(Product, [], step=step)


def test_bulks_are_created_parents_first_under_the_same_keys() -> None:
    store, label = Store(name="North"), Label(name="new")
    product = Product(sku="1", store=store)
    labelling = Labelling(product=product, label=label)
    bulks: dict[type[Model], list[Model]] = {
        Labelling: [labelling],
        Product: [product],
        Label: [label],
        Store: [store],
    }

    created = bulk_create_bulks_in_steps(bulks)

    assert created == bulks
    assert product.store_id == store.pk
    assert list(product.labels.all()) == [label]


def test_a_generator_is_held_one_step_at_a_time() -> None:
    seen: list[weakref.ref[Product]] = []
    most = 0

    def bulk() -> Iterator[Product]:
        nonlocal most
        for number in range(1000):
            product = Product(sku=str(number))
            seen.append(weakref.ref(product))
            most = max(most, sum(ref() is not None for ref in seen))
            yield product

    assert load_bulks({Product: bulk()}, step=100) == {Product: 1000}
    # One step, and the row that the generator still holds while it makes the next row.
    assert most <= 102


def test_all_models_are_written_or_none() -> None:
    twice = [Product(sku="1"), Product(sku="1")]

    with pytest.raises(DatabaseError), transaction.atomic():
        load_bulks({Store: [Store(name="North")], Product: twice})

    assert not Store.objects.exists()


@pytest.mark.usefixtures("elsewhere")
def test_rows_go_to_the_database_that_the_router_names() -> None:
    store = bulk_create_in_steps(Store, [Store(name="North")])[0]
    store.name = "South"

    assert bulk_update_in_steps(Store, [store], ["name"]) == 1
    assert Store.objects.using("other").get().name == "South"
    assert not Store.objects.using("default").exists()
    assert bulk_delete_in_steps(Store, [store])[0] == 1
    assert not Store.objects.using("other").exists()


@pytest.mark.usefixtures("elsewhere")
def test_a_failure_undoes_every_database_of_the_run(inserts: list[str]) -> None:
    twice = [Product(sku="1"), Product(sku="1")]
    with pytest.raises(DatabaseError), transaction.atomic():
        load_bulks({Store: [Store(name="North")], Product: twice})

    assert inserts[0] == Store._meta.db_table
    assert not Store.objects.using("other").exists()


@pytest.mark.parametrize("model", [Category, Product])
@pytest.mark.parametrize("row", ["text", Store(), Place()])
def test_a_row_of_another_model_is_refused(model: type[Model], row: Any) -> None:
    with pytest.raises(ConfigurationError, match=f'The bulk of "{model._meta.label}"'):
        load_bulks({model: [row]})


def test_a_child_table_row_is_no_row_of_the_parent_table() -> None:
    with pytest.raises(ConfigurationError, match='holds a "Restaurant"'):
        load_bulks({Place: [Restaurant()]})


def test_a_proxy_is_a_row_of_the_same_table() -> None:
    assert load_bulks({CheapProduct: [Product(sku="1"), CheapProduct(sku="2")]})

    assert Product.objects.count() == 2


def test_a_row_that_has_its_key_is_not_written_over() -> None:
    ticket = Ticket.objects.create()

    with pytest.raises(DatabaseError), transaction.atomic():
        bulk_create_in_steps(Ticket, [Ticket(pk=ticket.pk)])

    assert bulk_create_in_steps(Ticket, [Ticket()])[0] in Ticket.objects.all()


def test_an_update_writes_the_fields_and_the_time() -> None:
    stores = bulk_create_in_steps(Store, [Store(name=str(n)) for n in range(5)])
    before = stores[0].updated_at
    for store in stores:
        store.name = f"new {store.name}"

    with CaptureQueriesContext(connection) as queries:
        updated = bulk_update_in_steps(Store, iter(stores), ["name"], step=2)

    assert updated == 5
    assert statements(queries, "UPDATE") == 3
    assert {store.name for store in Store.objects.all()} == {
        f"new {n}" for n in range(5)
    }
    assert all(store.updated_at > before for store in Store.objects.all())
    assert all(store.updated_at > before for store in stores)


def test_an_update_names_its_fields() -> None:
    with pytest.raises(ValueError, match="at least one field"):
        bulk_update_in_steps(Store, [], [])


def test_a_failed_update_changes_nothing() -> None:
    first, second = bulk_create_in_steps(Product, products(2))
    first.sku = second.sku = "new"

    with pytest.raises(DatabaseError):
        bulk_update_in_steps(Product, [first, second], ["sku"], step=1)

    assert not Product.objects.filter(sku="new").exists()


def test_a_deletion_counts_cascades_by_label() -> None:
    stores = bulk_create_in_steps(Store, [Store(name=str(n)) for n in range(3)])
    bulk_create_in_steps(Product, [Product(sku=str(s.pk), store=s) for s in stores])

    assert bulk_delete_in_steps(Store, iter(stores[:2]), step=1) == (
        4,
        {"shop.Product": 2, "shop.Store": 2},
    )
    assert Store.objects.get() == stores[2]


def test_a_deletion_sees_what_the_default_manager_hides() -> None:
    notes = bulk_create_in_steps(Note, [Note(old=n > 0) for n in range(3)])

    assert bulk_delete_in_steps(Note, notes) == (3, {"shop.Note": 3})


@pytest.fixture(name="_low_limit")
def fixture_low_limit() -> Iterator[None]:
    """Let a statement of SQLite take 1,000 values, in place of 250,000."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    before = driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 1_000)
    yield
    driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)


@pytest.mark.usefixtures("_low_limit")
def test_a_deletion_keeps_to_the_limit_of_the_database() -> None:
    number = 2_500
    rows = [Note(pk=pk) for pk in range(1, number)]
    Note._base_manager.create(pk=number - 1)

    assert bulk_delete_in_steps(Note, rows, step=number)[0] == 1


def test_a_row_without_a_key_cannot_be_deleted() -> None:
    with pytest.raises(ValueError, match=r'"shop\.Note" that is not saved'):
        bulk_delete_in_steps(Note, [Note()])
