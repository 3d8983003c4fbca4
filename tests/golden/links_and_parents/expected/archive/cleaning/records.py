"""Clean records: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class RecordCleaningDF(CleaningDF):
    """The rules for records: a CSV file.

    It has 6 columns and the natural key number.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Number": "number",
            # Guess: found by its values, not by its name.
            "Author": "author__name",
            # Guess: found by its values, not by its name.
            "Finder": "finder__name",
            # Guess: found by its values, not by its name.
            "Labels": "labels__name",
            "Details": "details",
            "Access token": "access_token",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "number": pl.String,
            "author__name": pl.String,
            "finder__name": pl.String,
            "labels__name": pl.String,
            "details": pl.String,
            "access_token": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("number", "author__name")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "access_token": "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("number",),)

    @classmethod
    def get_personal_cols(cls) -> tuple[str, ...]:
        return ("access_token",)
