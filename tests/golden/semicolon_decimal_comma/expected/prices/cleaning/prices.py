"""Clean prices: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType, Parser, boolean, date, number


class PriceCleaningDF(CleaningDF):
    """The rules for prices: a CSV file with semicolons.

    It has 6 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Artikel": "artikel",
            "Preis": "preis",
            "Menge": "menge",
            "Gültig ab": "gultig_ab",
            "Rabatt": "rabatt",
            "Lieferbar": "lieferbar",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "artikel": pl.String,
            "preis": pl.Decimal(12, 2),
            "menge": pl.Int32,
            "gultig_ab": pl.Date,
            "rabatt": pl.Decimal(12, 2),
            "lieferbar": pl.Boolean,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {
            "preis": number(decimal=",", thousands="."),
            "gultig_ab": date("%d.%m.%Y"),
            "rabatt": number(decimal=","),
            "lieferbar": boolean(true=("ja",), false=("nein",)),
        }

    @classmethod
    def get_null_tokens(cls) -> dict[str, tuple[str, ...]]:
        # Guess: these words stand for an empty cell.
        return {
            "menge": ("k.A.",),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 6 sample rows. A row that lacks one is refused.
        return ("artikel", "preis", "gultig_ab", "lieferbar")
