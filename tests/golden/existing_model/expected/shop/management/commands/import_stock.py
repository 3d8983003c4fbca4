"""Import stock: ``manage.py import_stock --file stock.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand, OnEmpty
from importkit.source import scan_csv
from shop.cleaning.stock import ArticleCleaningDF
from shop.models import Article


class Command(ImportDataBaseCommand):
    """Import stock from a CSV file."""

    help = "Import stock from a CSV file."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return ArticleCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Article: df}

    def get_natural_keys(self) -> dict[type[Model], tuple[str, ...]]:
        return {
            Article: ("number",),
        }

    def get_on_empty(self) -> dict[type[Model], dict[str, OnEmpty]]:
        # The model has defaults for these fields, so an empty cell says nothing about a
        # row: a new row gets the default, and a stored row keeps its value. DEFAULT would
        # reset the stored value, and CLEAR would empty it.
        return {
            Article: {
                "in_stock": OnEmpty.KEEP,
            },
        }
