"""A file of goods whose import expects something of it, and a last run to compare with."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from importkit.cleaning import CleaningDF, DType, date
from importkit.import_data import Expectation, LastRun, Watcher
from importkit.source import read_csv, scan_csv
from tests.importkit.shop.imports import Import
from tests.importkit.shop.models import Product, Store

type Deliver = Callable[..., Import]


class DeliveryCleaningDF(CleaningDF):
    """Rules of a file of goods with a kind and a day."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "sku": pl.String,
            "price": pl.Decimal(8, 2),
            "kind": pl.String,
            "seen": pl.Date,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Any]:
        return {"seen": date("%Y-%m-%d")}

    @classmethod
    def get_null_tokens(cls) -> dict[str, tuple[str, ...]]:
        return {"kind": ("n/a",)}

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("sku", "price")

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)


def products_of(df: Any) -> Any:
    return {Product: df.drop("kind", "seen")}


def stores_too(df: Any) -> Any:
    stores = df.filter(pl.col("kind").is_not_null()).select(name="kind")
    products = df.select("_line", "sku", "price", store__name="kind")
    return {Store: stores.unique(), Product: products}


class Delivery(Import):
    """An import of goods that expects something of its files."""

    expectations: Any = ()

    def get_expectations(self) -> Any:
        return self.expectations


@pytest.fixture
def deliver(tmp_path: Path) -> Deliver:
    """Return a function that makes an import of rows: ``sku,price,kind,seen``."""

    def deliver(
        rows: str,
        expectations: Sequence[Expectation],
        bulks: Callable[[Any], Any] = products_of,
        *,
        lazy: bool = True,
    ) -> Import:
        path = tmp_path / "goods.csv"
        path.write_text(f"sku,price,kind,seen\n{rows}")
        read: Any = scan_csv if lazy else read_csv

        class Goods(Delivery):
            def handle_import(self) -> Any:
                return read(path)

        keys = {Product: ("sku",), Store: ("name",)}
        command = Goods(bulks, keys, rules=DeliveryCleaningDF)
        command.expectations = expectations
        return command

    return deliver


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, Any]], list[str]]:
    """Return a function that puts a run before those of a test.

    It returns a list that fills with one entry for each time that somebody asks for it.
    """

    def after(numbers: Mapping[str, Any]) -> list[str]:
        asked: list[str] = []

        class Ledger(Watcher):
            def last_run(self) -> LastRun:
                asked.append("asked")
                return LastRun("run 41", numbers)

        watchers = "importkit.import_data.command.watchers_of_apps"
        monkeypatch.setattr(watchers, lambda: [Ledger])
        return asked

    return after
