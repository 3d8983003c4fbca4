"""Clean towns: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class TownCleaningDF(CleaningDF):
    """The rules for towns: a CSV file with semicolons in cp1251.

    It has 3 columns, and no natural key: each import adds all of its rows.
    """

    GOROD_COL = "gorod"
    NASELENIE_COL = "naselenie"
    OBLAST_COL = "oblast"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Город": cls.GOROD_COL,
            "Население": cls.NASELENIE_COL,
            "Область": cls.OBLAST_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.GOROD_COL: pl.String,
            cls.NASELENIE_COL: pl.Int32,
            cls.OBLAST_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.GOROD_COL, cls.NASELENIE_COL, cls.OBLAST_COL)
