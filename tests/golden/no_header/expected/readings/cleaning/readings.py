"""Clean readings: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ReadingCleaningDF(CleaningDF):
    """The rules for readings: a CSV file with tabs without a header.

    It has 4 columns, and no natural key: each import adds all of its rows.
    """

    COLUMN_1_COL = "column_1"
    COLUMN_2_COL = "column_2"
    COLUMN_3_COL = "column_3"
    COLUMN_4_COL = "column_4"

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.COLUMN_1_COL: pl.Int32,
            cls.COLUMN_2_COL: pl.Time,
            cls.COLUMN_3_COL: pl.Float64,
            cls.COLUMN_4_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.COLUMN_1_COL, cls.COLUMN_2_COL, cls.COLUMN_3_COL, cls.COLUMN_4_COL)
