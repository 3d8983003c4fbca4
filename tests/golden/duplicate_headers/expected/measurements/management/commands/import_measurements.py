"""Import measurements: ``manage.py import_measurements --file measurements.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import scan_csv
from measurements.cleaning.measurements import MeasurementCleaningDF
from measurements.models import Measurement


class Command(ImportDataBaseCommand):
    """Import measurements from a CSV file."""

    help = "Import measurements from a CSV file."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return MeasurementCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Measurement: df}

    def get_natural_keys(self) -> dict[type[Model], tuple[str, ...]]:
        return {
            Measurement: ("source_id",),
        }
