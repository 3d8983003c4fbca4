"""``manage.py imports --undo`` takes back a run on record, and says what it kept."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from importruns.models import ImportRun, RowChange, Status
from tests.importkit.import_data.goods import goods
from tests.importkit.shop.imports import run
from tests.importkit.shop.models import Product
from tests.importruns.test_imports import imports

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("on_record"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "goods.csv"
    path.write_text("sku,price,store\n1,1.50,\n2,2,\n")
    return path


def imported(file: Path, keeps: int = 1) -> ImportRun:
    command: Any = goods(file)
    type(command).keeps_undo = keeps
    run(command)
    return ImportRun.objects.latest("pk")


def prices() -> dict[str, str]:
    return {row.sku: str(row.price) for row in Product.objects.order_by("sku")}


def test_a_run_is_undone_and_what_somebody_has_changed_is_kept(file: Path) -> None:
    Product.objects.create(sku="1", price=5)
    Product.objects.create(sku="2", price=6)
    record = imported(file)
    edited = Product.objects.get(sku="2")
    Product.objects.filter(sku="2").update(price=7)

    said = imports("--undo", str(record.pk))

    # No command of the project has the name on record, so that nobody knows which of its
    # columns are personal.
    assert (
        said
        == f"""\
shop.Product: 1 changed restored, 1 kept as they are.
  Kept because somebody has changed the row since: 1.
    {edited.pk}: somebody has changed the row since (price '***' -> '***')
Run {record.pk} is undone.
"""
    )
    assert prices() == {"1": "5.00", "2": "7.00"}
    record.refresh_from_db()
    assert record.status == Status.UNDONE


def test_a_dry_run_says_the_same_and_changes_nothing(file: Path) -> None:
    record = imported(file)

    said = imports("--undo", str(record.pk), "--dry_run")

    assert said.splitlines() == [
        "shop.Product: 2 created taken back.",
        "Dry run: nothing was written.",
    ]
    assert prices() == {"1": "1.50", "2": "2.00"}
    record.refresh_from_db()
    assert record.status == Status.DONE


def test_the_newest_run_goes_first(file: Path) -> None:
    first = imported(file, keeps=2)
    file.write_text("sku,price,store\n1,9,\n")
    second = imported(file, keeps=2)

    with pytest.raises(CommandError, match=f"Undo run {second.pk} first"):
        imports("--undo", str(first.pk))
    imports("--undo", str(second.pk))
    imports("--undo", str(first.pk))

    assert prices() == {}


def test_only_the_last_runs_can_be_undone(file: Path) -> None:
    first = imported(file)
    file.write_text("sku,price,store\n1,9,\n")
    second = imported(file)

    assert set(RowChange.objects.values_list("run", flat=True)) == {second.pk}
    with pytest.raises(CommandError, match="has noted no rows"):
        imports("--undo", str(first.pk))


def test_a_run_that_writes_nothing_takes_the_place_of_no_other(file: Path) -> None:
    record = imported(file)
    imported(file)

    imports("--undo", str(record.pk))

    assert prices() == {}


def test_a_run_is_undone_once(file: Path) -> None:
    record = imported(file)
    imports("--undo", str(record.pk))

    with pytest.raises(CommandError, match="is undone already"):
        imports("--undo", str(record.pk))
