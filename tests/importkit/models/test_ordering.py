"""Models are sorted so that parents come first."""

from itertools import permutations

import pytest
from django.db.models import Model

from importkit.errors import ConfigurationError
from importkit.models.ordering import topological_sort_models
from tests.importkit.shop.models import (
    Badge,
    Category,
    CheapProduct,
    Chicken,
    Cinema,
    Department,
    Egg,
    Employee,
    Label,
    Labelling,
    Link,
    Note,
    Place,
    Product,
    Restaurant,
    Review,
    Store,
    Ticket,
    Visit,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([Store], [Store]),
        ([Product, Store], [Store, Product]),
        ([Labelling, Product, Label, Store], [Label, Store, Product, Labelling]),
        ([Review, Product], [Product, Review]),
        ([Review, CheapProduct], [CheapProduct, Review]),
        (
            [Review, Store, CheapProduct, Product],
            [Store, CheapProduct, Product, Review],
        ),
        ([Restaurant, Cinema, Place], [Place, Restaurant, Cinema]),
        ([Cinema, Restaurant], [Cinema, Restaurant]),
        ([Visit, Restaurant], [Restaurant, Visit]),
        ([Category, Link], [Category, Link]),
        ([Employee, Department], [Department, Employee]),
        ([Note, Product, Ticket, Store, Label], [Note, Ticket, Store, Product, Label]),
        ([Store, Store], [Store]),
    ],
)
def test_parents_come_first_and_the_rest_stays(
    given: list[type[Model]], expected: list[type[Model]]
) -> None:
    assert topological_sort_models(given) == expected


def test_every_order_of_many_models_has_the_parents_first() -> None:
    for given in permutations([Labelling, Review, Product, Label, Store]):
        ordered = topological_sort_models(given)

        assert ordered.index(Store) < ordered.index(Product)
        assert ordered.index(Product) < ordered.index(Review)
        assert max(map(ordered.index, (Label, Product))) < ordered.index(Labelling)


def test_what_refers_to_a_cycle_waits_for_it() -> None:
    assert topological_sort_models([Badge, Employee, Department]) == [
        Department,
        Employee,
        Badge,
    ]


@pytest.mark.parametrize("given", list(permutations([Chicken, Egg, Store])))
def test_a_cycle_that_nobody_can_start_is_refused_by_name(
    given: tuple[type[Model], ...],
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        topological_sort_models(given)

    assert str(caught.value) == (
        "These models need each other, so that none can be created first:"
        " shop.Chicken.egg -> shop.Egg.chicken -> shop.Chicken. Allow one of the"
        " fields to be null (null=True); it is then filled in after both sides exist."
    )
