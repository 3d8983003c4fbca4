"""Clean towns: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class TownCleaningDF(CleaningDF):
    """The rules for towns: a CSV file with semicolons in cp1251.

    It has 3 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Город": "gorod",
            "Население": "naselenie",
            "Область": "oblast",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "gorod": pl.String,
            "naselenie": pl.Int32,
            "oblast": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("gorod", "naselenie", "oblast")
