"""Clean reviews: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class OpinionCleaningDF(CleaningDF):
    """The rules for reviews: a CSV file.

    It has 4 columns and the natural key review_id.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "review id": "review_id",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "review_id": pl.Int64,
            "text": pl.String,
            "stars": pl.Int32,
            # Guess: times without an offset are local times of this zone.
            "written": pl.Datetime("us", "UTC"),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return ("review_id", "stars", "written")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "text": "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: review_id never repeats in the 4 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return (("review_id",),)
