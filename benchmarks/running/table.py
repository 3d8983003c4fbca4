"""The table that everything is imported into, as startimport makes it."""

TABLE = "products_product"
COLUMNS = (
    "sku",
    "name",
    "category",
    "price",
    "stock",
    "weight",
    "active",
    "since",
    "updated_at",
    "note",
)
