"""Import records: ``manage.py import_records --file records.csv``."""

from argparse import ArgumentParser
from pathlib import Path

import polars as pl
from django.db.models import Model

from archive.cleaning.records import RecordCleaningDF
from archive.models import Label, Person, Record
from importkit.cleaning import CleaningDF
from importkit.import_data import ImportDataBaseCommand, OnEmpty
from importkit.source import scan_csv


class Command(ImportDataBaseCommand):
    """Import records from a CSV file."""

    help = "Import records from a CSV file."

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="The CSV file.")

    def handle_import(self) -> pl.LazyFrame:
        return scan_csv(self.get_option("file"))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return RecordCleaningDF

    def get_bulks_by_model(self, df: pl.LazyFrame) -> dict[type[Model], pl.LazyFrame]:
        record_labels = (
            df.select(
                pl.col("^_line$"),
                record__number="number",
                label__name=pl.col("labels__name").str.split("|"),
            )
            .explode("label__name")
            .with_columns(pl.col("label__name").str.strip_chars())
            .filter(pl.col("label__name") != "")
            .unique(["record__number", "label__name"], maintain_order=True)
        )
        persons = (
            pl.concat(
                [
                    df.select(pl.col("^_line$"), name="author__name"),
                    df.select(pl.col("^_line$"), name="finder__name"),
                ]
            )
            .drop_nulls("name")
            .unique("name", maintain_order=True)
        )
        labels = (
            record_labels.select(pl.col("^_line$"), name="label__name")
            .drop_nulls("name")
            .unique("name", maintain_order=True)
        )
        return {
            Person: persons,
            Label: labels,
            Record: df.drop("labels__name"),
            Record.labels.through: record_labels,
        }

    def get_natural_keys(self) -> dict[type[Model], tuple[str, ...]]:
        return {
            Person: ("name",),
            Label: ("name",),
            Record: ("number",),
            Record.labels.through: ("record", "label"),
        }

    def get_on_empty(self) -> dict[type[Model], dict[str, OnEmpty]]:
        # The model has defaults for these fields, so an empty cell says nothing about a
        # row: a new row gets the default, and a stored row keeps its value. DEFAULT would
        # reset the stored value, and CLEAR would empty it.
        return {
            Record: {
                "details": OnEmpty.KEEP,
            },
        }
