"""Clean customers: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class CustomerCleaningDF(CleaningDF):
    """The rules for customers: a CSV file.

    It has 6 columns and the natural key e_mail.
    """

    E_MAIL_COL = "e_mail"
    FULL_NAME_COL = "full_name"
    SIGNED_UP_COL = "signed_up"
    LAST_SEEN_COL = "last_seen"
    NEWSLETTER_COL = "newsletter"
    ACCESS_TOKEN_COL = "access_token"  # noqa: S105

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "E-mail": cls.E_MAIL_COL,
            "Full name": cls.FULL_NAME_COL,
            "Signed up": cls.SIGNED_UP_COL,
            "Last seen": cls.LAST_SEEN_COL,
            "Newsletter": cls.NEWSLETTER_COL,
            "Access token": cls.ACCESS_TOKEN_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.E_MAIL_COL: pl.String,
            cls.FULL_NAME_COL: pl.String,
            cls.SIGNED_UP_COL: pl.Datetime("us", "UTC"),
            cls.LAST_SEEN_COL: pl.Time,
            cls.NEWSLETTER_COL: pl.Boolean,
            cls.ACCESS_TOKEN_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return (
            cls.E_MAIL_COL,
            cls.FULL_NAME_COL,
            cls.SIGNED_UP_COL,
            cls.NEWSLETTER_COL,
        )

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.ACCESS_TOKEN_COL: "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return ((cls.E_MAIL_COL,),)

    @classmethod
    def get_personal_cols(cls) -> tuple[str, ...]:
        return (cls.ACCESS_TOKEN_COL,)
