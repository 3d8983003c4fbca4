"""Clean contacts: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ContactCleaningDF(CleaningDF):
    """The rules for contacts: a CSV file.

    It has 5 columns and the natural key customer_no.
    """

    CUSTOMER_NO_COL = "customer_no"
    PHONE_COL = "phone"
    ZIP_COL = "zip"
    ACCOUNT_COL = "account"
    VISITS_COL = "visits"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Customer no.": cls.CUSTOMER_NO_COL,
            "Phone": cls.PHONE_COL,
            "ZIP": cls.ZIP_COL,
            "Account": cls.ACCOUNT_COL,
            "Visits": cls.VISITS_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.CUSTOMER_NO_COL: pl.String,
            cls.PHONE_COL: pl.String,
            cls.ZIP_COL: pl.String,
            cls.ACCOUNT_COL: pl.String,
            cls.VISITS_COL: pl.Int32,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return (cls.CUSTOMER_NO_COL, cls.ZIP_COL, cls.ACCOUNT_COL, cls.VISITS_COL)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.PHONE_COL: "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: customer_no never repeats in the 4 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return ((cls.CUSTOMER_NO_COL,),)
