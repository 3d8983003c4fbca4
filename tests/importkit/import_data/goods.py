"""A file of goods of which some rows have problems, and an import of such files."""

from pathlib import Path
from typing import Any

import polars as pl

from importkit.cleaning import CleaningDF, Contradiction, DType
from importkit.source import Dialect, read_csv, scan_csv
from tests.importkit.shop.imports import Import
from tests.importkit.shop.models import Product

GOODS = """\
sku,price,store

1,1.50,
2,two,
"3
and more",x,Nowhere
4,4,Nowhere
5,5,6,7
this number is much too long,6,
7,7,
"""


class GoodsCleaningDF(CleaningDF):
    """Rules of a file of goods."""

    on_contradiction = Contradiction.KEEP_FIRST

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"sku": pl.String, "price": pl.Decimal(8, 2), "store__name": pl.String}

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {"store": "store__name"}

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("sku",)

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)


def goods(path: Path, dialect: Dialect | None = None, *, lazy: bool = True) -> Import:
    """Return an import of a file of goods, which upserts."""
    read: Any = scan_csv if lazy else read_csv

    class Goods(Import):
        def handle_import(self) -> Any:
            return read(path, dialect or Dialect())

        def get_bulks_by_model(self, df: Any) -> Any:
            return {Product: df}

    return Goods({}, {Product: ("sku",)}, rules=GoodsCleaningDF)


def skus() -> list[str]:
    return sorted(Product.objects.values_list("sku", flat=True))


class Anything(CleaningDF):
    """Two columns of text."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"x": pl.String, "y": pl.String}
