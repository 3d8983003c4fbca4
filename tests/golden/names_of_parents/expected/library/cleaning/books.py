"""Clean books: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType, Parser, labels


class BookCleaningDF(CleaningDF):
    """The rules for books: a CSV file.

    It has 6 columns and the natural key author and title.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            # Guess: found by its values, not by its name.
            "Author": "author__name",
            "Title": "title",
            "Branch code": "branch__code",
            "Branch town": "branch__town",
            "State": "state",
            "Binding": "binding",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "author__name": pl.String,
            "title": pl.String,
            "branch__code": pl.String,
            "branch__town": pl.String,
            "state": pl.Int32,
            "binding": pl.String,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {
            "state": labels({"New": 1, "Lent out": 2}),
            "binding": labels({"Hardcover": "h", "Softcover": "s"}),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("author__name", "title")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "binding": "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("author__name", "title"),)
