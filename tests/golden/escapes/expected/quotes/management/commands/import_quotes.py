"""Import quotes: ``manage.py import_quotes --file quotes.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv
from quotes.cleaning.quotes import QuoteCleaningDF
from quotes.models import Quote

DIALECT = Dialect(escape="\\")


class Command(ImportDataBaseCommand):
    """Import quotes from a CSV file."""

    help = "Import quotes from a CSV file."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"), DIALECT)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return QuoteCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Quote: df}

    def get_natural_keys(self) -> dict[type[Model], tuple[str, ...]]:
        return {
            Quote: ("source_id",),
        }
