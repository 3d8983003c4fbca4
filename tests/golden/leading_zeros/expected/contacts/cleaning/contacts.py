"""Clean contacts: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ContactCleaningDF(CleaningDF):
    """The rules for contacts: a CSV file.

    It has 5 columns and the natural key customer_no.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Customer no.": "customer_no",
            "Phone": "phone",
            "ZIP": "zip",
            "Account": "account",
            "Visits": "visits",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "customer_no": pl.String,
            "phone": pl.String,
            "zip": pl.String,
            "account": pl.String,
            "visits": pl.Int32,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return ("customer_no", "zip", "account", "visits")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "phone": "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: customer_no never repeats in the 4 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return (("customer_no",),)
