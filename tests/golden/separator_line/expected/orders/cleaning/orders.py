"""Clean orders: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType, Parser, number


class OrderCleaningDF(CleaningDF):
    """The rules for orders: a CSV file with semicolons.

    It has 3 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Order": "order",
            "Net": "net",
            "Country": "country",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "order": pl.String,
            "net": pl.Decimal(12, 2),
            "country": pl.String,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {
            "net": number(decimal=","),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return ("order", "net", "country")
