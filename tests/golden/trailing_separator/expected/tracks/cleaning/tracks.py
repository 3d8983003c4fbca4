"""Clean tracks: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class TrackCleaningDF(CleaningDF):
    """The rules for tracks: a CSV file with semicolons.

    It has 4 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "time": pl.Decimal(12, 2),
            "x": pl.Decimal(12, 2),
            "y": pl.Decimal(12, 2),
            "column_4": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("time", "x", "y")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "column_4": "",
        }
