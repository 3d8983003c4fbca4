from collections.abc import Iterator

import polars as pl
import pytest

from importkit.errors import CleaningError, ConfigurationError
from importkit.instances import instances
from tests.importkit.shop.models import Category, Product


def test_rows_become_instances_one_by_one() -> None:
    products = instances(
        Product, pl.DataFrame({"sku": ["a", "b"], "store_id": [1, None]})
    )

    assert isinstance(products, Iterator)
    assert [(p.sku, p.store_id, p.tags) for p in products] == [
        ("a", 1, []),
        ("b", None, []),
    ]


def test_instances_pass_through_as_they_are() -> None:
    products = [Product(sku="a")]

    assert instances(Product, products) is products


def test_columns_that_are_no_fields_and_fields_without_columns_are_named_at_once() -> (
    None
):
    with pytest.raises(ConfigurationError) as error:
        instances(Product, pl.DataFrame({"skus": ["a"], "store": [1], "labels": [1]}))

    assert str(error.value) == (
        "The frame for shop.Product does not fit: "
        '"skus" is not a field (did you mean "sku"?); '
        '"store" is not a field (did you mean "store_id"?); '
        '"labels" is not a field; '
        '"sku" needs a value but has no column. '
        "Rename, drop or add columns in get_bulks_by_model."
    )


def test_fields_that_get_their_value_elsewhere_need_no_column() -> None:
    [category] = instances(Category, pl.DataFrame({"name": ["a"]}))

    assert category.pk is None


def test_nulls_that_a_field_does_not_take_are_counted() -> None:
    with pytest.raises(CleaningError, match=r'takes no null where .*: "sku" has 2'):
        instances(Product, pl.DataFrame({"sku": ["a", None, None]}))
