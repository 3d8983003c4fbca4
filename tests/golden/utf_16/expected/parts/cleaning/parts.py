"""Clean parts: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class PartCleaningDF(CleaningDF):
    """The rules for parts: a CSV file with tabs in utf-16.

    It has 3 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Part": "part",
            "Price": "price",
            "Maker": "maker",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "part": pl.String,
            "price": pl.Decimal(12, 2),
            "maker": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("part", "price", "maker")
