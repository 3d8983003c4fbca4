"""Whatever refers to whatever: rows are kept for a reason, and the others are undone."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from django.db.models import Model
from hypothesis import given, settings
from hypothesis import strategies as st

from importruns.undoing import Reason, take_back
from tests.importkit.shop.models import Label, Labelling, Product, Review, Store
from tests.importruns.undoing.noting import SHOWN, Row, noted, rows_of, texts

type Rows = dict[tuple[str, str], Row]
type Edit = tuple[str, str, Any]

pytestmark = pytest.mark.django_db

MODELS: tuple[type[Model], ...] = (Store, Product, Label, Labelling, Review)
KEYS: Mapping[type[Model], tuple[str, ...]] = {Store: ("name",), Product: ("sku",)}
DELETE = ("--mode", "sync", "--delete", "--yes", "--max-delete", "100%")
# Which column of which model refers to which.
LINKS = {
    ("shop.Product", "store_id"): "shop.Store",
    ("shop.Labelling", "product_id"): "shop.Product",
    ("shop.Labelling", "label_id"): "shop.Label",
    ("shop.Review", "product_id"): "shop.Product",
}
STORES, SKUS = "st", "abcd"
TABLE = st.dictionaries(
    st.sampled_from(SKUS),
    st.tuples(st.integers(0, 3), st.none() | st.sampled_from(STORES)),
    min_size=1,
)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("price"), st.sampled_from(SKUS), st.integers(4, 6)),
        st.tuples(st.just("sku"), st.sampled_from(SKUS), st.sampled_from(SKUS)),
        st.tuples(st.just("store"), st.sampled_from(SKUS), st.sampled_from(STORES)),
        st.tuples(st.just("label"), st.sampled_from(SKUS), st.none()),
        st.tuples(st.just("review"), st.sampled_from(SKUS), st.none()),
        st.tuples(st.just("new"), st.sampled_from(SKUS), st.none()),
        st.tuples(st.just("delete"), st.sampled_from(SKUS), st.none()),
        st.tuples(st.just("close"), st.sampled_from(STORES), st.none()),
        st.tuples(st.just("rename"), st.sampled_from(STORES), st.none()),
    ),
    max_size=4,
)


def now() -> Rows:
    """Return all rows, by the label of their model and their keys."""
    return {
        (model._meta.label, row["id"].strip("'")): row
        for model, rows in rows_of(*MODELS).items()
        for row in rows
    }


def bulks(stores: set[str], table: Mapping[str, Any]) -> dict[type[Model], Any]:
    """Return the frames of a file."""
    frame = pl.DataFrame(
        {
            "sku": list(table),
            "price": [price for price, _ in table.values()],
            "store": [s if s in stores else None for _, s in table.values()],
        },
        {"sku": pl.String, "price": pl.Int64, "store": pl.String},
    )
    return {Store: texts(name=sorted(stores)), Product: frame}


def edit(kind: str, name: str, value: Any) -> None:
    """Do what a person does to a row, if the row is there."""
    products, stores = Product.objects.filter(sku=name), Store.objects.filter(name=name)
    product = products.first()
    match kind:
        case "price":
            products.update(price=value)
        case "sku" if not Product.objects.filter(sku=value).exists():
            products.update(sku=value)
        case "store":
            products.update(store=Store.objects.filter(name=value).first())
        case "label" if product:
            label = Label.objects.create(name="by hand")
            Labelling.objects.create(product=product, label=label)
        case "review" if product:
            Review.objects.create(product_id=product.pk)
        case "new" if not product:
            Product.objects.create(sku=name, price=9)
        case "delete":
            products.delete()
        case "close":
            stores.delete()
        case "rename":
            stores.update(name="renamed")


def is_justified(  # noqa: PLR0911  a line for each reason
    place: tuple[str, str], reason: Reason, states: tuple[Rows, Rows, Rows, Rows]
) -> bool:
    """Return whether a row had to be kept."""
    before, written, edited, left = states
    label, key = place
    old, new, last = before.get(place), written.get(place), edited.get(place)
    match reason:
        case Reason.EDITED:
            return last is not None and any(
                last[name] != value
                for name, value in (new or {}).items()
                if old is None or old[name] != value
            )
        case Reason.GONE:
            return last is None
        case Reason.KEY:
            return new is None and last is not None
        case Reason.UNIQUE:
            rows = (row for where, row in left.items() if where[0] == label)
            return any(row["sku"] == old["sku"] for row in rows if old)
        case Reason.REFERRED:
            return any(
                row[name].strip("'") == key
                for (child, name), parent in LINKS.items()
                for where, row in left.items()
                if (where[0], parent) == (child, label)
            )
        case Reason.PARENT:
            return any(
                (parent, old[name].strip("'")) not in left
                for (child, name), parent in LINKS.items()
                if old and child == label and old[name] != "None"
            )
        case _:
            return False


def check(kept: Mapping[tuple[str, str], Reason], *states: Rows) -> None:
    """Look at each row: it is kept for a reason, or undone."""
    before, written, edited, left = states
    for (label, column), parent in LINKS.items():
        for place, row in left.items():
            if place[0] == label and row[column] != "None":
                assert (parent, row[column].strip("'")) in left
    for place in before.keys() | written.keys() | edited.keys() | left.keys():
        old, new = before.get(place), written.get(place)
        last, final = edited.get(place), left.get(place)
        if place in kept:
            assert is_justified(place, kept[place], (before, written, edited, left))
        if old == new or place in kept:
            assert final == last
        elif old is None or new is None:
            assert final == old
        else:
            assert last is not None
            assert final == last | {n: old[n] for n in old if old[n] != new[n]}


@given(
    stores=st.sets(st.sampled_from(STORES)),
    table=TABLE,
    later_stores=st.sets(st.sampled_from(STORES), min_size=1),
    file=TABLE,
    edits=EDITS,
    flags=st.sampled_from([(), DELETE]),
)
@settings(max_examples=120)
def test_a_row_is_undone_or_kept_for_a_reason(  # noqa: PLR0913, PLR0917  what is made up
    stores: set[str],
    table: dict[str, Any],
    later_stores: set[str],
    file: dict[str, Any],
    edits: list[Edit],
    flags: tuple[str, ...],
) -> None:
    with transaction.atomic():
        for name in stores:
            Store.objects.create(name=name)
        for sku, (price, name) in table.items():
            store = Store.objects.filter(name=name).first()
            product = Product.objects.create(sku=sku, price=price, store=store)
            Review.objects.create(product_id=product.pk)
        before = now()
        number = noted(bulks(later_stores, file), KEYS, *flags)
        written = now()
        for each in edits:
            edit(*each)
        edited = now()
        if before != written:
            told = take_back(number, SHOWN, examples=1_000)
            kept = {
                (row.label, row.key): row.reason
                for one in told.tables
                for row in one.examples
            }
            left = now()
            check(kept, before, written, edited, left)
            assert edits or left == before
        transaction.set_rollback(True)
