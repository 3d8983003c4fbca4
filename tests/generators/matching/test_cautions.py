"""What startimport says before it writes an import into an existing model."""

from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import polars as pl
import pytest
from django.contrib.auth.models import User
from django.db.models import Model

from generators.code.plan import Place
from generators.matching.cautions.unguarded_keys import advice_on_key, unguarded_keys
from generators.matching.misfits import Forecast, forecast
from generators.naming.names import Identifier, Source
from tests.generators.planning import plan_into
from tests.importkit.shop.models import Item, Label, Product, Store

SHOP = Place(Source("shop"), Identifier("shop"), PurePosixPath("shop"), is_new=False)


def told(model: type[Model], cells: dict[str, list[str]], *key: str) -> Forecast:
    """Return what is said of a sample whose first row is on line 2."""
    df = pl.DataFrame(cells).with_row_index("_line", offset=2).cast({"_line": pl.Int64})
    return forecast(model, plan_into(model, cells, key), None, df)


@pytest.mark.django_db
def test_a_key_that_is_not_unique_is_told_before_and_with_the_lines_to_add() -> None:
    said = told(Label, {"name": ["new", "old"]}, "name")

    assert said.lines[:2] == (
        "A dry run of this import: shop.Label 2 new, 0 changed, 0 unchanged.",
        "Each import warns:",
    )
    assert said.lines[2].startswith("   The database does not keep the natural key")
    assert said.advice == (
        """\
The database does not keep the natural key of shop.Label unique ("name"): if another \
program writes to the table at the same time, a row may be there twice, and later imports \
are refused.
Add a constraint to the class Meta of Label, and a migration:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="unique_shop_label"),
        ]
   uv run manage.py makemigrations shop
   uv run manage.py migrate""",
    )


@pytest.mark.django_db
def test_a_key_that_the_database_keeps_unique_needs_no_advice() -> None:
    said = told(Product, {"sku": ["a", "b"], "price": ["1", "2"]})

    assert said == Forecast(
        ("A dry run of this import: shop.Product 2 new, 0 changed, 0 unchanged.",), ()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "key", "advice"),
    [
        (Item, "code", "Or let get_scope of the command name the rows"),
        (User, "email", "auth.User is of another app: make an empty migration"),
        (
            User,
            "email",
            'CREATE UNIQUE INDEX "unique_auth_user" ON "auth_user" ("email")',
        ),
    ],
)
def test_the_advice_is_one_that_can_be_followed(
    model: Any, key: str, advice: str
) -> None:
    [gap] = unguarded_keys({model: (key,)})

    assert advice in advice_on_key(gap, SHOP)


@pytest.mark.django_db
def test_an_empty_cell_keeps_a_stored_value_that_has_a_default() -> None:
    Product.objects.create(sku="a", price=Decimal(7))

    said = told(Product, {"sku": ["a", "b"], "price": ["", ""]})

    assert said.lines == (
        "A dry run of this import: shop.Product 1 new, 0 changed, 1 unchanged.",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("is_set", [True, False])
def test_what_empty_cells_will_empty_is_told_where_the_table_has_values(
    *, is_set: bool
) -> None:
    store = Store.objects.create(name="there")
    Product.objects.create(sku="a", store=store if is_set else None)

    said = told(Product, {"sku": ["a", "b"], "store": [str(store.pk), ""]})

    assert ('An empty cell of "store" empties the field' in str(said.lines)) == is_set


def test_a_model_without_a_unique_set_is_told_with_a_column_that_may_be_the_key() -> (
    None
):
    cells = {"Item No": ["1", "2"], "name": ["a", "b"]}
    [note] = plan_into(Label, cells).notes

    assert note.startswith(
        "no natural key: no column is unique in shop.Label, so that each import adds all rows again"
    )
