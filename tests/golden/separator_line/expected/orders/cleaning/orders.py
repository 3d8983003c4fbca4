"""Clean orders: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType, Parser, number


class OrderCleaningDF(CleaningDF):
    """The rules for orders: a CSV file with semicolons.

    It has 3 columns, and no natural key: each import adds all of its rows.
    """

    ORDER_COL = "order"
    NET_COL = "net"
    COUNTRY_COL = "country"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Order": cls.ORDER_COL,
            "Net": cls.NET_COL,
            "Country": cls.COUNTRY_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.ORDER_COL: pl.String,
            cls.NET_COL: pl.Decimal(12, 2),
            cls.COUNTRY_COL: pl.String,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {
            cls.NET_COL: number(decimal=","),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 3 sample rows. A row that lacks one is refused.
        return (cls.ORDER_COL, cls.NET_COL, cls.COUNTRY_COL)
