"""Import prices; stand still in the middle while a file is there that a variable names."""

import os
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import Model

from importkit.cleaning import CleaningDF, DType
from importkit.import_data import ImportDataBaseCommand, Watcher
from importkit.source import Frame, scan_csv
from tests.importruns.prices.models import Label, Price

STOP = "STOP"  # The variable that names the file.


class PricesCleaningDF(CleaningDF):
    """A price for each article."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        """Return the columns."""
        return {"sku": pl.String, "price": pl.Decimal(8, 2)}


class StandsStill(Watcher):
    """Stands still after the first batch."""

    def batch(self, _model: type[Model], _rows: int) -> None:
        """Say so by a file, and wait until the other one is gone."""
        stop = Path(os.environ[STOP])
        if stop.exists() and not self._is_reached(stop):
            while stop.exists():
                time.sleep(0.01)

    def _is_reached(self, stop: Path) -> bool:
        """Return whether another import stands still already."""
        try:
            stop.with_suffix(".reached").touch(exist_ok=False)
        except FileExistsError:
            return True
        return False


class Command(ImportDataBaseCommand):
    """Import prices, or labels, which have no key."""

    def get_watchers(self) -> Sequence[Watcher]:
        """Return the usual ones, and what stands still."""
        still = [StandsStill(self)] if STOP in os.environ else []
        return [*super().get_watchers(), *still]

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument("--file", type=Path, required=True)
        parser.add_argument("--labels", action="store_true")

    def handle_import(self) -> Frame:
        """Return the file."""
        return scan_csv(self.get_option("file"))

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        """Return the rules."""
        return PricesCleaningDF

    def get_bulks_by_model(self, df: Any) -> Mapping[type[Model], Any]:
        """Return the rows."""
        if self.get_option("labels"):
            return {Label: df.select("sku", "_line")}
        return {Price: df}

    def get_natural_keys(self) -> Mapping[type[Model], tuple[str, ...]]:
        """Return the key of prices."""
        return {Price: ("sku",)}
