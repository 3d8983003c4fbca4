"""Clean prices: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType, Parser, boolean, date, number


class PriceCleaningDF(CleaningDF):
    """The rules for prices: a CSV file with semicolons.

    It has 6 columns, and no natural key: each import adds all of its rows.
    """

    ARTIKEL_COL = "artikel"
    PREIS_COL = "preis"
    MENGE_COL = "menge"
    GULTIG_AB_COL = "gultig_ab"
    RABATT_COL = "rabatt"
    LIEFERBAR_COL = "lieferbar"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Artikel": cls.ARTIKEL_COL,
            "Preis": cls.PREIS_COL,
            "Menge": cls.MENGE_COL,
            "Gültig ab": cls.GULTIG_AB_COL,
            "Rabatt": cls.RABATT_COL,
            "Lieferbar": cls.LIEFERBAR_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.ARTIKEL_COL: pl.String,
            cls.PREIS_COL: pl.Decimal(12, 2),
            cls.MENGE_COL: pl.Int32,
            cls.GULTIG_AB_COL: pl.Date,
            cls.RABATT_COL: pl.Decimal(12, 2),
            cls.LIEFERBAR_COL: pl.Boolean,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {
            cls.PREIS_COL: number(decimal=",", thousands="."),
            cls.GULTIG_AB_COL: date("%d.%m.%Y"),
            cls.RABATT_COL: number(decimal=","),
            cls.LIEFERBAR_COL: boolean(true=("ja",), false=("nein",)),
        }

    @classmethod
    def get_null_tokens(cls) -> dict[str, tuple[str, ...]]:
        # Guess: these words stand for an empty cell.
        return {
            cls.MENGE_COL: ("k.A.",),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 6 sample rows. A row that lacks one is refused.
        return (cls.ARTIKEL_COL, cls.PREIS_COL, cls.GULTIG_AB_COL, cls.LIEFERBAR_COL)
