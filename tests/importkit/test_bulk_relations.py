"""Instances that refer to each other are created parents first, or refused."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from importkit.bulk import bulk_create_in_steps, load_bulks
from importkit.errors import ConfigurationError
from importkit.models.row_levels import instance_levels
from tests.importkit.shop.models import (
    Category,
    Department,
    Employee,
    Link,
    Place,
    Product,
    Restaurant,
    Store,
    Visit,
)
from tests.importkit.shop.queries import statements

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_tree_is_created_level_by_level_in_any_order(inserts: list[str]) -> None:
    root = Category(name="0")
    tree = [root]
    for depth in range(1, 6):
        tree.append(Category(name=str(depth), parent=tree[-1]))
    shuffled = [tree[n] for n in (4, 1, 5, 0, 3, 2)]

    with CaptureQueriesContext(connection) as queries:
        created = bulk_create_in_steps(Category, shuffled)

    assert created == shuffled
    assert inserts == [Category._meta.db_table] * 6
    assert statements(queries, "UPDATE") == 0
    parents = dict(Category.objects.values_list("name", "parent__name"))
    assert parents == {"0": None, "1": "0", "2": "1", "3": "2", "4": "3", "5": "4"}


def test_the_rows_of_a_level_keep_their_order() -> None:
    first, second = Category(name="1"), Category(name="2")

    load_bulks({Category: [Category(name="3", parent=second), first, second]})

    assert [c.name for c in Category.objects.order_by("pk")] == ["1", "2", "3"]


def test_a_long_chain_takes_no_longer_than_a_flat_table() -> None:
    # Longer than Python's limit of 1,000 nested calls.
    chain = [Category(name="0")]
    for number in range(1, 1500):
        chain.append(Category(name=str(number), parent=chain[-1]))

    assert load_bulks({Category: reversed(chain)}) == {Category: 1500}
    assert Category.objects.filter(parent=None).count() == 1


def test_rows_that_refer_to_each_other_are_filled_in_afterwards() -> None:
    first, second = Category(name="1"), Category(name="2")
    first.parent, second.parent = second, first

    bulk_create_in_steps(Category, [first, second], step=1)

    assert Category.objects.get(name="1").parent == second
    assert Category.objects.get(name="2").parent == first
    assert first.parent == second


def test_models_that_refer_to_each_other_are_filled_in_afterwards() -> None:
    department = Department()
    employee = Employee(department=department)
    department.head = employee

    load_bulks({Employee: [employee], Department: [department]})

    saved = Department.objects.get()
    assert saved.head == employee
    assert employee.department_id == saved.pk


def test_rows_that_need_each_other_are_refused_with_the_remedy() -> None:
    link = Link()
    link.before = link

    with pytest.raises(ConfigurationError) as caught:
        bulk_create_in_steps(Link, [link])

    assert str(caught.value) == (
        '"shop.Link.before" refers to a "shop.Link" that is not saved and is not'
        ' created before it either. Save it first, or add it to the bulk of "shop.Link".'
        " Rows that need each other need a field with null=True."
    )


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (Product(sku="1", store=Store()), "shop.Product.store"),
        (Category(name="1", parent=Category()), "shop.Category.parent"),
        (Department(head=Employee()), "shop.Department.head"),
    ],
)
def test_a_parent_that_nobody_saves_is_refused_by_name(row: Model, field: str) -> None:
    with pytest.raises(ConfigurationError, match=f'^"{field}" refers to .* Save it'):
        load_bulks({type(row): [row]})


def test_a_parent_that_nobody_saves_is_refused_in_a_cycle_too() -> None:
    department = Department(head=Employee())

    with pytest.raises(ConfigurationError, match=r'"shop\.Department\.head" refers'):
        load_bulks({Department: [department], Employee: []})


def test_inherited_tables_are_saved_row_by_row() -> None:
    restaurant = Restaurant(name="Roma", stars=3)
    bulks: dict[type[Model], list[Model]] = {
        Visit: [Visit(place=restaurant)],
        Restaurant: [restaurant],
    }

    assert load_bulks(bulks) == {Visit: 1, Restaurant: 1}

    saved = Restaurant.objects.get()
    assert (saved.name, saved.stars) == ("Roma", 3)
    assert Visit.objects.get().place_id == saved.pk


def test_inherited_tables_overwrite_no_parent() -> None:
    place = Place.objects.create(name="Roma")

    with pytest.raises(DatabaseError), transaction.atomic():
        bulk_create_in_steps(Restaurant, [Restaurant(pk=place.pk, stars=3)])

    assert Place.objects.get().name == "Roma"


def test_an_inherited_table_is_no_tree() -> None:
    rows = iter([Restaurant()])

    assert [group is rows for group in instance_levels(Restaurant, rows)] == [True]
