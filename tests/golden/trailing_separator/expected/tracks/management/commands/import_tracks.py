"""Import tracks: ``manage.py import_tracks --file tracks.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv
from tracks.cleaning.tracks import TrackCleaningDF
from tracks.models import Track

DIALECT = Dialect(separator=";", trailing=True)


class Command(ImportDataBaseCommand):
    """Import tracks from a CSV file with semicolons."""

    help = "Import tracks from a CSV file with semicolons."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"), DIALECT)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return TrackCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Track: df}
