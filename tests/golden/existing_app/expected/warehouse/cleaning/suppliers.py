"""Clean suppliers: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class SupplierCleaningDF(CleaningDF):
    """The rules for suppliers: a CSV file.

    It has 4 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "name": pl.String,
            "country": pl.String,
            "since": pl.Date,
            "rating": pl.Decimal(12, 2),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("name", "country", "since", "rating")
