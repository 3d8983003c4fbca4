"""Import cities: ``manage.py import_cities --file cities.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from cities.cleaning.cities import CityCleaningDF
from cities.models import City
from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_csv

DIALECT = Dialect(separator=";", encoding="cp1252")


class Command(ImportDataBaseCommand):
    """Import cities from a CSV file with semicolons in cp1252."""

    help = "Import cities from a CSV file with semicolons in cp1252."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"), DIALECT)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return CityCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {City: df}

    def get_natural_keys(self) -> dict[type[Model], tuple[str, ...]]:
        return {
            City: ("code_postal",),
        }
