"""What is expected of a file is compared with the last run on record that was done."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from importkit.import_data import Rows, Sum
from importruns.models import ImportRun, Status
from tests.importkit.import_data.goods import goods
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("on_record"),
]

HEADER = "sku,price,store\n"
THREE = f"{HEADER}1,1.50,\n2,2,\n3,3,\n"
ONE = f"{HEADER}1,1.50,\n"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Return an import of three rows that expects as many of the next file."""
    (tmp_path / "goods.csv").write_text(THREE)
    command = goods(tmp_path / "goods.csv")
    expectations = [Rows(change="20%"), Sum("price", change="20%")]
    monkeypatch.setattr(command, "get_expectations", lambda: expectations)
    return command


def last() -> ImportRun:
    return ImportRun.objects.latest("pk")


def test_a_file_is_compared_with_the_last_one_that_was_imported(
    command: Import, tmp_path: Path
) -> None:
    run(command)
    done = last()
    assert done.counts["numbers"] == {
        "rows": 3,
        "rejected": 0,
        "new": 3,
        "changed": 0,
        "sum:price": "6.50",
    }

    (tmp_path / "goods.csv").write_text(ONE)
    for _ in range(2):  # A run that was refused is not one to compare with.
        with pytest.raises(CommandError) as error:
            run(command)

        assert str(error.value).splitlines()[1:3] == [
            f"  rows: 1, expected 2 to 4 ({done} had 3)",
            f"  sum:price: 1.5, expected 5.2 to 7.8 ({done} had 6.5)",
        ]
        assert (last().status, last().exit_code) == (Status.REJECTED, 1)
        assert last().error == str(error.value)
        assert [cause["code"] for cause in last().causes] == ["implausible"] * 2
        shown = StringIO()
        call_command("imports", str(last().pk), stdout=shown)
        line = f"rows: 1, expected 2 to 4 ({done} had 3) [implausible]\n"
        assert line in shown.getvalue()
        assert Product.objects.count() == 3


def test_what_was_accepted_is_what_the_next_file_is_compared_with(
    command: Import, tmp_path: Path
) -> None:
    run(command)
    (tmp_path / "goods.csv").write_text(ONE)

    run(command, "--accept", "rows", "--accept", "sum:price")
    accepted = last()
    assert accepted.counts["warnings"][0].startswith(
        "Accepted: rows: 1, expected 2 to 4"
    )

    (tmp_path / "goods.csv").write_text(f"{HEADER}1,1.60,\n")
    assert f"Expected: rows: 1, expected 1 ({accepted} had 1).\n" in run(command, "-v2")


def test_a_dry_run_is_nothing_to_compare_with(command: Import) -> None:
    assert "(no earlier run is on record)" in run(command, "--dry_run", "-v2")
    assert "(no earlier run is on record)" in run(command, "-v2")


def test_without_the_ledger_there_is_nothing_to_compare_with(command: Import) -> None:
    run(command)

    assert "(no earlier run is on record)" in run(command, "--no-ledger", "-v2")
