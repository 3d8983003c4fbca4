"""Clean quotes: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class QuoteCleaningDF(CleaningDF):
    """The rules for quotes: a CSV file.

    It has 3 columns and the natural key source_id.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "id": "source_id",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "source_id": pl.Int64,
            "quote": pl.String,
            "by": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("source_id", "quote", "by")

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: source_id never repeats in the 3 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return (("source_id",),)
