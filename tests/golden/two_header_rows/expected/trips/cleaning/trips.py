"""Clean trips: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class TripCleaningDF(CleaningDF):
    """The rules for trips: a CSV file.

    It has 5 columns, and no natural key: each import adds all of its rows.
    """

    DAY_COL = "day"
    PURPOSE_COL = "purpose"
    TRAVEL_RAIL_COL = "travel_rail"
    TRAVEL_AIR_COL = "travel_air"
    TOTAL_COL = "total"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Day": cls.DAY_COL,
            "Purpose": cls.PURPOSE_COL,
            "Travel Rail": cls.TRAVEL_RAIL_COL,
            "Travel Air": cls.TRAVEL_AIR_COL,
            "Total": cls.TOTAL_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.DAY_COL: pl.Date,
            cls.PURPOSE_COL: pl.String,
            cls.TRAVEL_RAIL_COL: pl.Decimal(12, 2),
            cls.TRAVEL_AIR_COL: pl.Decimal(12, 2),
            cls.TOTAL_COL: pl.Decimal(12, 2),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.DAY_COL, cls.PURPOSE_COL, cls.TOTAL_COL)
