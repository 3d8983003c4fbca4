"""Import orders: ``manage.py import_orders --file orders.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv
from orders.cleaning.orders import OrderCleaningDF
from orders.models import Order

DIALECT = Dialect(separator=";", skip=1)


class Command(ImportDataBaseCommand):
    """Import orders from a CSV file with semicolons."""

    help = "Import orders from a CSV file with semicolons."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"), DIALECT)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return OrderCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Order: df}
