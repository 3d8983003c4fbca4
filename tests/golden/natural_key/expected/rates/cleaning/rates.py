"""Clean rates: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class RateCleaningDF(CleaningDF):
    """The rules for rates: a CSV file.

    It has 4 columns and the natural key day and currency.
    """

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "day": pl.Date,
            "currency": pl.String,
            "rate": pl.Decimal(12, 6),
            "note": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return ("day", "currency", "rate")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "note": "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("day", "currency"),)
