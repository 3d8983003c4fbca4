"""Clean quotes: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class QuoteCleaningDF(CleaningDF):
    """The rules for quotes: a CSV file.

    It has 3 columns and the natural key source_id.
    """

    SOURCE_ID_COL = "source_id"
    QUOTE_COL = "quote"
    BY_COL = "by"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "id": cls.SOURCE_ID_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.SOURCE_ID_COL: pl.Int64,
            cls.QUOTE_COL: pl.String,
            cls.BY_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.SOURCE_ID_COL, cls.QUOTE_COL, cls.BY_COL)

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: source_id never repeats in the 3 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return ((cls.SOURCE_ID_COL,),)
