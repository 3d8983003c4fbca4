"""Clean records: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class RecordCleaningDF(CleaningDF):
    """The rules for records: a CSV file.

    It has 6 columns and the natural key number.
    """

    NUMBER_COL = "number"
    AUTHOR_NAME_COL = "author__name"
    FINDER_NAME_COL = "finder__name"
    LABELS_NAME_COL = "labels__name"
    DETAILS_COL = "details"
    ACCESS_TOKEN_COL = "access_token"  # noqa: S105

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Number": cls.NUMBER_COL,
            # Guess: found by its values, not by its name.
            "Author": cls.AUTHOR_NAME_COL,
            # Guess: found by its values, not by its name.
            "Finder": cls.FINDER_NAME_COL,
            # Guess: found by its values, not by its name.
            "Labels": cls.LABELS_NAME_COL,
            "Details": cls.DETAILS_COL,
            "Access token": cls.ACCESS_TOKEN_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.NUMBER_COL: pl.String,
            cls.AUTHOR_NAME_COL: pl.String,
            cls.FINDER_NAME_COL: pl.String,
            cls.LABELS_NAME_COL: pl.String,
            cls.DETAILS_COL: pl.String,
            cls.ACCESS_TOKEN_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return (cls.NUMBER_COL, cls.AUTHOR_NAME_COL)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.ACCESS_TOKEN_COL: "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return ((cls.NUMBER_COL,),)

    @classmethod
    def get_personal_cols(cls) -> tuple[str, ...]:
        return (cls.ACCESS_TOKEN_COL,)
