"""Clean rates: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class RateCleaningDF(CleaningDF):
    """The rules for rates: a CSV file.

    It has 4 columns and the natural key day and currency.
    """

    DAY_COL = "day"
    CURRENCY_COL = "currency"
    RATE_COL = "rate"
    NOTE_COL = "note"

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.DAY_COL: pl.Date,
            cls.CURRENCY_COL: pl.String,
            cls.RATE_COL: pl.Decimal(12, 6),
            cls.NOTE_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return (cls.DAY_COL, cls.CURRENCY_COL, cls.RATE_COL)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.NOTE_COL: "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return ((cls.DAY_COL, cls.CURRENCY_COL),)
