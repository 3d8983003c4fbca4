"""Import products as instances, each made from a row: what the framework also takes."""

from collections.abc import Iterator

import polars as pl
from django.db.models import Model
from products.management.commands import import_products  # type: ignore[import-not-found]
from products.models import Product  # type: ignore[import-not-found]


class Command(import_products.Command):  # type: ignore[misc]
    """Hand the framework instances instead of a frame."""

    def handle_import(self) -> pl.DataFrame:
        return super().handle_import().collect()  # type: ignore[no-any-return]

    def get_bulks_by_model(
        self, df: pl.DataFrame
    ) -> dict[type[Model], Iterator[Model]]:
        return {Product: (Product(**row) for row in df.iter_rows(named=True))}
