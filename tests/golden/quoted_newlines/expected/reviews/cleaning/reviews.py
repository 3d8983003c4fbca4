"""Clean reviews: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class OpinionCleaningDF(CleaningDF):
    """The rules for reviews: a CSV file.

    It has 4 columns and the natural key review_id.
    """

    REVIEW_ID_COL = "review_id"
    TEXT_COL = "text"
    STARS_COL = "stars"
    WRITTEN_COL = "written"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "review id": cls.REVIEW_ID_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.REVIEW_ID_COL: pl.Int64,
            cls.TEXT_COL: pl.String,
            cls.STARS_COL: pl.Int32,
            # Guess: times without an offset are local times of this zone.
            cls.WRITTEN_COL: pl.Datetime("us", "UTC"),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return (cls.REVIEW_ID_COL, cls.STARS_COL, cls.WRITTEN_COL)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.TEXT_COL: "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: review_id never repeats in the 4 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return ((cls.REVIEW_ID_COL,),)
