"""Clean tracks: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class TrackCleaningDF(CleaningDF):
    """The rules for tracks: a CSV file with semicolons.

    It has 4 columns, and no natural key: each import adds all of its rows.
    """

    TIME_COL = "time"
    X_COL = "x"
    Y_COL = "y"
    COLUMN_4_COL = "column_4"

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.TIME_COL: pl.Decimal(12, 2),
            cls.X_COL: pl.Decimal(12, 2),
            cls.Y_COL: pl.Decimal(12, 2),
            cls.COLUMN_4_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.TIME_COL, cls.X_COL, cls.Y_COL)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.COLUMN_4_COL: "",
        }
