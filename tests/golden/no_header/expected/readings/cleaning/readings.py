"""Clean readings: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ReadingCleaningDF(CleaningDF):
    """The rules for readings: a CSV file with tabs without a header.

    It has 4 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "column_1": pl.Int32,
            "column_2": pl.Time,
            "column_3": pl.Float64,
            "column_4": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("column_1", "column_2", "column_3", "column_4")
