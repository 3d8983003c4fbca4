"""Clean books: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType, Parser, labels


class BookCleaningDF(CleaningDF):
    """The rules for books: a CSV file.

    It has 6 columns and the natural key author and title.
    """

    AUTHOR_NAME_COL = "author__name"
    TITLE_COL = "title"
    BRANCH_CODE_COL = "branch__code"
    BRANCH_TOWN_COL = "branch__town"
    STATE_COL = "state"
    BINDING_COL = "binding"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            # Guess: found by its values, not by its name.
            "Author": cls.AUTHOR_NAME_COL,
            "Title": cls.TITLE_COL,
            "Branch code": cls.BRANCH_CODE_COL,
            "Branch town": cls.BRANCH_TOWN_COL,
            "State": cls.STATE_COL,
            "Binding": cls.BINDING_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.AUTHOR_NAME_COL: pl.String,
            cls.TITLE_COL: pl.String,
            cls.BRANCH_CODE_COL: pl.String,
            cls.BRANCH_TOWN_COL: pl.String,
            cls.STATE_COL: pl.Int32,
            cls.BINDING_COL: pl.String,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {
            cls.STATE_COL: labels({"New": 1, "Lent out": 2}),
            cls.BINDING_COL: labels({"Hardcover": "h", "Softcover": "s"}),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return (cls.AUTHOR_NAME_COL, cls.TITLE_COL)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.BINDING_COL: "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return ((cls.AUTHOR_NAME_COL, cls.TITLE_COL),)
