"""Clean tickets: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import (
    CleaningDF,
    DType,
    Parser,
    date,
    duration,
    epoch,
    number,
    time,
    unwrapped,
)


class TicketCleaningDF(CleaningDF):
    """The rules for tickets: a CSV file.

    It has 16 columns, and no natural key: each import adds all of its rows.
    """

    TICKET_COL = "ticket"
    ACCOUNT_COL = "account"
    CONTACT_COL = "contact"
    PAGE_COL = "page"
    HOST_COL = "host"
    DETAILS_COL = "details"
    PAID_COL = "paid"
    SHARE_COL = "share"
    CHANGE_COL = "change"
    BOOKED_COL = "booked"
    DUE_COL = "due"
    OPENING_DATE_COL = "opening_date"
    UNIX_TIME_COL = "unix_time"
    STAY_COL = "stay"
    DOORS_COL = "doors"
    ARTICLE_COL = "article"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Ticket": cls.TICKET_COL,
            "Account": cls.ACCOUNT_COL,
            "Contact": cls.CONTACT_COL,
            "Page": cls.PAGE_COL,
            "Host": cls.HOST_COL,
            "Details": cls.DETAILS_COL,
            "Paid": cls.PAID_COL,
            "Share": cls.SHARE_COL,
            "Change": cls.CHANGE_COL,
            "Booked": cls.BOOKED_COL,
            "Due": cls.DUE_COL,
            "Opening date": cls.OPENING_DATE_COL,
            "Unix time": cls.UNIX_TIME_COL,
            "Stay": cls.STAY_COL,
            "Doors": cls.DOORS_COL,
            "Article": cls.ARTICLE_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.TICKET_COL: pl.String,
            cls.ACCOUNT_COL: pl.Int32,
            cls.CONTACT_COL: pl.String,
            cls.PAGE_COL: pl.String,
            cls.HOST_COL: pl.String,
            cls.DETAILS_COL: pl.String,
            cls.PAID_COL: pl.Decimal(12, 2),
            cls.SHARE_COL: pl.Decimal(12, 2),
            cls.CHANGE_COL: pl.Decimal(12, 2),
            cls.BOOKED_COL: pl.Date,
            cls.DUE_COL: pl.Date,
            cls.OPENING_DATE_COL: pl.Date,
            cls.UNIX_TIME_COL: pl.Datetime("us", "UTC"),
            cls.STAY_COL: pl.Duration("us"),
            cls.DOORS_COL: pl.Time,
            cls.ARTICLE_COL: pl.String,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {
            cls.PAID_COL: number(thousands=",", currency=("$",)),
            # Guess: 12% is read as 12, not as 0.12.
            cls.SHARE_COL: number(percent=True),
            cls.CHANGE_COL: number(negative="()"),
            # Guess: years from 69 to 99 are 1969 to 1999, those below are after 2000.
            cls.BOOKED_COL: date("%d-%b-%y"),
            # Guess: years from 69 to 99 are 1969 to 1999, those below are after 2000.
            cls.DUE_COL: date("%d.%m.%y"),
            # Guess: these numbers are days.
            cls.OPENING_DATE_COL: date("%Y%m%d"),
            # Guess: these numbers count time since 1970, in UTC.
            cls.UNIX_TIME_COL: epoch("s"),
            cls.STAY_COL: duration(),
            cls.DOORS_COL: time("%I:%M %p"),
            cls.ARTICLE_COL: unwrapped(),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return (
            cls.TICKET_COL,
            cls.ACCOUNT_COL,
            cls.PAID_COL,
            cls.CHANGE_COL,
            cls.BOOKED_COL,
            cls.ARTICLE_COL,
        )

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.CONTACT_COL: "",
            cls.PAGE_COL: "",
        }
