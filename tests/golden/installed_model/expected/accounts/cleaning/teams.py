"""Clean teams: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class GroupCleaningDF(CleaningDF):
    """The rules for files of teams."""

    NAME_COL = "name"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Name": cls.NAME_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.NAME_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return (cls.NAME_COL,)

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return ((cls.NAME_COL,),)
