"""Clean oddities: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class OddityCleaningDF(CleaningDF):
    """The rules for oddities: a CSV file.

    It has 12 columns, and no natural key: each import adds all of its rows.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            'She said "hi"': "she_said_hi",
            "two\nlines": "two_lines",
            '"); import os': "import_os",
            "class": "class_value",
            "\u202egnp.exe": "gnp_exe",
            "emoji 😀": "emoji",
            "北京": "bei_jing",
            "def __init__(self):": "def_init_self",
            "%s {{ x }} {% y %}": "s_x_y",
            "back\\slash": "back_slash",
            "'single'": "single",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "she_said_hi": pl.String,
            "two_lines": pl.String,
            "import_os": pl.String,
            "class_value": pl.String,
            "padded": pl.String,
            "gnp_exe": pl.String,
            "emoji": pl.String,
            "bei_jing": pl.String,
            "def_init_self": pl.String,
            "s_x_y": pl.String,
            "back_slash": pl.String,
            "single": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 2 sample rows. A row that lacks one is refused.
        return (
            "she_said_hi",
            "two_lines",
            "import_os",
            "class_value",
            "padded",
            "gnp_exe",
            "emoji",
            "bei_jing",
            "def_init_self",
            "s_x_y",
            "back_slash",
            "single",
        )
