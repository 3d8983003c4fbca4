"""Rows that give the stored key of a parent which is a row of the same run."""

from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Item, Supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_writer")]

KEYS: Keys = {Supplier: ("name",), Item: ("code",)}


def importing(
    suppliers: dict[int | None, str], items: dict[str, int], *, is_frame: bool
) -> Import:
    """Return an import of suppliers, with their keys or without, and of items."""
    keys = {"id": list(suppliers)} if None not in suppliers else {}
    made: dict[Any, Any] = {
        Supplier: pl.DataFrame({"name": list(suppliers.values()), **keys}),
        Item: pl.DataFrame({"code": list(items), "supplier_id": list(items.values())}),
    }
    if is_frame:
        return Import(made, KEYS)
    return Import(
        lambda _df: {
            model: [model(**row) for row in df.to_dicts()] for model, df in made.items()
        },
        KEYS,
    )


@pytest.mark.parametrize("is_frame", [True, False])
def test_keys_that_the_run_brings_along_are_known(*, is_frame: bool) -> None:
    command = importing({5: "x", 6: "y"}, {"a": 5, "b": 6}, is_frame=is_frame)

    planned = run(command, "--dry_run")

    assert "Items: 2 new, 0 changed, 0 unchanged.\n" in planned
    assert planned.startswith(run(command))
    assert set(Item.objects.values_list("supplier_id", flat=True)) == {5, 6}


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
@pytest.mark.parametrize("is_frame", [True, False])
@pytest.mark.parametrize("suppliers", [{5: "x", 6: "y"}, {5: "x"}, {None: "x"}])
def test_keys_of_nothing_are_named(
    suppliers: dict[int | None, str], flags: tuple[str, ...], *, is_frame: bool
) -> None:
    known = next(iter(suppliers)) is None
    if known:  # No supplier is new, so that no key is left to the database.
        Supplier.objects.create(pk=5, name="x")
    command = importing(suppliers, {"a": 5, "b": 7}, is_frame=is_frame)

    with pytest.raises(CommandError) as error:
        run(command, *flags)

    assert "1 problem in 1 row:\n  supplier_id: no supplier with this id" in str(
        error.value
    )
    assert "'7'" in str(error.value)
    assert not Item.objects.exists()
