"""Import prices: ``manage.py import_prices --file prices.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv
from prices.cleaning.prices import PriceCleaningDF
from prices.models import Price

DIALECT = Dialect(separator=";")


class Command(ImportDataBaseCommand):
    """Import prices from a CSV file with semicolons."""

    help = "Import prices from a CSV file with semicolons."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"), DIALECT)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return PriceCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Price: df}
