"""A delivery that is not plausible leaves everything as it was, and is told in full."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importkit.cleaning import CleanStream
from importkit.import_data import (
    Changed,
    Distinct,
    LastRun,
    Missing,
    New,
    Newest,
    Nulls,
    Rejected,
    Rows,
    Status,
    Sum,
    Watcher,
    run_import,
)
from importkit.source import scan_source
from tests.importkit.faults import statements
from tests.importkit.import_data.expectations.conftest import (
    Deliver,
    Delivery,
    DeliveryCleaningDF,
    products_of,
    stores_too,
)
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product, Store

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite", "postgresql")]

OLD = timedelta(days=36_500)
DAY, DAY_ONE = timedelta(days=1), date(2026, 1, 1)
TWO = "1,1.50,a,2026-01-01\n2,2.50,,2026-01-02\n"


def refused(command: Import, *flags: str) -> tuple[str, str]:
    """Run a command that has to end with exit code 1; return its error and its output."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command(command, *flags, stdout=out, no_color=True)
    assert error.value.returncode == 1
    return str(error.value), out.getvalue()


@pytest.mark.only_on("sqlite", "postgresql", "mariadb")
def test_two_rows_instead_of_thousands_leave_the_table_as_it_was(
    deliver: Deliver, after: Any, tmp_path: Path
) -> None:
    Product.objects.create(sku="1", price=9)
    after({"rows": 31_178})
    command = deliver(TWO, [Rows(change="20%")])

    with pytest.raises(CommandError) as error:
        run(command, "--report", str(tmp_path / "run.json"))

    assert str(error.value) == (
        "The file as a whole is not as get_expectations says [implausible]:\n"
        "  rows: 2, expected 24,942 to 37,414 (run 41 had 31,178)\n"
        "    Find out whether the file is complete, and the right one.\n"
        "    If it is right all the same, import it with --accept rows.\n"
        "Nothing was written."
    )
    assert error.value.returncode == 1
    assert [(each.sku, each.price) for each in Product.objects.all()] == [
        ("1", Decimal(9))
    ]
    assert command.outcome is not None
    assert command.outcome.status is Status.REJECTED
    assert command.outcome.models == []
    assert command.outcome.numbers == {"rows": 2, "rejected": 0, "new": 1, "changed": 1}
    report = json.loads((tmp_path / "run.json").read_text())
    assert report["expectations"] == [
        {
            "name": "rows",
            "value": 2,
            "at_least": 24942,
            "at_most": 37414,
            "last": 31178,
            "accepted": False,
            "is_met": False,
        }
    ]
    assert report["causes"] == [
        {
            "column": "",
            "code": "implausible",
            "reason": "rows: 2, expected 24,942 to 37,414 (run 41 had 31,178)",
            "rows": 0,
            "first_lines": [],
            "remedy": "Find out whether the file is complete, and the right one.",
            "remedy_for_sender": "Check that the file is complete, and that it is the right "
            "one.",
        }
    ]


def test_a_dry_run_shows_the_plan_and_ends_as_the_run_would(deliver: Deliver) -> None:
    command = deliver(
        TWO, [Rows(at_least=3), New(at_most="40%"), Nulls("kind", at_most=1)]
    )

    real, _ = refused(command)
    planned, plan = refused(command, "--dry_run")

    assert planned == real
    assert real.splitlines()[1:3] == [
        "  rows: 2, expected at least 3",
        "  new: 2, expected at most 0 (40% of 2 rows)",
    ]
    assert (
        plan
        == "Products: 2 new, 0 changed, 0 unchanged.\nDry run: nothing was written.\n"
    )
    assert not Product.objects.exists()


def test_what_is_accepted_is_imported_and_on_record(deliver: Deliver) -> None:
    command = deliver(TWO, [Rows(at_least=3), Nulls("kind", at_most=0)])

    refusal, _ = refused(command, "--accept", "rows")
    assert "rows: 2" not in refusal
    assert "nulls:kind: 1, expected at most 0" in refusal

    said = run(command, "--accept", "rows", "--accept", "nulls:kind")

    assert said == (
        "Accepted: rows: 2, expected at least 3.\n"
        "Accepted: nulls:kind: 1, expected at most 0.\n"
        "Products: 2 new, 0 changed, 0 unchanged.\n"
    )
    assert Product.objects.count() == 2
    assert command.outcome is not None
    assert command.outcome.warnings == [
        "Accepted: rows: 2, expected at least 3.",
        "Accepted: nulls:kind: 1, expected at most 0.",
    ]
    assert [each.accepted for each in command.outcome.expectations] == [True, True]


def test_a_name_that_no_expectation_has_is_refused(deliver: Deliver) -> None:
    command = deliver(TWO, [Rows(at_least=1), Nulls("kind", at_most=0)])

    with pytest.raises(CommandError) as error:
        run(command, "--accept", "null:kind")

    assert str(error.value) == (
        '--accept: get_expectations has none with the name "null:kind" (did you mean '
        '"nulls:kind"?); they are rows, nulls:kind.'
    )
    assert error.value.returncode == 2


def test_batches_are_not_committed_before_all_rows_are_known(deliver: Deliver) -> None:
    with pytest.raises(CommandError) as error:
        run(deliver(TWO, [Rows(at_least=1)]), "--commit", "batch")

    assert str(error.value) == (
        "--commit batch: batches would be written before all rows are known, and "
        "get_expectations has rows."
    )
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        (
            Nulls("kinds", at_most=0),
            'Nulls("kinds"): get_col_dtype_map has no such column (did you mean "kind"?).',
        ),
        (Sum("kind", at_least=0), 'Sum("kind"): the column is String, not a number.'),
        (
            Newest("price", timedelta(1)),
            'Newest("price"): the column is Decimal(precision=8, scale=2), neither a date '
            "nor a date with a time.",
        ),
        (
            New(model=Store, at_most=1),
            "New(model=shop.Store), and get_bulks_by_model returns no rows of this model.",
        ),
    ],
)
def test_what_no_run_can_know_is_refused(
    deliver: Deliver, expectation: Any, message: str
) -> None:
    with pytest.raises(CommandError) as error:
        run(deliver(TWO, [expectation]))

    assert str(error.value) == f"get_expectations: {message}"
    assert error.value.returncode == 2


def test_values_of_personal_columns_are_not_shown_as_numbers(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DeliveryCleaningDF, "get_personal_cols", lambda: ("seen",))

    with pytest.raises(CommandError) as error:
        run(deliver(TWO, [Nulls("seen", at_most=1), Newest("seen", OLD)]))

    assert str(error.value) == (
        'get_expectations: Newest("seen"): the column is personal, and this may show a '
        "value of it."
    )


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (
            [Rows(at_least=1), Rows(change="20%")],
            "get_expectations has rows twice. State all limits in one: Rows(at_least=1, "
            'change="20%").',
        ),
        (
            None,
            "get_expectations returned None, which is no expectation. Return a list of "
            "them, such as [Rows(at_least=1)].",
        ),
        (
            Rows,
            f"get_expectations returned {Rows!r}, which is no expectation. Return a list "
            "of them, such as [Rows(at_least=1)].",
        ),
    ],
)
def test_what_is_no_list_of_expectations_is_refused(
    deliver: Deliver, stated: Any, message: str
) -> None:
    with pytest.raises(CommandError) as error:
        run(deliver(TWO, stated))

    assert (str(error.value), error.value.returncode) == (message, 2)


def test_a_first_run_is_compared_with_nothing(deliver: Deliver) -> None:
    expectations = [Rows(change="20%"), Nulls("kind", at_most="50%")]

    assert "xpected" not in run(deliver(TWO, expectations))
    said = run(deliver(TWO, expectations), "-v2")

    assert said.startswith(
        "Expected: rows: 2 (no earlier run is on record).\n"
        "Expected: nulls:kind: 1, expected at most 1 (50% of 2 rows).\n"
    )


def test_what_is_fixed_holds_in_a_first_run_too(deliver: Deliver) -> None:
    refusal, _ = refused(deliver(TWO, [Rows(at_least=3, change="20%")]))

    assert "  rows: 2, expected at least 3 (no earlier run is on record)\n" in refusal


def test_a_number_that_the_last_run_lacks_is_compared_with_nothing(
    deliver: Deliver, after: Any
) -> None:
    after({"rows": 2})

    said = run(deliver(TWO, [Sum("price", change="1%")]), "-v2")

    assert said.startswith("Expected: sum:price: 4 (run 41 has no such number).\n")


def test_an_empty_file_has_no_newest_day(deliver: Deliver) -> None:
    refusal, _ = refused(
        deliver(
            "", [Rows(at_least=1), Nulls("kind", at_most="0%"), Newest("seen", DAY)]
        )
    )

    assert refusal.splitlines()[1:3] == [
        "  rows: 0, expected at least 1",
        f"  newest:seen: no value, expected {date.today() - DAY} or later",
    ]


def test_the_newest_day_is_not_older_than_said(deliver: Deliver) -> None:
    today, before = date.today(), date.today() - 2 * DAY
    rows = f"1,1,,{before}\n2,1,,\n"

    run(deliver(f"{rows}3,1,,{today}\n", [Newest("seen", DAY)]))
    refusal, _ = refused(deliver(rows, [Newest("seen", DAY)]))

    assert f"newest:seen: {before}, expected {today - DAY} or later" in refusal


def test_rows_that_are_rejected_count_as_rows_and_not_in_columns(
    deliver: Deliver, tmp_path: Path
) -> None:
    rows = "1,1.50,a,\n2,two,,\n3,,,\n4,4,a,\n"
    expectations = [
        Rows(at_least=4, at_most=4),
        Nulls("kind", at_most=0),
        Sum("price", at_least=Decimal("5.5"), at_most=5.5),
        Distinct("kind", at_least="50%", at_most="50%"),
        Rejected(at_most="25%"),
    ]

    refusal, _ = refused(deliver(rows, expectations), "--on-error", "skip")

    assert refusal.splitlines()[0] == "2 problems in 2 rows:"
    assert refusal.splitlines()[-6:] == [
        "docs/codes.md says what each code in brackets means.",
        "The file as a whole is not as get_expectations says [implausible]:",
        "  rejected: 2, expected at most 1 (25% of 4 rows)",
        "    Find out whether the file is complete, and the right one.",
        "    If it is right all the same, import it with --accept rejected.",
        "Nothing was written.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["goods.csv"]
    assert not Product.objects.exists()


def test_missing_rows_are_judged_before_anybody_is_asked_to_delete_them(
    deliver: Deliver,
) -> None:
    for sku in "123456789":
        Product.objects.create(sku=sku)
    command = deliver(TWO, [Missing(at_most="50%")])
    flags = ("--mode", "sync", "--delete", "--max-delete", "100%")

    refusal, _ = refused(command, *flags)

    assert "  missing: 7, expected at most 4 (50% of 9 rows of the table)\n" in refusal
    assert Product.objects.count() == 9
    run(command, *flags, "--accept", "missing", "--yes")
    assert Product.objects.count() == 2
    assert "missing: known with --mode sync only" in run(command, "-v2")


def test_a_deletion_that_nothing_guards_is_told(deliver: Deliver) -> None:
    remark = (
        "Only --max-delete 10% guards against a file that lacks rows. Say in "
        'get_expectations what each file should have, such as [Rows(change="20%")]. See '
        "docs/importing.md#is-the-file-plausible.\n"
    )
    for number in range(20):
        Product.objects.create(sku=number)
    rows = "".join(f"{number},0,,\n" for number in range(19))
    flags = ("--mode", "sync", "--delete", "--dry_run")

    assert run(deliver(rows, ()), *flags).startswith(remark)
    assert remark not in run(deliver(rows, ()), *flags, "--max-delete", "1")
    assert remark not in run(deliver(rows, [Rows(at_least=1)]), *flags)
    assert remark not in run(deliver(rows + "19,0,,\n", ()), *flags)


def test_models_are_counted_together_or_by_themselves(deliver: Deliver) -> None:
    rows = "1,1,a,\n2,1,b,\n3,1,a,\n"
    expectations = [New(at_most=4), New(model=Store, at_most="50%"), Rows(at_most=3)]

    refusal, _ = refused(deliver(rows, expectations, stores_too))

    assert refusal.splitlines()[1:3] == [
        "  new: 5, expected at most 4",
        "  new:shop.Store: 2, expected at most 1 (50% of 2 rows)",
    ]


def test_a_source_that_is_read_at_once_is_judged_alike(deliver: Deliver) -> None:
    expectations = [
        Rows(at_least=3),
        Nulls("kind", at_most=0),
        Distinct("kind", at_least=2),
        Sum("price", at_most=3),
    ]

    lazy, _ = refused(deliver(TWO, expectations))
    eager, _ = refused(deliver(TWO, expectations, lazy=False))

    assert eager == lazy
    assert lazy.splitlines()[1:5] == [
        "  rows: 2, expected at least 3",
        "  nulls:kind: 1, expected at most 0",
        "  distinct:kind: 1, expected at least 2",
        "  sum:price: 4, expected at most 3",
    ]


def test_instances_are_judged_alike(deliver: Deliver) -> None:
    def instances(df: Any) -> Any:
        rows = df.collect().iter_rows(named=True)
        return {Product: (Product(sku=r["sku"], price=r["price"]) for r in rows)}

    refusal, _ = refused(deliver(TWO, [New(at_most=1), Rows(at_most=1)], instances))

    assert refusal.splitlines()[1:3] == [
        "  new: 2, expected at most 1",
        "  rows: 2, expected at most 1",
    ]
    assert not Product.objects.exists()


@pytest.mark.parametrize("suffix", ["parquet", "xlsx"])
def test_files_with_typed_columns_are_judged_alike(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"goods.{suffix}"
    df = pl.DataFrame(
        {
            "sku": ["1", "2"],
            "price": [1.5, 2.5],
            "kind": ["a", None],
            "seen": [DAY_ONE] * 2,
        }
    )
    df.write_parquet(path) if suffix == "parquet" else df.write_excel(path)

    class Goods(Delivery):
        expectations = (
            Newest("seen", DAY),
            Nulls("kind", at_most=0),
            Sum("price", at_most=3),
        )

        def handle_import(self) -> Any:
            return scan_source(path)

    command = Goods(products_of, {Product: ("sku",)}, rules=DeliveryCleaningDF)
    refusal, _ = refused(command)

    assert refusal.splitlines()[1:4] == [
        f"  newest:seen: 2026-01-01, expected {date.today() - DAY} or later",
        "  nulls:kind: 1, expected at most 0",
        "  sum:price: 4, expected at most 3",
    ]


def test_expectations_read_nothing_twice_and_ask_the_database_nothing(
    deliver: Deliver, after: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[str] = []
    source_batches = vars(CleanStream)["_source_batches"]

    def counted(stream: CleanStream) -> Any:
        passes.append("read")
        return source_batches(stream)

    monkeypatch.setattr(CleanStream, "_source_batches", counted)
    asked = after({"rows": 2, "sum:price": "4.00"})
    fixed = [Rows(at_least=1), New(at_most=2), Distinct("kind", at_least=1)]
    compared = [Sum("price", change="1%"), Nulls("kind", change="10%")]

    def work(expectations: Any) -> tuple[int, int]:
        passes.clear()
        with statements() as counted:
            run(deliver(TWO, expectations), "--dry_run")
        return len(counted.seen), len(passes)

    alone = work(())

    assert work(fixed) == alone
    assert asked == []
    assert work([*fixed, *compared]) == alone
    assert asked == ["asked"]
    assert alone[1] == 1


def test_a_file_like_the_last_one_is_imported(deliver: Deliver, after: Any) -> None:
    expectations = [
        Rows(change="20%"),
        New(change="0%"),
        Changed(change=0),
        Nulls("kind", change="0%"),
        Distinct("kind", change="0%"),
        Sum("price", change="0%"),
        Newest("seen", OLD),
    ]
    first = deliver(TWO, expectations)
    run(first)
    assert first.outcome is not None
    assert first.outcome.numbers == {
        "rows": 2,
        "rejected": 0,
        "new": 2,
        "changed": 0,
        "nulls:kind": 1,
        "distinct:kind": 1,
        "sum:price": "4.00",
        "newest:seen": "2026-01-02",
    }
    Product.objects.all().delete()
    after(json.loads(json.dumps(first.outcome.numbers)))

    run(deliver(TWO, expectations))
    refusal, _ = refused(deliver(TWO.replace("2.50", "2.51"), expectations))

    assert refusal.splitlines()[1:5] == [
        "  new: 0, expected 2 (run 41 had 2)",
        "  changed: 1, expected 0 (run 41 had 0)",
        "  sum:price: 4.01, expected 4 (run 41 had 4)",
        "    Find out whether the file is complete, and the right one.",
    ]


def test_an_error_of_the_ledger_leaves_nothing_to_compare_with(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Watcher):
        def last_run(self) -> LastRun:
            raise OSError("gone")

    watchers = "importkit.import_data.command.watchers_of_apps"
    monkeypatch.setattr(watchers, lambda: [Broken])
    command = deliver(TWO, [Rows(change="20%")])
    said = StringIO()

    call_command(command, stderr=said, verbosity=0)

    assert said.getvalue() == (
        "Broken cannot follow this import any more (OSError: gone). The import goes on.\n"
    )
    assert Product.objects.count() == 2


ROW = st.tuples(
    st.sampled_from(["1", "2", "3", "4", ""]),
    st.sampled_from(["1.50", "2", "0.01", "-3.25", "", "many"]),
    st.sampled_from(["a", "b", "n/a", ""]),
    st.sampled_from(["2026-01-01", "2025-12-31", ""]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    # A line of separators alone is no row.
    rows=st.lists(ROW.filter(any), max_size=8),
    stored=st.sets(st.sampled_from("1234")),
    is_lazy=st.booleans(),
)
def test_the_numbers_of_a_run_are_those_of_a_naive_recomputation(
    deliver: Deliver, rows: list[tuple[str, ...]], stored: set[str], is_lazy: bool
) -> None:
    expectations = [
        Rows(at_least=0),
        Nulls("kind", at_least=0),
        Distinct("kind", at_least=0),
        Sum("price", at_least=-100),
        New(at_least=0),
        Changed(at_least=0),
        Missing(at_least=0),
        Rejected(at_least=0),
    ]
    # Rows that repeat a key are a test of their own; here the first one stands.
    first = {row[0]: row for row in reversed(rows)}
    rows = [row for row in rows if not row[0] or first[row[0]] is row]
    good = [row for row in rows if row[0] and row[1] not in {"", "many"}]
    empty = [row for row in rows if {*row} <= {"", "n/a"}]  # These are left out.
    prices = {row[0]: Decimal(row[1]) for row in good}
    kinds = [row[2] for row in good if row[2] not in {"n/a", ""}]
    days = [row[3] for row in good if row[3]]
    text = "".join(",".join(row) + "\n" for row in rows)

    with transaction.atomic():
        for sku in stored:
            Product.objects.create(sku=sku, price=2)
        command = deliver(
            text, [*expectations, Newest("seen", OLD)] if days else expectations,
            lazy=is_lazy,
        )  # fmt: skip
        outcome = run_import(command, on_error="skip", mode="sync", yes=True)
        transaction.set_rollback(True)

    newest = {"newest:seen": max(days)} if days else {}
    assert {**outcome.numbers, "sum:price": None} == {
        "rows": len(rows),
        "rejected": len(rows) - len(good) - len(empty),
        "nulls:kind": len(good) - len(kinds),
        "distinct:kind": len(set(kinds)),
        "sum:price": None,
        "new": len(prices.keys() - stored),
        "changed": sum(prices[sku] != 2 for sku in prices.keys() & stored),
        "missing": len(stored - prices.keys()),
        **newest,
    }
    assert Decimal(outcome.numbers["sum:price"]) == sum(prices.values())
