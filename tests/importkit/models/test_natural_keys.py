"""A frame may give foreign keys by the natural keys of the parents."""

from datetime import date

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Model

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import City, Country, Node, Product, Store, Street
from tests.importkit.shop.relations import Author, Book, Loan

KEYS: Keys = {
    Country: ("code",),
    City: ("name", "region"),
    Street: ("name",),
    Node: ("name",),
    Product: ("sku",),
    Store: ("name",),
}


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_writer")]


def stores_of_products() -> dict[str, str | None]:
    rows = Product.objects.order_by("sku").values_list("sku", "store__name")
    return dict(rows)


@pytest.mark.parametrize("column", ["store", "store__name"])
def test_a_column_may_hold_the_natural_key_of_the_parent(column: str) -> None:
    for name in ("north", "south"):
        Store.objects.create(name=name)
    df = pl.DataFrame(
        {"sku": ["a", "b", "c", "d"], column: ["south", "north", None, "south"]}
    )

    output = run(Import({Product: df}, KEYS))

    assert output == "Products: 4 new, 0 changed, 0 unchanged.\n"
    assert stores_of_products() == {"a": "south", "b": "north", "c": None, "d": "south"}


@pytest.mark.parametrize("flags", [(), ("--batch_size", "1")])
def test_parents_may_come_in_the_same_run_and_a_plan_counts_as_the_run_does(
    flags: tuple[str, ...],
) -> None:
    Country.objects.create(code="DE")
    old = City.objects.create(name="Ulm", region=1)
    Street.objects.create(name="high", city=old)
    Street.objects.create(name="low", city=old)
    bulks = {
        Street: pl.DataFrame(
            {
                "name": ["high", "low", "wide"],
                "city__name": ["Ulm", "Ulm", "Ulm"],
                "city__region": [2, 1, 2],
            }
        ),
        City: pl.DataFrame(
            {"name": ["Ulm", "Ulm"], "region": [1, 2], "country": ["DE", "FR"]}
        ),
        Country: pl.DataFrame({"code": ["FR"]}),
    }

    plan = run(Import(bulks, KEYS), "--dry_run", *flags)
    assert Country.objects.count() == City.objects.count() == 1
    output = run(Import(bulks, KEYS), *flags)

    assert output.splitlines() == [
        "Streets: 1 new, 1 changed (city 1), 1 unchanged.",
        "Citys: 1 new, 1 changed (country 1), 0 unchanged.",
        "Countrys: 1 new, 0 changed, 0 unchanged.",
    ]
    numbers = [line for line in plan.splitlines() if line[0] != " "]
    assert numbers == [*output.splitlines(), "Dry run: nothing was written."]
    changes = [line for line in plan.splitlines() if line[0] == " "]
    assert changes == [
        "  'high': city 'Ulm, 1' -> 'Ulm, 2'",
        "  'Ulm, 1': country nothing -> 'DE'",
    ]
    rows = Street.objects.order_by("name")
    found = rows.values_list("name", "city__region", "city__country__code")
    assert list(found) == [("high", 2, "FR"), ("low", 1, "DE"), ("wide", 2, "FR")]
    again = run(Import(bulks, KEYS), *flags)
    assert again.splitlines()[0] == "Streets: 0 new, 0 changed, 3 unchanged."


def test_parents_may_be_instances_and_children_a_frame() -> None:
    def bulks(_df: object) -> dict[type, object]:
        children = pl.DataFrame({"sku": ["a"], "store": ["north"]})
        return {Product: children, Store: [Store(name="north")]}

    plan = run(Import(bulks, KEYS), "--dry_run")  # type: ignore[arg-type]
    output = run(Import(bulks, KEYS))  # type: ignore[arg-type]

    assert plan == f"{output}Dry run: nothing was written.\n"
    assert stores_of_products() == {"a": "north"}


def test_misses_are_named_with_their_rows_and_nothing_is_written() -> None:
    Store.objects.create(name="north")
    df = pl.DataFrame(
        {
            "sku": ["a", "b", "c"],
            "store": ["north", "nowhere", "never"],
            "_line": [2, 5, 9],
        }
    )

    with pytest.raises(CommandError) as error:
        run(Import({Product: df}, KEYS), "--batch_size", "1")

    assert str(error.value) == (
        "2 problems in 2 rows:\n  store: no store with this name, 2 rows\n"
        "    line 5: 'nowhere'\n    line 9: 'never'\nNothing was written."
    )
    assert not Product.objects.exists()


def test_a_key_of_several_parents_is_ambiguous() -> None:
    for _ in range(2):
        Store.objects.create(name="north")
    df = pl.DataFrame({"sku": ["a"], "store__name": ["north"]})

    with pytest.raises(CommandError) as error:
        run(Import({Product: df}, KEYS))

    assert str(error.value) == (
        "1 problem in 1 row:\n"
        "  store__name: more than one store with this name, 1 row\n"
        "    row 1: 'north'\nNothing was written."
    )


def test_a_parent_with_a_key_of_two_fields_takes_two_columns() -> None:
    df = pl.DataFrame({"name": ["high"], "city": ["Ulm"]})

    with pytest.raises(CommandError) as error:
        run(Import({Street: df}, KEYS))

    assert error.value.returncode == 2
    assert '"city" cannot be looked up: shop.City has no natural key of one field' in (
        str(error.value)
    )


def test_a_key_that_is_not_a_field_of_the_parent_is_refused() -> None:
    df = pl.DataFrame({"sku": ["a"], "store__nam": ["north"]})

    with pytest.raises(CommandError) as error:
        run(Import({Product: df}, KEYS))

    assert str(error.value) == 'shop.Store has no field "nam" (did you mean "name"?).'


@pytest.mark.parametrize("flags", [(), ("--batch_size", "1")])
def test_a_tree_may_come_in_any_order(flags: tuple[str, ...]) -> None:
    Node.objects.create(name="old")
    df = pl.DataFrame(
        {
            "name": ["leaf", "branch", "root", "twig", "old"],
            "parent": ["branch", "root", None, "old", "branch"],
        }
    )
    report = "Nodes: 4 new, 1 changed (parent 1), 0 unchanged.\n"

    assert run(Import({Node: df}, KEYS), "--dry_run", *flags).startswith(report)
    assert run(Import({Node: df}, KEYS), *flags) == report

    assert dict(Node.objects.values_list("name", "parent__name")) == dict(df.rows())
    again = run(Import({Node: df}, KEYS), *flags)
    assert again == "Nodes: 0 new, 0 changed, 5 unchanged.\n"


def test_rows_in_a_circle_are_named() -> None:
    df = pl.DataFrame({"name": ["a", "b", "c"], "parent": [None, "c", "b"]})

    with pytest.raises(CommandError) as error:
        run(Import({Node: df}, KEYS))

    assert str(error.value) == (
        "parent: rows refer to each other in a circle: rows 2, 3.\nNothing was written."
    )
    assert not Node.objects.exists()


def test_a_plan_of_an_update_finds_no_parents_that_it_would_not_create() -> None:
    Product.objects.create(sku="a")
    bulks = {
        Store: pl.DataFrame({"name": ["north"]}),
        Product: pl.DataFrame({"sku": ["a"], "store": ["north"]}),
    }

    for flags in [("--dry_run",), ()]:
        with pytest.raises(CommandError, match="no store with this name"):
            run(Import(bulks, KEYS), "--mode", "update", *flags)


def test_a_plan_knows_the_defaults_of_parents_that_it_would_create() -> None:
    bulks = {
        City: pl.DataFrame({"name": ["Ulm"]}),
        Street: pl.DataFrame(
            {"name": ["high"], "city__name": ["Ulm"], "city__region": [0]}
        ),
    }

    plan = run(Import(bulks, {Street: ("name",)}), "--dry_run")

    assert plan == run(Import(bulks, {Street: ("name",)})) + (
        "Dry run: nothing was written.\n"
    )
    assert Street.objects.get().city == City.objects.get()


def test_a_plan_of_parents_that_the_database_numbers_finds_those_it_has() -> None:
    store = Store.objects.create(name="north")
    bulks = {
        Store: pl.DataFrame({"name": ["north", "south"]}),
        Product: pl.DataFrame({"sku": ["a"], "store__id": [store.pk]}),
    }

    plan = run(Import(bulks, KEYS), "--dry_run")

    assert plan == f"{run(Import(bulks, KEYS))}Dry run: nothing was written.\n"
    assert stores_of_products() == {"a": "north"}


def test_a_plan_names_parents_by_what_is_unique_in_them_and_not_by_their_ids() -> None:
    old, new = (Author.objects.create(name=name) for name in ("Ann", "Bob"))
    book = Book.objects.create(isbn="1", author=old)
    Loan.objects.create(book=book, number=7)
    bulks: dict[type[Model], pl.DataFrame] = {
        Book: pl.DataFrame({"isbn": ["1"], "author_id": [new.pk]}),
        Loan: pl.DataFrame(
            {"book__isbn": ["1"], "number": [7], "due": [date(2026, 1, 31)]}
        ),
    }
    keys: dict[type[Model], tuple[str, ...]] = {
        Book: ("isbn",),
        Loan: ("book", "number"),
    }

    plan = run(Import(bulks, keys), "--dry_run").splitlines()

    assert "  '1': author 'Ann' -> 'Bob'" in plan
    assert "  '1, 7': due nothing -> '2026-01-31'" in plan


def test_a_plan_names_a_parent_that_nothing_names_by_its_id() -> None:
    old, new = (Store.objects.create(name="north") for _ in range(2))
    Product.objects.create(sku="a", store=old)
    df = pl.DataFrame({"sku": ["a"], "store_id": [new.pk]})

    plan = run(Import({Product: df}, {Product: ("sku",)}), "--dry_run")

    assert f"  'a': store '{old.pk}' -> '{new.pk}'" in plan.splitlines()


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
@pytest.mark.parametrize("key", [("book", "number"), None])
def test_problems_name_parents_as_the_source_does(
    flags: tuple[str, ...], key: tuple[str, ...] | None
) -> None:
    book = Book.objects.create(isbn="9")
    Loan.objects.create(book=book, number=3)
    bulks: dict[type[Model], pl.DataFrame] = {
        Book: pl.DataFrame({"isbn": ["1"]}),
        Loan: pl.DataFrame({"book__isbn": ["1", "1", "9"], "number": [7, 7, 3]}),
    }
    keys: dict[type[Model], tuple[str, ...]] = {Book: ("isbn",)}

    with pytest.raises(CommandError) as error:
        run(Import(bulks, {**keys, Loan: key} if key else keys), *flags)

    assert "row 2: '1, 7'" in str(error.value)
    assert ("row 3: '9, 3'" in str(error.value)) == (key is None)
