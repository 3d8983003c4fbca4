"""Import towns: ``manage.py import_towns --file towns.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv
from towns.cleaning.towns import TownCleaningDF
from towns.models import Town

DIALECT = Dialect(separator=";", encoding="cp1251")


class Command(ImportDataBaseCommand):
    """Import towns from a CSV file with semicolons in cp1251."""

    help = "Import towns from a CSV file with semicolons in cp1251."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"), DIALECT)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return TownCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Town: df}
