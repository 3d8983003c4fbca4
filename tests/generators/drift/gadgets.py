"""An import of gadgets, and checks of files against it: for the tests of drift."""

from argparse import ArgumentParser
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
from django.core.management import CommandError, call_command
from django.db import models

from importkit.cleaning import (
    CleaningDF,
    DType,
)
from importkit.import_data import ImportDataBaseCommand
from importkit.source import Dialect, scan_source

HEADER = "Sku,Name,Price,Stock,Since"
FILE = f"""\
{HEADER}
A-1,Chair,1.50,3,2026-01-31
A-2,Table,20.00,4,2026-02-01
A-3,Lamp,3.25,5,2026-02-03
"""
EMPTY = (
    "empty: Fill the cell, or see get_no_null_cols, get_fill_null_map and get_on_empty."
)
DIALECT = (
    "another dialect: If new files stay like this, change the Dialect of the command."
)
RENAMED = (
    "renamed?: If it is the same column, add its new header to get_rename_map, beside the "
    "old one."
)
MISSING = (
    "missing: Ask the sender for the column, remove it from the class and the model, or "
    "let it be empty: on_missing_column = Policy.WARN."
)
NEW = (
    "new: Add the column to get_col_dtype_map and a field to the model, or leave the "
    "column out: on_new_column = Policy.IGNORE."
)
RETYPED = (
    "another type: If new files stay like this, change the parser in get_col_parser_map, "
    "or the type in get_col_dtype_map and the field."
)
WIDENED = "too wide: Widen the field, and the type in get_col_dtype_map."
NULL_WORDS = (
    "null words: If these words mean an empty cell, add them to get_null_tokens."
)


class GadgetCleaningDF(CleaningDF):
    """As startimport would write it."""

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        names = ("Sku", "Name", "Price", "Stock", "Since")
        return {name: name.lower() for name in names}

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {
            "sku": pl.String,
            "name": pl.String,
            "price": pl.Decimal(6, 2),
            "stock": pl.Int32,
            "since": pl.Date,
        }

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("sku", "price", "since")

    @classmethod
    def get_fill_null_map(cls) -> dict[str, str]:
        return {"name": ""}

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)


class GadgetCommand(ImportDataBaseCommand):
    """As startimport would write it; tests change parts of it."""

    rules: type[CleaningDF] = GadgetCleaningDF
    model: type[models.Model]
    dialect = Dialect()
    keys: ClassVar[tuple[str, ...]] = ("sku",)

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True)

    def handle_import(self) -> pl.LazyFrame:
        return scan_source(self.get_option("file"), self.dialect)

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        return self.rules

    def get_bulks_by_model(self, df: Any) -> dict[type[models.Model], Any]:
        return {self.model: df}

    def get_natural_keys(self) -> dict[type[models.Model], tuple[str, ...]]:
        return {self.model: self.keys}


@dataclass(frozen=True)
class Check:
    """Checks a file against the import of gadgets."""

    folder: Path
    model: type[models.Model]
    commands: dict[str, Any]

    def __call__(
        self,
        content: str | bytes,
        *flags: str,
        rules: type[CleaningDF] = GadgetCleaningDF,
        **changes: Any,
    ) -> str:
        """Return what is printed, after the exit code if that is not 0."""
        path = self.folder / "new.csv"
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)
        return self.of(path, *flags, rules=rules, **changes)

    def of(self, path: Path | str, *flags: str, **changes: Any) -> str:
        changes = {"model": self.model, **changes}
        made = type("Command", (GadgetCommand,), changes)()
        self.commands["import_gadgets"] = made
        return self.run(path, *flags)

    def run(self, path: Path | str, *flags: str) -> str:
        out = StringIO()
        try:
            call_command("startimport", "gadgets", path, "--check", *flags, stdout=out)
        except CommandError as error:
            return f"{error.returncode}: {error}\n"
        return out.getvalue()


def report(*lines: str, size: str = "3 rows, 5 columns", name: str = "new.csv") -> str:
    """Return a report: headings as they are, findings with a dash before them."""
    told = (
        f"    {line[2:]}" if line.startswith("- ") else f"  {line}" for line in lines
    )
    return "\n".join([f"1: {name} does not fit import_gadgets ({size}):", *told, ""])
