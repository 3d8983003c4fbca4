"""Import products with winidjango: a command and a cleaning class as it documents them."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import Model
from products.models import Product  # type: ignore[import-not-found]
from winidjango.core.commands.import_data import ImportDataBaseCommand
from winiutils.core.data.dataframe.cleaning import CleaningDF

# Classes only: its checks take no Decimal(12, 2) and no time zone.
DTYPES: dict[str, type[pl.DataType]] = {
    "sku": pl.String,
    "name": pl.String,
    "category": pl.String,
    "price": pl.Decimal,
    "stock": pl.Int64,
    "weight": pl.Float64,
    "active": pl.Boolean,
    "since": pl.Date,
    "updated_at": pl.Datetime,
    "note": pl.String,
}
MOMENT = "%Y-%m-%dT%H:%M:%S%z"


class ProductCleaningDF(CleaningDF):
    """Clean the columns of a file of products."""

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {name: name for name in DTYPES}

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, type[pl.DataType]]:
        return DTYPES

    @classmethod
    def get_drop_null_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, Any]:
        return dict.fromkeys(DTYPES, pl.lit(None))

    @classmethod
    def get_sort_cols(cls) -> tuple[tuple[str, bool], ...]:
        return (("sku", False),)

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("sku", "name", "category", "price", "active", "note")

    @classmethod
    def get_col_converter_map(cls) -> dict[str, Callable[[pl.Series], pl.Series]]:
        return dict.fromkeys(DTYPES, cls.skip_col_converter)

    @classmethod
    def get_add_on_duplicate_cols(cls) -> tuple[str, ...]:
        return ()

    @classmethod
    def get_col_precision_map(cls) -> dict[str, int]:
        return {"weight": 7}

    @classmethod
    def round_col(
        cls, col: pl.Series, precision: int | None = None, *, compensate: bool = False
    ) -> pl.Series:
        """Round each value by itself: compensating fails on nulls, and is slower."""
        return super().round_col(col, precision, compensate=compensate)


class Command(ImportDataBaseCommand):
    """Import products from a CSV file."""

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True)

    def handle_import(self) -> pl.DataFrame:
        df = pl.read_csv(
            self.get_option("file"),
            schema_overrides={"price": pl.Decimal(12, 2), "updated_at": pl.String},
            try_parse_dates=True,
        )
        moments = pl.col("updated_at").str.to_datetime(MOMENT)
        return df.with_columns(moments.dt.replace_time_zone(None))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return ProductCleaningDF

    def get_bulks_by_model(
        self, df: pl.DataFrame
    ) -> dict[type[Model], Iterable[Model]]:
        moments = df["updated_at"].dt.replace_time_zone("UTC")
        rows = df.with_columns(moments).iter_rows(named=True)
        return {Product: [Product(**row) for row in rows]}
