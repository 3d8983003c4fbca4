"""Import parts: ``manage.py import_parts --file parts.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv
from parts.cleaning.parts import PartCleaningDF
from parts.models import Part

DIALECT = Dialect(separator="\t", encoding="utf-16")


class Command(ImportDataBaseCommand):
    """Import parts from a CSV file with tabs in utf-16."""

    help = "Import parts from a CSV file with tabs in utf-16."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"), DIALECT)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return PartCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Part: df}
