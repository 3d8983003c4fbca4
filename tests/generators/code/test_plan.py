"""A plan holds every fact that is printed: names, types, keys, invented values."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CASCADE, ForeignKey, Model
from django.test.utils import isolate_apps

from generators.code.plan import ImportPlan, Unmatched
from tests.generators.planning import PRODUCTS, formatted, plan_into, plan_of
from tests.importkit.shop.models import (
    Category,
    Chicken,
    Everything,
    Link,
    Product,
    Restaurant,
    Review,
)


def names(plan: ImportPlan) -> list[str]:
    return [column.name for column in plan.columns]


def invented(plan: ImportPlan) -> dict[str, tuple[str, str]]:
    """Return the made-up values by column: as the file writes them, and cleaned."""
    return {
        column.name: (column.invented.text, str(column.invented.cleaned))
        for column in plan.columns
    }


def test_a_key_is_guessed_from_a_name_and_unique_values() -> None:
    plan = plan_of(PRODUCTS)

    assert plan.keys == (("sku",),)
    assert plan.key_is_guess


def test_a_given_key_is_no_guess() -> None:
    plan = plan_of(PRODUCTS, key=("name", "created"))

    assert plan.keys == (("name", "created"),)
    assert not plan.key_is_guess


def test_without_a_key_nothing_is_unique() -> None:
    assert plan_of({"colour": ["red", "blue"]}).keys == ()


def test_a_column_is_required_unless_a_cell_is_empty() -> None:
    plan = plan_of(PRODUCTS | {"note": ["", "x", "y"]})

    optional = [column.name for column in plan.columns if not column.required]
    assert optional == ["created", "note"]


def test_only_empty_text_is_filled() -> None:
    plan = plan_of(PRODUCTS | {"note": ["", "x", "y"]})

    filled = {c.name: str(c.fill) for c in plan.columns if c.fill is not None}
    assert filled == {"note": '""'}


def test_values_are_invented_in_the_notation_of_the_sample() -> None:
    plan = plan_of(
        {
            "name": ["Chair", "Table"],
            "code": ["a", "b"],
            "price": ["1.089,50", "2,25"],
            "pieces": ["1", "2"],
            "day": ["31.01.2024", "01.02.2024"],
            "sold": ["ja", "nein"],
            "seen": ["2024-01-31T10:00:00Z", "2024-02-01T10:00:00Z"],
        }
    )

    assert invented(plan) == {
        "name": ("name 1", '"name 1"'),
        "code": ("code 1", '"code 1"'),
        "price": ("1.234,50", 'Decimal("1234.50")'),
        "pieces": ("1", "1"),
        "day": ("31.01.2026", "date(2026, 1, 31)"),
        "sold": ("ja", "True"),
        "seen": ("2026-01-31 12:30Z", "datetime(2026, 1, 31, 12, 30, tzinfo=UTC)"),
    }


def test_no_cell_of_the_sample_is_in_the_made_up_row() -> None:
    plan = plan_of({"surname": ["Archer", "Baker"], "salary": ["70123.45", "61000.10"]})

    assert invented(plan) == {
        "surname": ("surname 1", '"surname 1"'),
        "salary": ("1234.50", 'Decimal("1234.50")'),
    }


@pytest.mark.parametrize("name", ["models", "paths", "cleaning_errors", "decimals"])
def test_a_model_never_takes_the_name_of_what_the_code_imports(name: str) -> None:
    taken = {"Model", "Path", "CleaningError", "Decimal"}

    try:
        model = plan_of(PRODUCTS, name).model.name
    except ValueError as error:
        assert "choose another name for the model with --model-name" in str(error)
    else:
        assert model not in taken


def test_headers_find_fields_by_each_of_their_names() -> None:
    cells = {"E-mail address": ["a@b"], "USERNAME": ["a"], "Pass word": ["x"]}

    plan = plan_into(User, cells | {"first-name": ["A"], "Shoe size": ["42"]})

    assert names(plan) == ["email", "username", "password", "first_name"]
    assert plan.unmatched == (Unmatched("Shoe size", "not a field of auth.User"),)


def test_the_header_nearest_to_a_fields_name_gets_it() -> None:
    plan = plan_into(Product, {"store_id": ["1"], "store": ["2"], "sku": ["a"]})

    found = {column.column.header: str(column.name) for column in plan.columns}
    assert found == {"store": "store_id", "sku": "sku"}
    assert plan.unmatched == (Unmatched("store_id", '"store" fills "store" already'),)


def test_an_existing_model_decides_on_types_nulls_defaults_and_keys() -> None:
    plan = plan_into(Product, {"sku": ["1"], "price": ["1,5"], "store": [""]})

    facts = {c.name: (str(c.dtype), c.required, c.fill) for c in plan.columns}
    assert facts == {
        "sku": ("pl.String", True, None),
        "price": ("pl.Decimal(8, 2)", False, None),
        "store_id": ("pl.Int64", False, None),
    }
    assert plan.keys == (("sku",),)


@isolate_apps("tests.importkit.shop")
def test_an_empty_cell_keeps_what_is_stored_where_the_field_has_a_default() -> None:
    class Level(models.IntegerChoices):
        LOW = 1
        HIGH = 2

    order = made(
        "Order",
        level=models.IntegerField(default=Level.HIGH),
        price=models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(2)),
        limit=models.FloatField(default=float("inf")),
        note=models.TextField(blank=True),
        made=models.BooleanField(default=bool),
    )

    headers = ("level", "price", "limit", "note", "made")
    plan = plan_into(order, {header: [""] for header in headers})

    fills = {column.name: column.fill and str(column.fill) for column in plan.columns}
    assert fills == {
        "level": None,
        "price": None,
        "limit": None,
        "note": '""',
        "made": None,
    }
    kept = [column.name for column in plan.columns if column.keeps]
    assert kept == ["level", "price", "limit", "made"]


def test_a_unique_together_is_a_key_when_all_of_it_is_in_the_file() -> None:
    cells = {"name": ["a"], "content type": ["1"], "codename": ["x"]}

    plan = plan_into(Permission, cells)

    assert plan.keys == (("content_type_id", "codename"),)


def test_a_sample_that_does_not_suit_the_field_is_doubted() -> None:
    cells = {"sku": ["x" * 21], "price": ["abc"]}

    doubts = {column.name: column.doubt for column in plan_into(Product, cells).columns}

    assert doubts == {
        "sku": "up to 21 characters, but the field takes 20",
        "price": "text in the sample, but the field takes decimal: no other kind fits, "
        "width up to 3",
    }


def test_only_text_is_doubted_for_its_length() -> None:
    cells = {"code": ["a"], "token": ["7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d51"]}

    assert [c.doubt for c in plan_into(Everything, cells).columns] == ["", ""]


def test_parents_are_made_before_their_children() -> None:
    plan = plan_into(Review, {"product": ["1"]})

    assert [(parent.model.name, parent.values) for parent in plan.parents] == [
        ("CheapProduct", {"id": "1", "sku": '"sku 1"'})
    ]


def test_a_tree_starts_with_a_row_that_has_no_parent() -> None:
    plan = plan_into(Category, {"name": ["a"], "parent": ["1"]})

    assert plan.parents == ()
    assert invented(plan)["parent_id"] == ("", "None")


@pytest.mark.parametrize(
    ("model", "header"), [(Link, "before"), (Chicken, "egg")], ids=["self", "cycle"]
)
def test_rows_that_need_each_other_first_are_refused(
    model: type[Link | Chicken], header: str
) -> None:
    with pytest.raises(ValueError, match="need each other first"):
        plan_into(model, {header: ["1"]})


def made(name: str, /, *, app: str = "shop", **fields: object) -> Any:
    """Make a model that only one test knows."""
    meta = type("Meta", (), {"app_label": app})
    return type(name, (Model,), {"__module__": __name__, "Meta": meta, **fields})


@isolate_apps("tests.importkit.shop")
def test_a_nullable_key_stays_empty_when_nobody_can_make_up_its_parent() -> None:
    shape = made("Shape", points=models.Field())
    order = made(
        "Order",
        name=models.CharField(max_length=9),
        shape=ForeignKey(shape, CASCADE, null=True),
    )

    plan = plan_into(order, {"name": ["a"], "shape": ["1"]})

    assert plan.parents == ()
    assert invented(plan)["shape_id"] == ("", "None")


@isolate_apps("tests.importkit.shop")
def test_a_parent_has_every_value_that_keys_point_to() -> None:
    store = made("Store", code=models.CharField(max_length=9, null=True, unique=True))
    order = made(
        "Order",
        seller=ForeignKey(store, CASCADE, to_field="code", related_name="+"),
        buyer=ForeignKey(store, CASCADE, related_name="+"),
    )

    plan = plan_into(order, {"seller": ["a"], "buyer": ["1"]})

    [parent] = plan.parents
    assert parent.values == {"id": "1", "code": '"code 1"'}


@isolate_apps("tests.importkit.shop", "django.contrib.auth")
@pytest.mark.parametrize("name", ["Path", "Decimal", "Order"])
def test_a_parent_called_like_another_class_of_the_tests_is_refused(name: str) -> None:
    parent = made(name, app="auth")
    order = made("Order", parent=ForeignKey(parent, CASCADE))

    with pytest.raises(ValueError, match="has the name of another class") as caught:
        plan_into(order, {"parent": ["1"]})

    assert str(caught.value) == (
        f'"{__name__}.{name}" has the name of another class that the import or its '
        "tests need: rename it, or write this import by hand."
    )


def test_a_child_table_takes_the_fields_of_its_parent_table() -> None:
    plan = plan_into(Restaurant, {"name": ["a"], "stars": ["3"]})

    assert names(plan) == ["name", "stars"]


def test_columns_without_any_field_are_refused_with_the_fields() -> None:
    with pytest.raises(ValueError, match="which has") as caught:
        plan_into(Category, {"colour": ["red"]})

    assert '"name", "parent"' in str(caught.value)


@isolate_apps("tests.importkit.shop")
def test_an_array_is_text_of_its_items_and_read_back_as_a_list() -> None:
    order = made(
        "Order",
        tags=ArrayField(models.CharField(max_length=9)),
        grid=ArrayField(ArrayField(models.IntegerField())),
    )

    plan = plan_into(order, {"tags": ["{a,b}"], "grid": ["[[1]]"]})

    assert [str(column.dtype) for column in plan.columns] == ["pl.String"] * 2
    row = [(c.invented.text, str(c.invented.stored)) for c in plan.columns]
    assert row == [('["tags 1"]', '["tags 1"]'), ("[[1]]", "[[1]]")]


@isolate_apps("tests.importkit.shop")
def test_rows_of_any_model_are_two_columns_and_migrate_has_made_their_types() -> None:
    tag = made(
        "Tag",
        content_type=ForeignKey(ContentType, CASCADE),
        object_id=models.IntegerField(),
        target=GenericForeignKey(),
    )
    cells = {"content_type": ["1"], "object_id": ["1"], "target": ["user 1"]}

    plan = plan_into(tag, cells)

    assert plan.unmatched == (
        Unmatched(
            "target",
            '"target" refers to rows of several models: give "content_type" and '
            '"object_id" a column each',
        ),
    )
    test = formatted(plan)["shop/tests/test_import_things.py"]
    assert "    ContentType.objects.update_or_create(" in test
