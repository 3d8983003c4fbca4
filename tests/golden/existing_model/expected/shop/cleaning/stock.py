"""Clean stock: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ArticleCleaningDF(CleaningDF):
    """The rules for stock: a CSV file.

    It has 9 columns, of which 8 are imported, and the natural key number.
    """

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Article number": "number",
            "Store": "store_id",
            "Price": "price",
            "Status": "status",
            "Web page": "web_page",
            "In stock": "in_stock",
            "Batch": "batch",
            "Owner": "owner_id",
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "number": pl.String,
            "store_id": pl.Int64,
            "price": pl.Decimal(8, 2),
            "status": pl.String,
            "web_page": pl.String,
            "in_stock": pl.Int32,
            "batch": pl.String,
            "owner_id": pl.Int32,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("number", "store_id", "price", "status")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            "web_page": "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("number",), ("store_id", "number"))
