"""Clean products: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ProductCleaningDF(CleaningDF):
    """The rules for products: a CSV file.

    It has 6 columns and the natural key sku.
    """

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "sku": pl.String,
            "name": pl.String,
            "price": pl.Decimal(12, 2),
            "quantity": pl.Int32,
            "active": pl.Boolean,
            "created": pl.Date,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 8 sample rows. A row that lacks one is refused.
        return ("sku", "name", "price", "quantity", "active")

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: sku never repeats in the 8 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return (("sku",),)
