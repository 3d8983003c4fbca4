"""The rows of the next delivery: one that has changed, and one with another key."""

import re
from dataclasses import replace

from django.contrib.auth.models import Permission
from django.db import models
from django.test.utils import isolate_apps

from generators.code.plan import ImportPlan
from generators.code.rendering import render
from tests.generators.code.test_plan import made
from tests.generators.planning import PRODUCTS, plan_into, plan_of
from tests.importkit.shop.models import Product

CELLS = {"sku": ["A-1", "A-2"], "name": ["Chair", "Table"]}


def module_of(plan: ImportPlan) -> str:
    """Return the module of tests."""
    [text] = [text for path, text in render(plan).items() if "/test_import_" in path]
    return text


def rows_of(plan: ImportPlan) -> dict[str, str]:
    """Return what the rows of the next delivery have in place of the first row's values."""
    return dict(re.findall(r"^(CHANGED|OTHER) = ROW \| (.*)$", module_of(plan), re.M))


def names_of(plan: ImportPlan) -> list[str]:
    """Return the tests of what a second run does."""
    names = re.findall(r"def (test_\w+)", module_of(plan))
    return [name for name in names if "same_file" in name or "next_file" in name]


def test_the_next_file_has_a_changed_row_and_a_new_one() -> None:
    plan = plan_of(PRODUCTS)

    assert rows_of(plan) == {"CHANGED": '{"price": "23.50"}', "OTHER": '{"sku": "C-3"}'}
    assert names_of(plan) == [
        "test_the_same_file_again_changes_nothing",
        "test_the_next_file_changes_a_row_and_adds_another",
        "test_a_row_that_the_next_file_lacks_can_be_deleted",
    ]


def test_without_a_natural_key_nothing_is_promised_of_a_second_run() -> None:
    plan = plan_of({"colour": ["red", "blue"]})

    assert (rows_of(plan), names_of(plan)) == ({}, [])


def test_where_all_columns_are_the_key_a_row_can_only_be_new() -> None:
    plan = plan_of(CELLS, key=("sku", "name"))

    assert rows_of(plan) == {"OTHER": '{"sku": "C-3"}'}
    assert "test_the_next_file_adds_a_row" in names_of(plan)


def test_where_no_other_key_is_known_a_row_can_only_change() -> None:
    plan = plan_of(CELLS)
    key, name = plan.columns
    alone = replace(key, invented=replace(key.invented, other=None))

    plan = replace(plan, columns=(alone, name))

    assert rows_of(plan) == {"CHANGED": '{"name": "name 2"}'}
    assert names_of(plan) == [
        "test_the_same_file_again_changes_nothing",
        "test_the_next_file_changes_the_row",
    ]


def test_a_number_changes_before_a_text_and_a_secret_last() -> None:
    more = {"password": ["x", "y"], "pieces": ["3", "4"]}

    number = plan_of({"sku": ["A-1", "A-2"]} | more)
    secret = plan_of({"sku": ["A-1", "A-2"], "password": ["x", "y"]})

    assert rows_of(number)["CHANGED"] == '{"pieces": "2"}'
    assert rows_of(secret)["CHANGED"] == '{"password": "password 2"}'


@isolate_apps("tests.importkit.shop")
def test_a_new_row_differs_in_each_set_that_the_model_keeps_unique() -> None:
    order = made(
        "Order",
        number=models.CharField(max_length=9, unique=True),
        code=models.CharField(max_length=9, null=True, unique=True),
        note=models.CharField(max_length=9),
    )

    # Of the code, which is empty in a row, no key is made, but it is unique all the same.
    plan = plan_into(order, {"number": ["N", "O"], "code": ["", "C"], "note": ["", ""]})

    assert plan.keys == (("number",),)
    assert rows_of(plan) == {
        "CHANGED": '{"note": "note 2"}',
        "OTHER": '{"number": "number 2", "code": "code 2"}',
    }


@isolate_apps("tests.importkit.shop")
def test_a_key_that_is_a_parent_alone_has_no_other_row() -> None:
    detail = made(
        "Detail",
        product=models.OneToOneField(Product, models.CASCADE),
        note=models.CharField(max_length=9),
    )

    plan = plan_into(detail, {"product": ["1", "2"], "note": ["a", "b"]})

    assert rows_of(plan) == {"CHANGED": '{"note": "note 2"}'}


def test_rows_are_not_deleted_from_a_table_that_migrate_fills() -> None:
    cells = {"name": ["a"], "content type": ["1"], "codename": ["x"]}

    plan = plan_into(Permission, cells)

    assert "lacks_can_be_deleted" not in module_of(plan)
    assert "OTHER" in rows_of(plan)
