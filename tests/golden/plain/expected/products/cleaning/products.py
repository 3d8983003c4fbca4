"""Clean products: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ProductCleaningDF(CleaningDF):
    """The rules for products: a CSV file.

    It has 6 columns and the natural key sku.
    """

    SKU_COL = "sku"
    NAME_COL = "name"
    PRICE_COL = "price"
    QUANTITY_COL = "quantity"
    ACTIVE_COL = "active"
    CREATED_COL = "created"

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.SKU_COL: pl.String,
            cls.NAME_COL: pl.String,
            cls.PRICE_COL: pl.Decimal(12, 2),
            cls.QUANTITY_COL: pl.Int32,
            cls.ACTIVE_COL: pl.Boolean,
            cls.CREATED_COL: pl.Date,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 8 sample rows. A row that lacks one is refused.
        return (
            cls.SKU_COL,
            cls.NAME_COL,
            cls.PRICE_COL,
            cls.QUANTITY_COL,
            cls.ACTIVE_COL,
        )

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: sku never repeats in the 8 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return ((cls.SKU_COL,),)
