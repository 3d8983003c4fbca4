"""Clean measurements: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class MeasurementCleaningDF(CleaningDF):
    """The rules for measurements: a CSV file.

    It has 7 columns and the natural key source_id.
    """

    VALUE_COL = "value"
    VALUE_2_COL = "value_2"
    COLUMN_3_COL = "column_3"
    UNIT_COL = "unit"
    CLASS_VALUE_COL = "class_value"
    SOURCE_ID_COL = "source_id"
    UNIT_2_COL = "unit_2"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "class": cls.CLASS_VALUE_COL,
            "id": cls.SOURCE_ID_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.VALUE_COL: pl.Decimal(12, 3),
            cls.VALUE_2_COL: pl.Int32,
            cls.COLUMN_3_COL: pl.String,
            cls.UNIT_COL: pl.String,
            cls.CLASS_VALUE_COL: pl.String,
            cls.SOURCE_ID_COL: pl.Int64,
            cls.UNIT_2_COL: pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return (
            cls.VALUE_COL,
            cls.VALUE_2_COL,
            cls.UNIT_COL,
            cls.SOURCE_ID_COL,
            cls.UNIT_2_COL,
        )

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.COLUMN_3_COL: "",
            cls.CLASS_VALUE_COL: "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: source_id never repeats in the 4 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return ((cls.SOURCE_ID_COL,),)
