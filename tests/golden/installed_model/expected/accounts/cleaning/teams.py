"""Clean teams: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class GroupCleaningDF(CleaningDF):
    """The rules for teams: a CSV file.

    It has 2 columns, of which 1 is imported, and the natural key name.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Name": "name",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "name": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("name",)

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("name",),)
