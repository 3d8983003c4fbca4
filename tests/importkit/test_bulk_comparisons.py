"""Two bulks are compared by value, and a deletion is simulated with its cascades."""

from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.db.models import Model

from importkit import bulk
from importkit.bulk import (
    bulk_create_in_steps,
    bulk_delete_in_steps,
    get_differences_between_bulks,
    multi_simulate_bulk_deletion,
    simulate_bulk_deletion,
)
from tests.importkit.shop.models import (
    CheapProduct,
    Label,
    Labelling,
    Product,
    Review,
    Store,
)

pytestmark = pytest.mark.django_db(databases="__all__")


def test_saved_and_unsaved_rows_are_compared_by_value() -> None:
    store = Store.objects.create(name="North")
    Product.objects.create(sku="1", price=Decimal("1.50"), store=store)
    Product.objects.create(sku="2")
    saved = list(Product.objects.order_by("sku"))
    same: Any = Product(sku="1", price="1.5", store=store)
    other = Product(sku="3")

    fields: list[Any] = ["sku", Product._meta.get_field("price"), "store"]
    result = get_differences_between_bulks(saved, [other, same], fields)

    # Unsaved rows are equal only if they are the same object.
    assert result == ([saved[1]], [other], [saved[0]], [same])


def test_values_without_a_hash_are_compared() -> None:
    label = Label.objects.create(name="new")
    first, second = (Product.objects.create(sku=s, tags=[{"a": [1]}]) for s in "12")
    Labelling.objects.create(product=first, label=label)
    unsaved = Product(tags=[{"a": [1]}])

    by_tags = get_differences_between_bulks([first, second], [unsaved], ["tags"])
    by_labels = get_differences_between_bulks([first, second], [unsaved], ["labels"])

    assert by_tags == ([], [], [first, second], [unsaved])
    assert by_labels == ([first], [], [second], [unsaved])


def test_order_and_duplicates_are_kept() -> None:
    a, b, c, also_a = (Product(sku=sku) for sku in "abca")

    result = get_differences_between_bulks([c, also_a, b, a], [a], ["sku"])

    assert [[id(row) for row in rows] for rows in result] == [
        [id(c), id(b)],
        [],
        [id(also_a), id(a)],
        [id(a)],
    ]


def test_nothing_differs_from_nothing() -> None:
    assert get_differences_between_bulks([], [], ["sku"]) == ([], [], [], [])


def test_bulks_of_two_models_are_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"^Both bulks must be of the same model type, but hold shop\.L.* and shop",
    ):
        get_differences_between_bulks([Label()], [Store()], ["name"])


@pytest.fixture
def family() -> dict[str, Model]:
    """Return saved rows, each of which refers to the row before."""
    store = Store.objects.create(name="North")
    product = Product.objects.create(sku="1", store=store)
    labelling = Labelling.objects.create(
        product=product, label=Label.objects.create(name="new")
    )
    cheap = CheapProduct.objects.get(pk=product.pk)
    review = Review.objects.create(product=cheap)
    return {
        "store": store,
        "product": product,
        "labelling": labelling,
        "review": review,
    }


def test_a_simulated_deletion_names_what_the_real_one_takes(
    family: dict[str, Model],
) -> None:
    simulated = simulate_bulk_deletion(Store, iter([family["store"]]))

    assert simulated == {
        Store: {family["store"]},
        Product: {family["product"]},
        Labelling: {family["labelling"]},
        Review: {family["review"]},
    }
    bulk_delete_in_steps(Store, Store.objects.all())
    assert not any(model._base_manager.exists() for model in simulated)


def test_a_simulation_of_nothing_is_empty() -> None:
    assert simulate_bulk_deletion(Store, []) == {}


def test_fast_deletions_of_a_collector_are_included(family: dict[str, Model]) -> None:
    with patch.object(bulk, "Collector") as collector:
        collector.return_value.data = {Store: {family["store"]}}
        collector.return_value.fast_deletes = [Product.objects.all()]
        simulated = simulate_bulk_deletion(Store, [family["store"]])

    collector.return_value.collect.assert_called_once_with([family["store"]])
    assert simulated == {Store: {family["store"]}, Product: {family["product"]}}


def test_the_simulation_looks_where_the_router_says(settings: Any) -> None:
    settings.DATABASE_ROUTERS = ["tests.importkit.shop.routers.StoresElsewhere"]
    store = bulk_create_in_steps(Store, [Store(name="North")])[0]
    product = Product.objects.using("other").create(sku="1", store=store)

    assert simulate_bulk_deletion(Store, [store]) == {
        Store: {store},
        Product: {product},
    }


def test_simulations_of_several_models_are_united(family: dict[str, Model]) -> None:
    spare = Store.objects.create(name="South")
    entries = {Product: [family["product"]], Store: [family["store"], spare]}

    simulated = multi_simulate_bulk_deletion(entries)

    assert simulated[Store] == {family["store"], spare}
    assert simulated[Product] == {family["product"]}
