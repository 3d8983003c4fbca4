"""Import reviews: ``manage.py import_reviews --file reviews.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand
from importkit.source import scan_csv
from reviews.cleaning.reviews import OpinionCleaningDF
from reviews.models import Opinion


class Command(ImportDataBaseCommand):
    """Import reviews from a CSV file."""

    help = "Import reviews from a CSV file."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return OpinionCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        return {Opinion: df}

    def get_natural_keys(self) -> dict[type[Model], tuple[str, ...]]:
        return {
            Opinion: ("review_id",),
        }
