"""A plan holds every fact that is printed: names, types, keys, invented values."""

import pytest
from django.contrib.auth.models import Permission, User

from generators.layout import flat
from generators.plan import ImportPlan
from tests.generators.planning import PRODUCTS, plan_into, plan_of
from tests.importkit.shop.models import (
    Category,
    Chicken,
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
        column.name: (column.invented.text, flat(column.invented.cleaned))
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

    filled = {c.name: flat(c.fill) for c in plan.columns if c.fill is not None}
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
        "salary": ("1.50", 'Decimal("1.50")'),
    }


@pytest.mark.parametrize("name", ["models", "paths", "cleaning_errors", "decimals"])
def test_a_model_never_takes_the_name_of_what_the_code_imports(name: str) -> None:
    taken = {"Model", "Path", "CleaningError", "Decimal"}

    try:
        model = plan_of(PRODUCTS, name).model
    except ValueError as error:
        assert "choose another name for the model with --model-name" in str(error)
    else:
        assert model not in taken


def test_headers_find_fields_by_each_of_their_names() -> None:
    cells = {"E-mail address": ["a@b"], "USERNAME": ["a"], "Pass word": ["x"]}

    plan = plan_into(User, cells | {"first-name": ["A"], "Shoe size": ["42"]})

    assert names(plan) == ["email", "username", "password", "first_name"]
    assert plan.unmatched == (("Shoe size", "no field of auth.User"),)


def test_the_header_nearest_to_a_fields_name_gets_it() -> None:
    plan = plan_into(Product, {"store_id": ["1"], "store": ["2"], "sku": ["a"]})

    found = {column.column.header: str(column.name) for column in plan.columns}
    assert found == {"store": "store_id", "sku": "sku"}
    assert [header for header, _ in plan.unmatched] == ["store_id"]


def test_an_existing_model_decides_on_types_nulls_defaults_and_keys() -> None:
    plan = plan_into(Product, {"sku": ["1"], "price": ["1,5"], "store": [""]})

    facts = {c.name: (flat(c.dtype), c.required, c.fill) for c in plan.columns}
    assert facts == {
        "sku": ("pl.String", True, None),
        "price": ("pl.Decimal(8, 2)", False, "0"),
        "store_id": ("pl.Int64", False, None),
    }
    assert plan.keys == (("sku",),)


def test_a_unique_together_is_a_key_when_all_of_it_is_in_the_file() -> None:
    cells = {"name": ["a"], "content type": ["1"], "codename": ["x"]}

    plan = plan_into(Permission, cells)

    assert plan.keys == (("content_type_id", "codename"),)


def test_a_sample_that_does_not_suit_the_field_is_doubted() -> None:
    cells = {"sku": ["x" * 21], "price": ["abc"]}

    doubts = {column.name: column.doubt for column in plan_into(Product, cells).columns}

    assert doubts == {
        "sku": "up to 21 characters, but the field takes 20",
        "price": "text in the sample, but the field takes decimal",
    }


def test_parents_are_made_before_their_children() -> None:
    plan = plan_into(Review, {"product": ["1"]})

    assert [(parent.model, dict(parent.values)) for parent in plan.parents] == [
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


def test_a_child_table_takes_the_fields_of_its_parent_table() -> None:
    plan = plan_into(Restaurant, {"name": ["a"], "stars": ["3"]})

    assert names(plan) == ["name", "stars"]


def test_columns_without_any_field_are_refused_with_the_fields() -> None:
    with pytest.raises(ValueError, match="which has") as caught:
        plan_into(Category, {"colour": ["red"]})

    assert '"name", "parent"' in str(caught.value)
