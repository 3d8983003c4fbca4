"""The ledger numbers the runs that can be undone, and forgets what can be undone no more."""

from collections.abc import Mapping
from unittest.mock import patch

import polars as pl
import pytest
from django.db.models import Model

from importruns.models import ImportRun, RowChange, Status
from importruns.undoing import UndoError, undo
from tests.importkit.rules import rules
from tests.importkit.shop.imports import run
from tests.importkit.shop.models import Product
from tests.importruns.undoing.noting import Noting, tables_of, texts

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("on_record"),
]
KEYS: Mapping[type[Model], tuple[str, ...]] = {Product: ("sku",)}


def importing(*skus: str) -> Noting:
    return Noting({Product: texts(sku=list(skus))}, KEYS)


def test_the_last_run_on_record_is_undone_once() -> None:
    run(importing("a"))
    record = ImportRun.objects.latest("pk")

    planned = undo(record.pk, dry_run=True)

    assert Product.objects.count() == 1
    assert ImportRun.objects.get(pk=record.pk).status == Status.DONE
    assert tables_of(undo(record.pk)) == tables_of(planned)
    assert not Product.objects.exists()
    assert ImportRun.objects.get(pk=record.pk).status == Status.UNDONE
    with pytest.raises(UndoError, match=f"Run {record.pk} is undone already"):
        undo(record.pk)


def test_only_so_many_runs_as_the_command_keeps_can_be_undone() -> None:
    for sku in "abc":
        run(importing(sku))

    [last] = RowChange.objects.values_list("run", flat=True).distinct()

    assert last == ImportRun.objects.latest("pk").pk


def test_a_run_without_a_record_notes_nothing() -> None:
    run(importing("a"), "--no-ledger")

    assert Product.objects.exists()
    assert not RowChange.objects.exists()


def test_a_refused_run_has_noted_nothing() -> None:
    Product.objects.create(sku="a")
    frame = texts(sku=["b", "c"]).with_columns(store_id=pl.lit(99))

    with pytest.raises(Exception, match="99"):
        run(Noting({Product: frame}, KEYS))

    assert not RowChange.objects.exists()


def test_values_of_personal_columns_are_hidden() -> None:
    personal = rules({"sku": pl.String, "price": pl.Float64}, personal_cols=("price",))
    Product.objects.create(sku="a", price=1)
    bulk = texts(sku=["a"]).with_columns(price=9)
    run(Noting({Product: bulk}, KEYS))
    Product.objects.update(price=3)
    record = ImportRun.objects.latest("pk")

    with patch("importruns.undoing.undo.masking_of", lambda _name: personal.masking()):
        [table] = undo(record.pk, dry_run=True).tables
    [unknown] = undo(record.pk, dry_run=True).tables

    for told in (table, unknown):
        [difference] = told.examples[0].differences
        assert (difference.written, difference.now) == ("***", "***")
