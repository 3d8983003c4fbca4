"""An empty cell clears its field, keeps the stored value, or writes the default."""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Model

from importkit.import_data import OnEmpty
from tests.importkit.shop.imports import Bulks, Import, Keys, run
from tests.importkit.shop.models import Guarded, Product, Store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_writer")]

KEYS: Keys = {Product: ("sku",)}


class Filling(Import):
    """An import that says what empty cells do."""

    def __init__(self, bulks: Bulks, keys: Keys, **on_empty: OnEmpty) -> None:
        """Take what empty cells of the one model do."""
        super().__init__(bulks, keys)
        self._on_empty = dict.fromkeys(bulks, on_empty)

    def get_on_empty(self) -> Mapping[type[Model], Mapping[str, OnEmpty]]:
        """Return it."""
        return self._on_empty


def prices(**given: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"sku": list(given), "price": list(given.values())},
        schema={"sku": pl.String, "price": pl.String},
    ).cast({"price": pl.Decimal(8, 2)})


def importing(frame: pl.DataFrame, **on_empty: OnEmpty) -> Filling:
    return Filling({Product: frame}, KEYS, **on_empty)


def table() -> dict[str, Decimal]:
    return dict(Product.objects.order_by("sku").values_list("sku", "price"))


@pytest.fixture
def _stored(_writer: None) -> None:
    run(Import({Product: prices(a="1.00", b="2.00")}, KEYS))


@pytest.mark.usefixtures("_stored")
@pytest.mark.parametrize(
    ("what", "said", "left"),
    [
        (OnEmpty.KEEP, "1 new, 1 changed (price 1), 1 unchanged", {"a": 1, "c": 0}),
        (OnEmpty.DEFAULT, "1 new, 2 changed (price 2), 0 unchanged", {"a": 0, "c": 0}),
    ],
)
def test_an_empty_cell_keeps_the_stored_value_or_writes_the_default(
    what: OnEmpty, said: str, left: dict[str, int]
) -> None:
    command = importing(prices(a=None, b="3.00", c=None), price=what)

    planned = run(command, "--dry_run")
    done = run(command)

    assert planned.startswith(f"Products: {said}.\n")
    assert done == f"Products: {said}.\n"
    assert table() == {**left, "b": 3}
    assert run(command) == "Products: 0 new, 0 changed, 3 unchanged.\n"


@pytest.mark.usefixtures("_stored")
@pytest.mark.parametrize("on_empty", [{}, {"price": OnEmpty.CLEAR}])
def test_an_empty_cell_clears_its_field_unless_something_else_is_said(
    on_empty: dict[str, OnEmpty],
) -> None:
    with pytest.raises(CommandError, match="price: must not be empty"):
        run(importing(prices(a=None), **on_empty))

    assert table() == {"a": 1, "b": 2}


def test_a_kept_cell_may_be_any_kind_of_field() -> None:
    store = Store.objects.create(name="North")
    Product.objects.create(sku="a", price=1, tags=["new"], store=store)
    frame = pl.DataFrame(
        [["a", "", None], ["b", None, None]],
        schema=dict.fromkeys(("sku", "tags", "store"), pl.String),
        orient="row",
    )
    keys: Keys = {Product: ("sku",), Store: ("name",)}
    command = Filling({Product: frame}, keys, tags=OnEmpty.KEEP, store=OnEmpty.KEEP)

    assert run(command) == "Products: 1 new, 0 changed, 1 unchanged.\n"
    rows = Product.objects.order_by("sku").values_list("sku", "tags", "store")
    assert list(rows) == [("a", ["new"], store.pk), ("b", [], None)]


def test_a_value_that_does_not_fit_is_a_problem_beside_a_cell_that_is_kept() -> None:
    Product.objects.create(sku="a", price=1)
    frame = pl.DataFrame({"sku": ["a", "b"], "price": [None, 10**9]})

    with pytest.raises(CommandError) as error:
        run(importing(frame, price=OnEmpty.KEEP))

    assert "1 problem in 1 row" in str(error.value)
    assert "1000000000" in str(error.value)


def test_a_required_parent_is_kept_where_the_cell_is_empty() -> None:
    product = Product.objects.create(sku="a")
    Guarded.objects.create(pk=1, product=product)
    frame = pl.DataFrame(
        {"id": [1, 2], "product": [None, None]},
        schema={"id": pl.Int64, "product": pl.String},
    )

    with pytest.raises(CommandError) as error:
        run(Filling({Guarded: frame}, {Guarded: ("id",)}, product=OnEmpty.KEEP))

    assert "1 problem in 1 row" in str(error.value)
    done = run(Filling({Guarded: frame[:1]}, {Guarded: ("id",)}, product=OnEmpty.KEEP))
    assert done == "Guardeds: 0 new, 0 changed, 1 unchanged.\n"


def test_a_default_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CommandError, match="has no default that Python knows"):
        run(importing(prices(a="1.00"), sku=OnEmpty.DEFAULT))


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CommandError, match='no field "prize"'):
        run(importing(prices(a="1.00"), prize=OnEmpty.KEEP))


@pytest.mark.usefixtures("_stored")
def test_null_in_a_column_of_json_is_an_empty_cell() -> None:
    Product.objects.update(tags=["old"])
    frame = pl.DataFrame({"sku": ["a", "b"], "tags": ["null", '["new"]']})

    assert run(importing(frame, tags=OnEmpty.KEEP)) == (
        "Products: 0 new, 1 changed (tags 1), 1 unchanged.\n"
    )
    tags = Product.objects.order_by("sku").values_list("tags", flat=True)
    assert list(tags) == [["old"], ["new"]]
