"""Clean oddities: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class OddityCleaningDF(CleaningDF):
    """The rules for oddities: a CSV file.

    It has 12 columns, and no natural key: each import adds all of its rows.
    """

    SHE_SAID_HI_COL = "she_said_hi"
    TWO_LINES_COL = "two_lines"
    IMPORT_OS_COL = "import_os"
    CLASS_VALUE_COL = "class_value"
    PADDED_COL = "padded"
    GNP_EXE_COL = "gnp_exe"
    EMOJI_COL = "emoji"
    BEI_JING_COL = "bei_jing"
    DEF_INIT_SELF_COL = "def_init_self"
    S_X_Y_COL = "s_x_y"
    BACK_SLASH_COL = "back_slash"
    SINGLE_COL = "single"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            'She said "hi"': cls.SHE_SAID_HI_COL,
            "two\nlines": cls.TWO_LINES_COL,
            '"); import os': cls.IMPORT_OS_COL,
            "class": cls.CLASS_VALUE_COL,
            "\u202egnp.exe": cls.GNP_EXE_COL,
            "emoji 😀": cls.EMOJI_COL,
            "北京": cls.BEI_JING_COL,
            "def __init__(self):": cls.DEF_INIT_SELF_COL,
            "%s {{ x }} {% y %}": cls.S_X_Y_COL,
            "back\\slash": cls.BACK_SLASH_COL,
            "'single'": cls.SINGLE_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.SHE_SAID_HI_COL: pl.String,
            cls.TWO_LINES_COL: pl.String,
            cls.IMPORT_OS_COL: pl.String,
            cls.CLASS_VALUE_COL: pl.String,
            cls.PADDED_COL: pl.String,
            cls.GNP_EXE_COL: pl.String,
            cls.EMOJI_COL: pl.String,
            cls.BEI_JING_COL: pl.String,
            cls.DEF_INIT_SELF_COL: pl.String,
            cls.S_X_Y_COL: pl.String,
            cls.BACK_SLASH_COL: pl.String,
            cls.SINGLE_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 2 sample rows. A row that lacks one is refused.
        return (
            cls.SHE_SAID_HI_COL,
            cls.TWO_LINES_COL,
            cls.IMPORT_OS_COL,
            cls.CLASS_VALUE_COL,
            cls.PADDED_COL,
            cls.GNP_EXE_COL,
            cls.EMOJI_COL,
            cls.BEI_JING_COL,
            cls.DEF_INIT_SELF_COL,
            cls.S_X_Y_COL,
            cls.BACK_SLASH_COL,
            cls.SINGLE_COL,
        )
