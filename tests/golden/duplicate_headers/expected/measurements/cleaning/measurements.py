"""Clean measurements: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class MeasurementCleaningDF(CleaningDF):
    """The rules for measurements: a CSV file.

    It has 7 columns and the natural key source_id.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "class": "class_value",
            "id": "source_id",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "value": pl.Decimal(12, 3),
            "value_2": pl.Int32,
            "column_3": pl.String,
            "unit": pl.String,
            "class_value": pl.String,
            "source_id": pl.Int64,
            "unit_2": pl.String,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        # Guess: never empty in the 4 sample rows. A row that lacks one is refused.
        return ("value", "value_2", "unit", "source_id", "unit_2")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "column_3": "",
            "class_value": "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        # Guess: source_id never repeats in the 4 sample rows. Rows that say
        # the same are left out; rows that contradict each other are refused.
        return (("source_id",),)
