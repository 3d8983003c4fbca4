"""Clean visits: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class VisitCleaningDF(CleaningDF):
    """The rules for visits: a CSV file.

    It has 3 columns, and no natural key: each import adds all of its rows.
    """

    DAY_COL = "day"
    VISITORS_COL = "visitors"
    NOTE_IF_ANY_COL = "note_if_any"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Day": cls.DAY_COL,
            "Visitors": cls.VISITORS_COL,
            "Note, if any": cls.NOTE_IF_ANY_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.DAY_COL: pl.Date,
            cls.VISITORS_COL: pl.Int32,
            cls.NOTE_IF_ANY_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.DAY_COL, cls.VISITORS_COL)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.NOTE_IF_ANY_COL: "",
        }
