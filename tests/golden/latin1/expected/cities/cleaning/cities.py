"""Clean cities: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class CityCleaningDF(CleaningDF):
    """The rules for cities: a CSV file with semicolons in cp1252.

    It has 5 columns and the natural key code_postal.
    """

    VILLE_COL = "ville"
    REGION_COL = "region"
    CODE_POSTAL_COL = "code_postal"
    POPULATION_COL = "population"
    DENSITE_COL = "densite"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Ville": cls.VILLE_COL,
            "Région": cls.REGION_COL,
            "Code postal": cls.CODE_POSTAL_COL,
            "Population": cls.POPULATION_COL,
            "Densité": cls.DENSITE_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.VILLE_COL: pl.String,
            cls.REGION_COL: pl.String,
            cls.CODE_POSTAL_COL: pl.String,
            cls.POPULATION_COL: pl.Int32,
            cls.DENSITE_COL: pl.Decimal(12, 2),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 5 sample rows. A row that lacks one is refused.
        return (
            cls.VILLE_COL,
            cls.REGION_COL,
            cls.CODE_POSTAL_COL,
            cls.POPULATION_COL,
            cls.DENSITE_COL,
        )

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: code_postal never repeats in the 5 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return ((cls.CODE_POSTAL_COL,),)
