"""Clean suppliers: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class SupplierCleaningDF(CleaningDF):
    """The rules for suppliers: a CSV file.

    It has 4 columns, and no natural key: each import adds all of its rows.
    """

    NAME_COL = "name"
    COUNTRY_COL = "country"
    SINCE_COL = "since"
    RATING_COL = "rating"

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.NAME_COL: pl.String,
            cls.COUNTRY_COL: pl.String,
            cls.SINCE_COL: pl.Date,
            cls.RATING_COL: pl.Decimal(12, 2),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.NAME_COL, cls.COUNTRY_COL, cls.SINCE_COL, cls.RATING_COL)
