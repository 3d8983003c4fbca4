"""Clean parts: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class PartCleaningDF(CleaningDF):
    """The rules for parts: a CSV file with tabs in utf-16.

    It has 3 columns, and no natural key: each import adds all of its rows.
    """

    PART_COL = "part"
    PRICE_COL = "price"
    MAKER_COL = "maker"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Part": cls.PART_COL,
            "Price": cls.PRICE_COL,
            "Maker": cls.MAKER_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.PART_COL: pl.String,
            cls.PRICE_COL: pl.Decimal(12, 2),
            cls.MAKER_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.PART_COL, cls.PRICE_COL, cls.MAKER_COL)
