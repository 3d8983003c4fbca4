"""What a run did is taken back, and nobody's later changes are lost."""

import datetime
from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest
from django.db import IntegrityError
from django.db.models import Model

from importruns.models import RowChange
from importruns.undoing import Reason, UndoError, prune
from importruns.undoing.tables import SQL
from tests.importkit.shop.imports import Import
from tests.importkit.shop.models import (
    Everything,
    Label,
    Labelling,
    Node,
    Place,
    Product,
    Restaurant,
    Review,
    Store,
    Visit,
)
from tests.importruns.undoing.noting import NUMBERS, noted, rows_of, texts, undone

KEYS: Mapping[type[Model], tuple[str, ...]] = {
    Product: ("sku",),
    Node: ("name",),
    Place: ("name",),
    Restaurant: ("name",),
    Store: ("name",),
}
NEW_YEAR = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
DELETE = ("--mode", "sync", "--delete", "--yes", "--max-delete", "100%")

pytestmark = [
    pytest.mark.django_db,
]


def test_created_rows_are_taken_back() -> None:
    number = noted({Product: texts(sku=["a", "b"])}, KEYS)

    told = undone(number)["shop.Product"]

    assert (told.taken_back, told.restored, told.put_back, told.kept) == (2, 0, 0, {})
    assert not Product.objects.exists()
    assert not RowChange.objects.exists()


def test_changed_rows_get_their_former_values() -> None:
    noted({Node: texts(name=["a", "b"])}, KEYS)
    store = Store.objects.create(name="s")
    Product.objects.create(sku="a", price="1.50", tags=["x"], store=store)
    Product.objects.create(sku="b", price="2.00")
    before = rows_of(Product)
    frame = texts(sku=["a", "b", "c"]).with_columns(price=9)
    number = noted({Product: frame}, KEYS)
    assert [str(row.price) for row in Product.objects.order_by("sku")] == [
        "9.00",
        "9.00",
        "9.00",
    ]

    told = undone(number)["shop.Product"]

    assert (told.taken_back, told.restored) == (1, 2)
    assert rows_of(Product) == before


def test_a_row_that_somebody_has_changed_since_is_kept_with_both_values() -> None:
    Product.objects.create(sku="a", price=1)
    Product.objects.create(sku="b", price=2)
    number = noted({Product: texts(sku=["a", "b"]).with_columns(price=9)}, KEYS)
    changed = Product.objects.get(sku="a")
    Product.objects.filter(sku="a").update(price=10)

    told = undone(number)["shop.Product"]

    assert (told.restored, told.kept) == (1, {Reason.EDITED: 1})
    [kept] = told.examples
    assert (kept.key, kept.reason) == (str(changed.pk), Reason.EDITED)
    [difference] = kept.differences
    assert difference.column == "price"
    assert [float(str(v)) for v in (difference.written, difference.now)] == [9, 10]
    assert [int(row.price) for row in Product.objects.order_by("sku")] == [10, 2]


def test_a_change_of_another_column_is_no_reason_to_keep_a_row() -> None:
    Product.objects.create(sku="a", price=1)
    number = noted({Product: texts(sku=["a"]).with_columns(price=9)}, KEYS)
    Product.objects.update(tags=["by hand"])

    assert undone(number)["shop.Product"].restored == 1

    row = Product.objects.get()
    assert (int(row.price), row.tags) == (1, ["by hand"])


def test_a_created_row_to_which_somebody_refers_is_kept() -> None:
    number = noted({Product: texts(sku=["a", "b"])}, KEYS)
    Labelling.objects.create(
        product=Product.objects.get(sku="a"), label=Label.objects.create(name="new")
    )
    Review.objects.create(product_id=Product.objects.get(sku="b").pk)

    told = undone(number)["shop.Product"]

    assert (told.taken_back, told.kept) == (0, {Reason.REFERRED: 2})
    assert Labelling.objects.count() == Review.objects.count() == 1


def test_a_parent_is_kept_with_a_child_that_is_kept() -> None:
    bulks = {
        Store: texts(name=["s", "t"]),
        Product: texts(sku=["a", "b"], store=["s", "t"]),
    }
    number = noted(bulks, KEYS)
    Product.objects.filter(sku="a").update(price=3)

    told = undone(number)

    assert told["shop.Product"].kept == {Reason.EDITED: 1}
    assert told["shop.Store"].kept == {Reason.REFERRED: 1}
    assert [s.name for s in Store.objects.all()] == ["s"]
    assert [p.sku for p in Product.objects.all()] == ["a"]


def test_a_parent_that_somebody_has_given_to_a_changed_row_is_kept() -> None:
    Product.objects.create(sku="a", price=1)
    frame = texts(sku=["a"]).with_columns(price=9)
    number = noted({Store: texts(name=["s", "t"]), Product: frame}, KEYS)
    Product.objects.update(store=Store.objects.get(name="s"))

    told = undone(number)

    assert told["shop.Product"].restored == 1
    assert told["shop.Store"].kept == {Reason.REFERRED: 1}
    row = Product.objects.get()
    assert (int(row.price), row.store) == (1, Store.objects.get())


def test_a_deletion_is_undone_with_all_that_it_took_along() -> None:
    store = Store.objects.create(name="s")
    for sku in "ab":
        product = Product.objects.create(sku=sku, store=store)
        Labelling.objects.create(product=product, label=Label.objects.create(name=sku))
        Review.objects.create(product_id=product.pk)
    tables = (Store, Product, Label, Labelling, Review)
    before = rows_of(*tables)
    number = noted({Product: texts(sku=["a"])}, KEYS, *DELETE)
    assert [len(rows) for rows in rows_of(*tables).values()] == [1, 1, 2, 1, 1]

    told = undone(number)

    assert rows_of(*tables) == before
    assert {label: table.put_back for label, table in told.items()} == {
        "shop.Labelling": 1,
        "shop.Review": 1,
        "shop.Product": 1,
    }


def test_a_deleted_row_stays_away_if_another_has_its_place_by_now() -> None:
    for sku in "abc":
        Product.objects.create(sku=sku)
    kept = Product.objects.get(sku="b").pk
    number = noted({Product: texts(sku=["a"])}, KEYS, *DELETE)
    Product.objects.create(pk=kept, sku="new")
    Product.objects.create(sku="c")

    told = undone(number)["shop.Product"]

    assert told.kept == {Reason.KEY: 1, Reason.UNIQUE: 1}
    assert told.put_back == 0


def test_a_row_whose_parent_is_gone_by_now_stays_away() -> None:
    store = Store.objects.create(name="s")
    Product.objects.create(sku="a", store=store)
    Product.objects.create(sku="b")
    number = noted({Product: texts(sku=["b"])}, KEYS, *DELETE)
    store.delete()

    told = undone(number)["shop.Product"]

    assert told.kept == {Reason.PARENT: 1}
    assert [row.sku for row in Product.objects.all()] == ["b"]


def test_values_that_rows_have_exchanged_go_back() -> None:
    first, second = (Product.objects.create(sku=sku) for sku in "ab")
    before = rows_of(Product)
    bulk = [Product(pk=first.pk, sku="b"), Product(pk=second.pk, sku="a")]
    number = noted({Product: bulk}, {Product: ("id",)})
    assert Product.objects.get(sku="b").pk == first.pk

    assert undone(number)["shop.Product"].restored == 2

    assert rows_of(Product) == before


def test_a_value_that_somebody_has_taken_is_not_given_back() -> None:
    row = Product.objects.create(sku="old")
    number = noted({Product: [Product(pk=row.pk, sku="new")]}, {Product: ("id",)})
    Product.objects.create(sku="old")

    told = undone(number)["shop.Product"]

    assert told.kept == {Reason.UNIQUE: 1}
    assert Product.objects.get(pk=row.pk).sku == "new"


def test_both_parts_of_a_row_of_two_tables_are_kept_together() -> None:
    number = noted({Restaurant: texts(name=["a", "b", "c"])}, KEYS)
    Place.objects.filter(name="a").update(name="changed")
    Visit.objects.create(place=Place.objects.get(name="b"))

    told = undone(number)

    assert told["shop.Place"].taken_back == told["shop.Restaurant"].taken_back == 1
    assert told["shop.Restaurant"].kept == {Reason.PART: 2}
    assert {row.name for row in Restaurant.objects.all()} == {"changed", "b"}


def test_links_and_keys_that_come_late_are_undone() -> None:
    rows = [Node(name="a"), Node(name="b")]
    rows[0].parent, rows[1].parent = rows[1], rows[0]
    number = noted({Node: rows}, KEYS)
    assert Node.objects.get(name="a").parent == Node.objects.get(name="b")

    assert undone(number)["shop.Node"].taken_back == 2

    assert not Node.objects.exists()


def test_all_rows_above_a_row_that_is_kept_are_kept() -> None:
    rows = [Node(name=name) for name in "abcd"]
    for above, below in pairwise(rows):
        below.parent = above
    number = noted({Node: rows}, KEYS)
    Node.objects.filter(name="c").update(created_at=NEW_YEAR)

    told = undone(number)["shop.Node"]

    assert (told.taken_back, told.kept) == (1, {Reason.EDITED: 1, Reason.REFERRED: 2})
    assert [row.name for row in Node.objects.order_by("name")] == ["a", "b", "c"]


@pytest.mark.only_on("sqlite")
def test_a_text_with_a_zero_character_goes_back() -> None:
    Everything.objects.create(code="a", words="one\0two")
    number = noted(
        {Everything: texts(code=["a"], words=["new"])}, {Everything: ("code",)}
    )

    undone(number)

    assert Everything.objects.get().words == "one\0two"


def test_a_batch_that_is_committed_by_itself_is_noted() -> None:
    Product.objects.create(sku="a", price=1)
    Product.objects.create(sku="z", price=1)
    before = rows_of(Product)
    frame = texts(sku=["a", "b", "c"]).with_columns(price=9)
    flags = ("--commit", "batch", "--batch_size", "1", *DELETE)
    number = noted({Product: frame}, KEYS, *flags)
    assert [row.sku for row in Product.objects.order_by("sku")] == ["a", "b", "c"]

    told = undone(number)["shop.Product"]

    assert (told.taken_back, told.restored, told.put_back) == (2, 1, 1)
    assert rows_of(Product) == before


def test_a_dry_run_tells_the_same_and_changes_nothing() -> None:
    Product.objects.create(sku="a", price=1)
    number = noted({Product: texts(sku=["a", "b"]).with_columns(price=9)}, KEYS)
    now = rows_of(Product)

    planned = undone(number, dry_run=True)

    assert rows_of(Product) == now
    assert undone(number) == planned


def test_the_newest_run_goes_first() -> None:
    first = noted({Product: texts(sku=["a"])}, KEYS)
    second = noted({Product: texts(sku=["b"])}, KEYS)

    with pytest.raises(UndoError) as error:
        undone(first)

    assert str(error.value) == (
        f"Run {second} has written to shop.Product after run {first}. Undo run {second} "
        "first: the newest run goes first."
    )
    undone(second)
    undone(first)
    assert not Product.objects.exists()


def test_a_run_that_waited_in_the_queue_is_newer_than_one_with_a_higher_number() -> (
    None
):
    waited, higher = next(NUMBERS), next(NUMBERS)
    noted({Product: texts(sku=["a"])}, KEYS, number=higher)
    noted({Product: texts(sku=["b"])}, KEYS, number=waited)

    with pytest.raises(UndoError, match=f"Undo run {waited} first"):
        undone(higher)

    undone(waited)
    undone(higher)
    assert not Product.objects.exists()


def test_a_run_that_is_undone_or_pruned_has_nothing_to_undo() -> None:
    number = noted({Product: texts(sku=["a"])}, KEYS)
    assert prune([number]) == 1

    with pytest.raises(UndoError, match=f"Run {number} has noted no rows"):
        undone(number)

    assert Product.objects.exists()


def test_without_keeps_undo_nothing_is_noted() -> None:
    noted({Product: texts(sku=["a"])}, KEYS, kind=Import)

    assert not RowChange.objects.exists()


@pytest.mark.parametrize("statement", ["INSERT INTO", "UPDATE", "DELETE FROM"])
def test_where_the_database_refuses_all_stays_as_it_was(
    statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sku in "ab":
        Product.objects.create(sku=sku, price=1)
    bulk = texts(sku=["a", "c"]).with_columns(price=9)
    number = noted({Product: bulk}, KEYS, *DELETE)
    tables = (Product, RowChange)
    before = rows_of(*tables)
    execute = SQL.execute

    def refuse(self: SQL, sql: str, values: Iterable[object] = ()) -> int:
        done = execute(self, sql, values)
        if sql.startswith(f'{statement} "shop_product"'):
            raise IntegrityError("refused")
        return done

    monkeypatch.setattr(SQL, "execute", refuse)
    with pytest.raises(UndoError) as error:
        undone(number)

    assert str(error.value) == (
        f"Run {number} cannot be undone: refused. Nothing was changed."
    )
    assert rows_of(*tables) == before


def test_a_column_that_is_gone_is_told() -> None:
    Product.objects.create(sku="a", price=1)
    number = noted({Product: texts(sku=["a"]).with_columns(price=9)}, KEYS)
    RowChange.objects.update(before='{"lost":null}')

    with pytest.raises(UndoError) as error:
        undone(number)

    assert str(error.value) == (
        "shop.Product has no longer the columns lost, which the run has written. The run "
        "cannot be undone."
    )


def test_a_model_that_is_gone_is_told() -> None:
    number = noted({Product: texts(sku=["a"])}, KEYS)
    RowChange.objects.update(label="shop.Lost")

    with pytest.raises(UndoError, match="and the project has no such model"):
        undone(number)
