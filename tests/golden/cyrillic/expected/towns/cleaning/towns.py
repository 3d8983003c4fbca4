"""Clean towns: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class TownCleaningDF(CleaningDF):
    """The rules for files of towns."""

    COLUMN_1_COL = "column_1"
    COLUMN_2_COL = "column_2"
    COLUMN_3_COL = "column_3"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Город": cls.COLUMN_1_COL,
            "Население": cls.COLUMN_2_COL,
            "Область": cls.COLUMN_3_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.COLUMN_1_COL: pl.String,
            cls.COLUMN_2_COL: pl.Int32,
            cls.COLUMN_3_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.COLUMN_1_COL, cls.COLUMN_2_COL, cls.COLUMN_3_COL)
