"""Clean stock: what each column is, and what it may hold."""

import polars as pl

from importkit.cleaning import CleaningDF, DType


class ArticleCleaningDF(CleaningDF):
    """The rules for stock: a CSV file.

    It has 9 columns, of which 8 are imported, and the natural key number.
    """

    NUMBER_COL = "number"
    STORE_ID_COL = "store_id"
    PRICE_COL = "price"
    STATUS_COL = "status"
    WEB_PAGE_COL = "web_page"
    IN_STOCK_COL = "in_stock"
    BATCH_COL = "batch"
    OWNER_ID_COL = "owner_id"

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            "Article number": cls.NUMBER_COL,
            "Store": cls.STORE_ID_COL,
            "Price": cls.PRICE_COL,
            "Status": cls.STATUS_COL,
            "Web page": cls.WEB_PAGE_COL,
            "In stock": cls.IN_STOCK_COL,
            "Batch": cls.BATCH_COL,
            "Owner": cls.OWNER_ID_COL,
        }

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            cls.NUMBER_COL: pl.String,
            cls.STORE_ID_COL: pl.Int64,
            cls.PRICE_COL: pl.Decimal(8, 2),
            cls.STATUS_COL: pl.String,
            cls.WEB_PAGE_COL: pl.String,
            cls.IN_STOCK_COL: pl.Int32,
            cls.BATCH_COL: pl.String,
            cls.OWNER_ID_COL: pl.Int32,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return (cls.NUMBER_COL, cls.STORE_ID_COL, cls.PRICE_COL, cls.STATUS_COL)

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {
            cls.WEB_PAGE_COL: "",
        }

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return ((cls.NUMBER_COL,), (cls.STORE_ID_COL, cls.NUMBER_COL))
