"""Clean visits: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class VisitCleaningDF(CleaningDF):
    """The rules for visits: a CSV file.

    It has 3 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Day": "day",
            "Visitors": "visitors",
            "Note, if any": "note_if_any",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "day": pl.Date,
            "visitors": pl.Int32,
            "note_if_any": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("day", "visitors")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "note_if_any": "",
        }
