"""A deletion harms nothing that the source has, and tells all that it takes along."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Model
from django.db.models.signals import post_delete

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import (
    Lending,
    Mark,
    Node,
    Place,
    Poem,
    Poet,
    Print,
    Product,
    Rack,
    Restaurant,
    Store,
)

KEYS: Mapping[type[Model], tuple[str, ...]] = {
    Poet: ("name",),
    Poem: ("isbn",),
    Print: ("code",),
    Node: ("name",),
    Product: ("sku",),
    Place: ("name",),
    Restaurant: ("name",),
    Store: ("name",),
}
DELETE = ("--mode", "sync", "--delete", "--yes")
ALL = (*DELETE, "--max-delete", "100%")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_writer")]


def texts(**columns: list[str]) -> pl.DataFrame:
    return pl.DataFrame(columns, dict.fromkeys(columns, pl.String))


def as_planned(bulks: Any, *flags: str) -> str:
    """Run with --dry_run and without; both must say the same."""
    plan = run(Import(bulks, KEYS), *flags, "--dry_run")
    done = run(Import(bulks, KEYS), *flags)
    numbers = [line for line in plan.splitlines() if not line.startswith("  ")]
    assert numbers.pop() == "Dry run: nothing was written."
    said = "\n".join([*numbers, ""]).replace("To delete", "Deleted")
    assert said == done
    return done


def refused(bulks: Any, *flags: str) -> str:
    """Run with --dry_run and without; both must be refused with the same words."""
    found = set()
    for dry_run in (["--dry_run"], []):
        with pytest.raises(CommandError) as error:
            run(Import(bulks, KEYS), *flags, *dry_run)
        found.add(str(error.value))
    assert len(found) == 1
    return found.pop()


@pytest.fixture
def _poems() -> None:
    for name in "ab":
        poet = Poet.objects.create(name=name)
        for number in "12":
            poem = Poem.objects.create(isbn=name + number, poet=poet)
            Print.objects.create(code=f"{name}{number}e", poem=poem)


KEPT: dict[type[Model], pl.DataFrame] = {
    Poet: texts(name=["a"]),
    Poem: texts(isbn=["a1"], poet=["a"]),
    Print: texts(code=["a1e"], poem=["a1"]),
}


@pytest.mark.usefixtures("_poems")
def test_rows_that_protect_each_other_go_together() -> None:
    done = as_planned(KEPT, *ALL)

    assert done.endswith("Deleted: 1 poet, 3 poems, 3 prints.\n")
    assert [str(row) for m in KEPT for row in m._default_manager.all()] == [
        "a",
        "a1",
        "a1e",
    ]


@pytest.mark.usefixtures("_poems")
@pytest.mark.parametrize(
    ("models", "guard"), [((Poet, Poem), "poem"), ((Poet,), "poet")]
)
def test_a_row_that_stays_protects_its_parent(
    models: tuple[type[Model], ...], guard: str
) -> None:
    text = refused({model: KEPT[model] for model in models}, *ALL)

    assert text.startswith("--delete: ")
    assert f'"{guard}" allows no deletion' in text
    assert text.endswith("Nothing was written.")
    assert (Poet.objects.count(), Poem.objects.count()) == (2, 4)


def test_rows_of_one_table_that_protect_each_other_go_together() -> None:
    teacher = Poet.objects.create(name="t")
    Poet.objects.create(name="s", teacher=teacher)
    Poet.objects.create(name="x")

    as_planned({Poet: texts(name=["x"])}, *ALL)

    assert [str(row) for row in Poet.objects.all()] == ["x"]


def test_the_limit_holds_for_each_table_that_loses_rows() -> None:
    for number in range(20):
        Product.objects.create(
            sku=str(number), store=Store.objects.create(name=str(number))
        )
    lost = Store.objects.get(name="19")
    Product.objects.bulk_create(
        Product(sku=f"more {n}", store=lost) for n in range(1_000)
    )
    stores = texts(name=[str(number) for number in range(19)])

    text = refused({Store: stores}, *DELETE)

    assert "take along 1,001 of 1,020 products, more than --max-delete 10%" in text
    assert Product.objects.count() == 1_020
    done = as_planned({Store: stores}, *DELETE, "--max-delete", "1001")
    assert done.endswith("Deleted: 1 store, 1,001 products.\n")
    assert Product.objects.count() == 19


def test_a_cascade_takes_no_row_that_the_source_has() -> None:
    for name in ("kept", "lost"):
        Product.objects.create(sku=name, store=Store.objects.create(name=name))
    bulks = {Store: texts(name=["kept"]), Product: texts(sku=["kept", "lost"])}

    text = refused(bulks, *ALL)

    assert "1 product of the source would be deleted by cascade" in text
    assert Product.objects.count() == 2


def test_a_cascade_takes_no_row_that_the_source_adds() -> None:
    Product.objects.create(sku="old")
    for name in ("kept", "lost"):
        Store.objects.create(name=name)
    products = texts(sku=["old", "new"], store__name=["lost", "lost"])
    bulks = {Store: texts(name=["kept"]), Product: products}

    text = refused(bulks, *ALL)

    assert "2 products of the source would be deleted by cascade" in text
    assert Product.objects.count() == 1


def test_a_row_that_moves_to_another_parent_is_not_deleted_with_the_old_one() -> None:
    for name in ("kept", "lost"):
        Product.objects.create(sku=name, store=Store.objects.create(name=name))
    products = texts(sku=["kept", "lost", "new"], store__name=["kept", "kept", "kept"])

    done = as_planned({Store: texts(name=["kept"]), Product: products}, *ALL)

    assert done.endswith("Deleted: 1 store.\n")
    assert set(Product.objects.values_list("store__name", flat=True)) == {"kept"}
    assert Product.objects.count() == 3


@pytest.mark.usefixtures("_poems")
def test_rows_that_a_deletion_changes_are_told() -> None:
    lost = Print.objects.get(code="b2e")
    Rack.objects.create(print=lost)
    Lending.objects.create(print=lost)
    Poem.objects.filter(isbn="a1").update(sequel_of=Poem.objects.get(isbn="b2"))
    bulks = {
        Poem: texts(isbn=["a1", "a2", "b1"], poet=["a", "a", "b"]),
        Print: texts(code=["a1e", "a2e", "b1e"], poem=["a1", "a2", "b1"]),
    }

    done = as_planned(bulks, *ALL)

    assert done.splitlines()[2:] == [
        "Deleted: 1 poem, 1 print, 1 lending.",
        'Changed by the deletion: "sequel_of" of 1 poem.',
        'Changed by the deletion: "print" of 1 rack.',
    ]
    assert Rack.objects.get().print is None
    assert Poem.objects.get(isbn="a1").sequel_of is None


@pytest.mark.usefixtures("_poems")
def test_a_row_that_only_the_database_guards_is_found_by_the_dry_run() -> None:
    Mark.objects.create(print=Print.objects.get(code="b2e"))

    kept = texts(code=["a1e", "a2e", "b1e"], poem=["a1", "a2", "b1"])
    text = refused({Print: kept}, *ALL)

    assert "1 mark of the table" in text


def test_a_child_of_inheritance_goes_with_its_parent() -> None:
    for name in "abc":
        Restaurant.objects.create(name=name, stars=1)

    as_planned({Place: texts(name=["a", "b"])}, *ALL)
    as_planned({Restaurant: [Restaurant(name="a", stars=1)]}, *ALL)

    assert [row.name for row in Place.objects.all()] == ["a"]
    assert [row.name for row in Restaurant.objects.all()] == ["a"]


@pytest.mark.parametrize("rows", [[], pl.DataFrame(schema={"sku": pl.String})])
def test_a_source_without_rows_is_not_taken_for_an_order_to_delete(rows: Any) -> None:
    Product.objects.bulk_create(Product(sku=str(n)) for n in range(3))

    text = refused({Product: rows}, *DELETE)

    assert "the source lacks 3 of 3 products" in text
    assert Product.objects.count() == 3


def test_signals_are_sent_for_each_row() -> None:
    for name in "abc":
        Node.objects.create(name=name)
    gone: list[str] = []
    post_delete.connect(
        lambda instance, **_: gone.append(instance.name),
        sender=Node,
        weak=False,
        dispatch_uid="t",
    )

    run(Import({Node: texts(name=["a"])}, KEYS), *ALL)

    post_delete.disconnect(sender=Node, dispatch_uid="t")
    assert sorted(gone) == ["b", "c"]
