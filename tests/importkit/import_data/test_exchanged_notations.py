"""Batches add up what they prove about decimal marks; then nothing is written."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError

from importkit.cleaning import number
from importkit.source import Dialect, scan_csv
from tests.importkit.rules import rules
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db

RULES = rules(
    {"sku": pl.String, "price": pl.Decimal(8, 2)},
    rename_map={"article": "sku", "cost": "price"},
    col_parser_map={"price": number(decimal=",", thousands=".")},
)
GOOD = [f"g{n};{n},50" for n in range(40)]
SKIP = ("--on-error", "skip", "--allow-rejects", "50%")


class Goods(Import):
    """An import of a file of articles with their costs."""

    path: Path

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.path, Dialect(";"))


def importing(tmp_path: Path, rows: list[str]) -> Goods:
    command = Goods(lambda df: {Product: df}, {Product: ("sku",)}, rules=RULES)
    command.path = tmp_path / "goods.csv"
    command.path.write_text("\n".join(["article;cost", *rows, ""]))
    return command


@pytest.fixture(params=(20, 8_000_000), autouse=True)
def _slices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", request.param)


@pytest.mark.parametrize("flags", [(), SKIP, ("--dry_run",)])
def test_nothing_is_written_of_a_file_with_other_marks(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    rows = ["a;-1.000", "b;12.50", "c;1,204.75", "d;7"]

    with pytest.raises(CommandError) as error:
        run(importing(tmp_path, rows), *flags)

    assert '"cost" is written with a decimal point' in str(error.value)
    assert '"12.50" in line 3' in str(error.value)
    assert not Product.objects.exists()
    assert not list(tmp_path.glob("*rejects*"))


def test_batches_before_and_behind_speak_for_the_class(tmp_path: Path) -> None:
    odd = ["x;12.50", "y;13.50"]

    run(importing(tmp_path, [*GOOD[:20], *odd, *GOOD[20:]]), *SKIP)

    assert Product.objects.count() == len(GOOD)
    assert Product.objects.get(sku="g7").price == Decimal("7.50")


def test_a_batch_with_other_marks_is_not_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", 8_000_000)
    command = importing(tmp_path, ["a;-1.000", "b;12.50"])

    with pytest.raises(CommandError, match="is written with a decimal point"):
        run(command, "--commit", "batch", "--batch_size", "1", *SKIP)

    assert not Product.objects.exists()
