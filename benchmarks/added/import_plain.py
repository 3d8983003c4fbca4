"""Import products with Django alone, from the same clean frame: the bar for instances."""

from collections.abc import Sequence

import polars as pl
from django.db.models import Model
from products.management.commands import import_products  # type: ignore[import-not-found]
from products.models import Product  # type: ignore[import-not-found]


class Command(import_products.Command):  # type: ignore[misc]
    """Create the rows here and leave nothing to the framework."""

    def handle_import(self) -> pl.DataFrame:
        return super().handle_import().collect()  # type: ignore[no-any-return]

    def get_bulks_by_model(
        self, df: pl.DataFrame
    ) -> dict[type[Model], Sequence[Model]]:
        instances = [Product(**row) for row in df.iter_rows(named=True)]
        Product.objects.bulk_create(instances, batch_size=1000)
        return {Product: ()}
