"""Clean customers: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class CustomerCleaningDF(CleaningDF):
    """The rules for customers: a CSV file.

    It has 6 columns and the natural key e_mail.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "E-mail": "e_mail",
            "Full name": "full_name",
            "Signed up": "signed_up",
            "Last seen": "last_seen",
            "Newsletter": "newsletter",
            "Access token": "access_token",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "e_mail": pl.String,
            "full_name": pl.String,
            "signed_up": pl.Datetime("us", "UTC"),
            "last_seen": pl.Time,
            "newsletter": pl.Boolean,
            "access_token": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return ("e_mail", "full_name", "signed_up", "newsletter")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "access_token": "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("e_mail",),)

    @classmethod
    def get_personal_cols(cls) -> tuple[str, ...]:
        return ("access_token",)
