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

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Ticket": "ticket",
            "Account": "account",
            "Contact": "contact",
            "Page": "page",
            "Host": "host",
            "Details": "details",
            "Paid": "paid",
            "Share": "share",
            "Change": "change",
            "Booked": "booked",
            "Due": "due",
            "Opening date": "opening_date",
            "Unix time": "unix_time",
            "Stay": "stay",
            "Doors": "doors",
            "Article": "article",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "ticket": pl.String,
            "account": pl.Int32,
            "contact": pl.String,
            "page": pl.String,
            "host": pl.String,
            "details": pl.String,
            "paid": pl.Decimal(12, 2),
            "share": pl.Decimal(12, 2),
            "change": pl.Decimal(12, 2),
            "booked": pl.Date,
            "due": pl.Date,
            "opening_date": pl.Date,
            "unix_time": pl.Datetime("us", "UTC"),
            "stay": pl.Duration("us"),
            "doors": pl.Time,
            "article": pl.String,
        }

    @classmethod
    def get_col_parser_map(cls) -> dict[str, Parser]:
        return {
            "paid": number(thousands=",", currency=("$",)),
            # Guess: 12% is read as 12, not as 0.12.
            "share": number(percent=True),
            "change": number(negative="()"),
            # Guess: years from 69 to 99 are 1969 to 1999, those below are after 2000.
            "booked": date("%d-%b-%y"),
            # Guess: years from 69 to 99 are 1969 to 1999, those below are after 2000.
            "due": date("%d.%m.%y"),
            # Guess: these numbers are days.
            "opening_date": date("%Y%m%d"),
            # Guess: these numbers count time since 1970, in UTC.
            "unix_time": epoch("s"),
            "stay": duration(),
            "doors": time("%I:%M %p"),
            "article": unwrapped(),
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return ("ticket", "account", "paid", "change", "booked", "article")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "contact": "",
            "page": "",
        }
