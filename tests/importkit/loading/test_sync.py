"""A sync deletes missing rows within limits, and a run may commit batch by batch."""

import datetime
from decimal import Decimal

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Model
from django.db.models.signals import post_delete

from importkit.import_data import ImportDataBaseCommand
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import (
    CheapProduct,
    Guarded,
    Label,
    Labelling,
    Node,
    Product,
    Review,
)

KEYS: dict[type[Model], tuple[str, ...]] = {Product: ("sku",), Node: ("name",)}
SYNC = ("--mode", "sync")
DELETE = (*SYNC, "--delete", "--yes")


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_writer")]


def importing(*skus: str) -> ImportDataBaseCommand:
    return Import({Product: pl.DataFrame({"sku": skus}, {"sku": pl.String})}, KEYS)


def skus() -> list[str]:
    return list(Product.objects.order_by("sku").values_list("sku", flat=True))


@pytest.fixture
def _ten() -> None:
    run(importing(*"abcdefghij"))


@pytest.mark.usefixtures("_ten")
def test_without_delete_nothing_is_deleted() -> None:
    output = run(importing(*"abc"), *SYNC)

    assert output == (
        "Products: 0 new, 0 changed, 3 unchanged, 7 missing in the source.\n"
    )
    assert len(skus()) == 10


@pytest.mark.usefixtures("_ten")
def test_a_tenth_of_a_table_may_go_and_no_more() -> None:
    assert run(importing(*"abcdefghi"), *DELETE).endswith("Deleted: 1 product.\n")
    assert skus() == list("abcdefghi")

    with pytest.raises(CommandError) as error:
        run(importing(*"abcdefghz"), *DELETE)

    assert str(error.value) == (
        "--delete: the source lacks 1 of 9 products, more than --max-delete 10% "
        "allows. Is the file complete? See "
        "docs/importing.md#rows-that-the-source-no-longer-has.\nNothing was written."
    )
    assert skus() == list("abcdefghi")


@pytest.mark.usefixtures("_ten")
@pytest.mark.parametrize(
    ("limit", "left", "is_allowed"),
    [
        ("3", "abcdefg", True),
        ("2", "abcdefg", False),
        ("30%", "abcdefg", True),
        ("29%", "abcdefg", False),
        ("0", "abcdefghi", False),
        ("0", "abcdefghij", True),
        ("100%", "", True),
    ],
)
def test_the_limit_is_a_number_or_a_share_of_the_rows_before(
    limit: str, left: str, *, is_allowed: bool
) -> None:
    flags = (*DELETE, "--max-delete", limit)
    for dry_run in (["--dry_run"], []):
        if is_allowed:
            run(importing(*left), *flags, *dry_run)
        else:
            with pytest.raises(CommandError, match=f"more than --max-delete {limit}"):
                run(importing(*left), *flags, *dry_run)

    assert skus() == list(left if is_allowed else "abcdefghij")


@pytest.mark.parametrize("limit", ["-1", "half", "101%", "1.5", ""])
def test_a_limit_that_is_none_is_refused(limit: str) -> None:
    with pytest.raises(CommandError, match="neither a number of rows nor a share"):
        run(importing("a"), *SYNC, f"--max-delete={limit}")


@pytest.mark.usefixtures("_ten")
def test_the_plan_of_a_deletion_counts_the_cascades_and_the_run_does_as_planned() -> (
    None
):
    gone = Product.objects.get(sku="j")
    label = Label.objects.create(name="new")
    Labelling.objects.create(product=gone, label=label)
    for _ in range(2):
        Review.objects.create(product=CheapProduct.objects.get(sku="j"))
    kept = Review.objects.create(product=CheapProduct.objects.get(sku="a"))

    flags = (*DELETE, "--max-delete", "2")
    plan = run(importing(*"abcdefghi"), *flags, "--dry_run")

    report, _, last = plan.partition("\n")
    assert report == (
        "Products: 0 new, 0 changed, 9 unchanged, 1 missing in the source."
    )
    said = last.partition("\n")[0].removeprefix("To delete: ").rstrip(".").split(", ")
    assert sorted(said) == ["1 labelling", "1 product", "2 reviews"]
    assert Product.objects.count() == 10
    output = run(importing(*"abcdefghi"), *flags)
    done = output.splitlines()[1].removeprefix("Deleted: ").rstrip(".").split(", ")
    assert sorted(done) == sorted(said)
    assert list(Review.objects.all()) == [kept]
    assert not Labelling.objects.exists()
    assert skus() == list("abcdefghi")


@pytest.mark.usefixtures("_ten")
def test_a_protected_row_stops_the_whole_run() -> None:
    Guarded.objects.create(product=Product.objects.get(sku="j"))

    with pytest.raises(CommandError, match=r"protected(.|\n)*Nothing was written"):
        run(importing(*"abcdefghi", "new"), *DELETE)

    assert skus() == list("abcdefghij")


@pytest.mark.usefixtures("_ten")
@pytest.mark.parametrize(("answer", "is_deleted"), [("y", True), ("n", False)])
def test_a_deletion_is_confirmed(
    answer: str, monkeypatch: pytest.MonkeyPatch, *, is_deleted: bool
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def ask(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("builtins.input", ask)
    flags = (*SYNC, "--delete")

    if is_deleted:
        run(importing(*"abcdefghi", "new"), *flags)
        assert skus() == [*"abcdefghi", "new"]
    else:
        with pytest.raises(CommandError, match=r"Not confirmed\.\nNothing was written"):
            run(importing(*"abcdefghi", "new"), *flags)
        assert skus() == list("abcdefghij")
    assert asked == ["The source no longer has some rows. Delete 1 product? [y/N] "]


@pytest.mark.usefixtures("_ten")
def test_where_nobody_can_answer_nothing_is_written() -> None:
    with pytest.raises(CommandError, match="run again with --yes") as error:
        run(importing(*"abcdefghi", "new"), *SYNC, "--delete")

    assert error.value.returncode == 2
    assert skus() == list("abcdefghij")


@pytest.mark.usefixtures("_ten")
def test_a_sync_with_nothing_to_delete_asks_nothing() -> None:
    assert run(importing(*"abcdefghij"), *SYNC, "--delete") == (
        "Products: 0 new, 0 changed, 10 unchanged, 0 missing in the source.\n"
    )


def test_a_sync_of_an_empty_table_creates_all() -> None:
    assert run(importing(*"ab"), *DELETE) == (
        "Products: 2 new, 0 changed, 0 unchanged, 0 missing in the source.\n"
    )


def test_deletions_of_a_tree_take_parents_and_children() -> None:
    top = Node.objects.create(name="top")
    Node.objects.create(name="leaf", parent=top)
    Node.objects.create(name="other")
    deleted: list[object] = []
    post_delete.connect(
        lambda instance, **_: deleted.append(instance.name),
        sender=Node,
        weak=False,
        dispatch_uid="t",
    )

    command = Import({Node: pl.DataFrame({"name": ["other"]})}, KEYS)
    output = run(command, *DELETE, "--max-delete", "2")

    post_delete.disconnect(sender=Node, dispatch_uid="t")
    assert output.endswith("2 missing in the source.\nDeleted: 2 nodes.\n")
    assert sorted(map(str, deleted)) == ["leaf", "top"]
    assert list(Node.objects.values_list("name", flat=True)) == ["other"]


BATCHES = ("--commit", "batch", "--batch_size", "2")


def test_with_commit_batch_whole_batches_stay_and_a_rerun_completes() -> None:
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)

    def importing_nodes(*names: str) -> ImportDataBaseCommand:
        df = pl.DataFrame({"name": names})
        return Import({Node: df}, KEYS)

    names = ["a", "b", "c", "d", "e", "f"]
    with pytest.raises(CommandError) as error:
        run(importing_nodes(*names[:5], "x" * 21), *BATCHES)

    text = str(error.value)
    assert text.startswith("1 problem in 1 row:\n  name: longer than 20 characters")
    assert text.endswith(
        "\nBatches that were committed before stay. Run the same again to go on: rows "
        "that are in the table already are found by their natural key and left as they "
        "are. See docs/running.md#when-a-run-stops."
    )
    assert error.value.returncode == 3
    kept = sorted(Node.objects.values_list("name", flat=True))
    assert kept == ["a", "b", "c", "d"]
    Node.objects.update(updated_at=long_ago)

    output = run(importing_nodes(*names), *BATCHES)

    assert output == "Nodes: 2 new, 0 changed, 4 unchanged.\n"
    assert sorted(Node.objects.values_list("name", flat=True)) == names
    assert Node.objects.filter(updated_at=long_ago).count() == 4


def test_with_commit_run_no_batch_stays() -> None:
    df = pl.DataFrame({"sku": ["a", "b", "c", "d", "x" * 21]})

    with pytest.raises(CommandError, match=r"\nNothing was written\.") as error:
        run(Import({Product: df}, KEYS), "--batch_size", "2")

    assert error.value.returncode == 1
    assert not Product.objects.exists()


def test_commit_batch_needs_natural_keys() -> None:
    with pytest.raises(CommandError) as error:
        run(Import({Product: pl.DataFrame({"sku": ["a"]})}), *BATCHES)

    assert error.value.returncode == 2
    assert str(error.value) == (
        "--commit batch: a run that ended early can only go on with natural keys, and "
        "get_natural_keys has none for shop.Product."
    )


def test_with_commit_batch_a_dry_run_counts_and_writes_nothing() -> None:
    Product.objects.create(sku="a", price=Decimal("1.00"))

    output = run(importing(*"abc"), *BATCHES, "--dry_run")

    assert output == (
        "Products: 2 new, 0 changed, 1 unchanged.\nDry run: nothing was written.\n"
    )
    assert skus() == ["a"]


def test_with_commit_batch_a_refused_deletion_does_not_say_nothing_was_written() -> (
    None
):
    run(importing(*"ab"))

    with pytest.raises(CommandError) as error:
        run(importing(*"cd"), *DELETE, *BATCHES)

    assert skus() == list("abcd")
    assert str(error.value).endswith(
        "Batches that were committed before stay. Run the same again to go on: rows "
        "that are in the table already are found by their natural key and left as they "
        "are. See docs/running.md#when-a-run-stops."
    )
