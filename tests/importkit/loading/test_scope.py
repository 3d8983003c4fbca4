"""An import sees only the rows that its source speaks for."""

import datetime
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Q

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Item, Supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_writer")]

LONG_AGO = datetime.date(2001, 1, 1)
LIVE = Q(deleted_at=None)
OF_X = Q(supplier__name="x")
ALL = ("--mode", "sync", "--delete", "--yes", "--max-delete", "100%")


def importing(scope: Any, **columns: Any) -> Import:
    keys: Any = {Item: ("code",), Supplier: ("name",)}
    return Import({Item: pl.DataFrame(columns)}, keys, scope=scope)


def items() -> list[tuple[str, int, bool]]:
    rows = Item.objects.order_by("code", "amount")
    return [(row.code, row.amount, row.deleted_at is None) for row in rows]


def planned(command: Import, *flags: str) -> str:
    """Return what a dry run says, without its end."""
    before = items()
    plan = run(command, *flags, "--dry_run")
    assert items() == before
    return next(line for line in plan.splitlines() if line.startswith("Items:"))


def told(command: Import, *flags: str) -> str:
    """Return what a run says of its rows.

    MariaDB lacks the index that keeps the key unique among live rows, which is said before.
    """
    text = run(command, *flags)
    return text[text.index("Items:") :]


def test_a_natural_key_is_looked_for_among_live_rows() -> None:
    Item.objects.create(code="gone", deleted_at=LONG_AGO)
    Item.objects.create(code="both", deleted_at=LONG_AGO)
    Item.objects.create(code="both")
    command = importing({Item: LIVE}, code=["gone", "both"], amount=[1, 2])

    plan = planned(command)
    done = told(command)

    assert plan == "Items: 1 new, 1 changed (amount 1), 0 unchanged."
    assert done == f"{plan}\n"
    assert items() == [
        ("both", 0, False),
        ("both", 2, True),
        ("gone", 0, False),
        ("gone", 1, True),
    ]
    assert told(command) == "Items: 0 new, 0 changed, 2 unchanged.\n"


def test_the_rows_of_other_suppliers_are_not_missing() -> None:
    x, y = (Supplier.objects.create(name=name) for name in "xy")
    for number, supplier in enumerate([x, x, y, y]):
        Item.objects.create(code=str(number), supplier=supplier)
    command = importing(
        {Item: OF_X}, code=["0", "new"], supplier__name=["x", "x"], amount=[0, 0]
    )

    plan = planned(command, *ALL)
    done = told(command, *ALL)

    assert plan == "Items: 1 new, 0 changed, 1 unchanged, 1 missing in the source."
    assert done == f"{plan}\nDeleted: 1 item.\n"
    assert [code for code, *_ in items()] == ["0", "2", "3", "new"]


def test_a_source_without_rows_lacks_the_rows_of_its_scope_only() -> None:
    for name in "xy":
        supplier = Supplier.objects.create(name=name)
        Item.objects.create(code=name, supplier=supplier)
    rows = pl.DataFrame(schema={"code": pl.String})
    command = Import({Item: rows}, {Item: ("code",)}, scope={Item: OF_X})

    assert run(command, *ALL).endswith("Deleted: 1 item.\n")
    assert [code for code, *_ in items()] == ["y"]


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
@pytest.mark.parametrize("mode", ["insert", "upsert", "sync"])
def test_a_row_that_the_next_run_would_not_see_is_refused(
    mode: str, flags: tuple[str, ...]
) -> None:
    x, _ = (Supplier.objects.create(name=name) for name in "xy")
    Item.objects.create(code="a", supplier=x)
    Item.objects.create(code="b", supplier=x)
    names, codes = ["x", "y", "y", "x"], ["a", "b", "c", "d"]
    if mode == "insert":
        names, codes = names[2:], codes[2:]
    command = importing({Item: OF_X}, code=codes, supplier__name=names)

    with pytest.raises(CommandError) as error:
        run(command, "--mode", mode, *flags)

    text = str(error.value)
    assert "code: the row would be outside of the scope of the import" in text
    assert "'c'" in text
    assert ("'b'" in text) == (mode != "insert")
    assert [code for code, *_ in items()] == ["a", "b"]


def test_a_scope_may_ask_for_any_rows() -> None:
    for name in "xyz":
        Supplier.objects.create(name=name)
    among = Q(supplier__in=Supplier.objects.filter(name__in=["x", "y"]))
    good = importing({Item: among}, code=["a", "b"], supplier__name=["x", "y"])
    bad = importing({Item: among}, code=["a", "b"], supplier__name=["x", "z"])

    assert told(good).startswith("Items: 2 new")
    assert told(good).startswith("Items: 0 new, 0 changed, 2 unchanged")
    with pytest.raises(CommandError, match="1 problem in 1 row"):
        run(bad)


def test_no_row_is_in_a_scope_without_rows() -> None:
    Item.objects.create(code="a")
    command = importing({Item: Q(pk__in=[])}, code=["b"], amount=[1])

    with pytest.raises(CommandError, match="outside of the scope"):
        run(command, *ALL)
    assert items() == [("a", 0, True)]


def test_values_in_a_scope_are_values_and_not_sql() -> None:
    nasty = 'it\'s 100% "x" -- ?'[:20]
    supplier = Supplier.objects.create(name=nasty)
    Item.objects.create(code="a", supplier=supplier)
    command = importing({Item: Q(supplier__name=nasty)}, code=["a"], amount=[5])

    assert run(command, "--mode", "update").startswith(
        "Items: 0 not in the table, 1 ch"
    )
    assert items() == [("a", 5, True)]


def test_parents_are_looked_for_in_their_scope() -> None:
    Supplier.objects.create(name="x", is_deleted=True)
    live = Supplier.objects.create(name="y")
    scope = {Supplier: Q(is_deleted=False)}
    by_name = importing(scope, code=["a"], supplier__name=["x"])
    by_key = importing(scope, code=["a"], supplier_id=[live.pk - 1])

    for command in (by_name, by_key):
        for flags in (("--dry_run",), ()):
            with pytest.raises(CommandError, match="no supplier with this"):
                run(command, *flags)
    assert items() == []


def test_a_unique_value_of_a_row_outside_is_a_problem_that_says_so() -> None:
    Item.objects.create(code="gone", barcode=1, deleted_at=LONG_AGO)
    command = importing({Item: LIVE}, code=["a", "b"], barcode=[1, 2])

    for flags in (("--dry_run",), ()):
        with pytest.raises(CommandError, match="outside of the scope") as error:
            run(command, *flags)
        assert "1 problem in 1 row" in str(error.value)
    assert items() == [("gone", 0, False)]


def test_the_natural_key_of_a_row_outside_is_a_problem_that_says_so() -> None:
    Supplier.objects.create(name="x", is_deleted=True)
    rows = pl.DataFrame({"name": ["x", "y"]})
    scope: Any = {Supplier: Q(is_deleted=False)}
    command = Import({Supplier: rows}, {Supplier: ("name",)}, scope=scope)

    for flags in (("--dry_run",), ()):
        with pytest.raises(CommandError, match="outside of the scope"):
            run(command, *flags)
    assert Supplier.objects.count() == 1


def test_children_of_a_hidden_parent_are_told() -> None:
    Supplier.objects.create(name="x", is_deleted=True)
    Supplier.objects.create(name="y")
    command = importing(
        {Item: LIVE}, code=["a", "b", "c"], supplier__name=["x", "x", "y"]
    )

    told = (
        "2 rows refer to rows of shop.Supplier that its default manager hides, for example "
        "because they are marked as deleted. State in get_scope which rows may be parents."
    )
    assert told in run(command, "--dry_run")
    assert told in run(command)
    assert len(items()) == 3
