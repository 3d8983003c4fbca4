"""Clean cities: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class CityCleaningDF(CleaningDF):
    """The rules for cities: a CSV file with semicolons in cp1252.

    It has 5 columns and the natural key code_postal.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Ville": "ville",
            "Région": "region",
            "Code postal": "code_postal",
            "Population": "population",
            "Densité": "densite",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "ville": pl.String,
            "region": pl.String,
            "code_postal": pl.String,
            "population": pl.Int32,
            "densite": pl.Decimal(12, 2),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 5 sample rows. A row that lacks one is refused.
        return ("ville", "region", "code_postal", "population", "densite")

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: code_postal never repeats in the 5 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return (("code_postal",),)
