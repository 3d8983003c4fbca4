"""Import readings: ``manage.py import_readings --file readings.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv
from readings.cleaning.readings import ReadingCleaningDF
from readings.models import Reading

DIALECT = Dialect(separator="\t", header=False)


class Command(ImportDataBaseCommand):
    """Import readings from a CSV file with tabs without a header."""

    help = "Import readings from a CSV file with tabs without a header."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"), DIALECT)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return ReadingCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Reading: df}
