"""Clean trips: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class TripCleaningDF(CleaningDF):
    """The rules for trips: a CSV file.

    It has 5 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Day": "day",
            "Purpose": "purpose",
            "Travel Rail": "travel_rail",
            "Travel Air": "travel_air",
            "Total": "total",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "day": pl.Date,
            "purpose": pl.String,
            "travel_rail": pl.Decimal(12, 2),
            "travel_air": pl.Decimal(12, 2),
            "total": pl.Decimal(12, 2),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("day", "purpose", "total")
