"""Step 5 of fuzzing: the import of a case: what was written, rejected and left out."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
from django.core.management import CommandError
from django.db import connection

from importkit.cleaning import CleaningDF, DType
from importkit.loading.plan import Loaded
from importkit.loading.run import load
from importkit.source import read_csv, scan_csv
from tests.importkit.fuzzing.cases import Case
from tests.importkit.fuzzing.seeds import HEADERS
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Everything

BEFORE = "\u2603 was there"  # The key of a row that no file has.
STALE = "\u2603 was other"  # A text that no file has.
DTYPES: dict[str, DType] = {
    "code": pl.String,
    "char": pl.String,
    "decimal": pl.Decimal(12, 3),
    "day": pl.Date,
    "whole": pl.Int64,
}
TEMPORARY = {
    "sqlite": "SELECT name FROM sqlite_temp_master",
    "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()",
}


@dataclass(frozen=True)
class Row:
    """What a row of the table holds of the file, and the line that it came from."""

    line: int
    code: str
    char: str | None
    decimal: Decimal | None
    day: date | None
    whole: int | None


@dataclass(frozen=True)
class Run:
    """How an import ended.

    Attributes:
        refusal: The message of the error that it ended with, if so.
        counts: How many rows were new, changed and unchanged.
        rejected: The lines of rows with problems.
        left_out: The lines of rows that rules left out.
    """

    refusal: str = ""
    counts: tuple[int, int, int] = (0, 0, 0)
    rejected: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()


def attempt(case: Case, path: Path, *flags: str) -> Run:
    """Import a file; anything but an error of the project's own comes through."""
    loads: list[Loaded] = []

    def watched(*args: Any, **kwargs: Any) -> Any:
        done = load(*args, **kwargs)
        loads.extend(done.values())
        return done

    command = _command(case, path)
    options = ["--mode", case.mode, "--batch_size", str(case.batch_size), "--yes"]
    with _changes(case), patch("importkit.import_data.command.load", watched):
        try:
            run(command, *options, *flags)
        except CommandError as error:
            return Run(refusal=str(error) or "nothing was said")
    [done] = loads
    found = [command.cleaning_df.problems, done.problems]
    return Run(
        counts=(done.outcome.new, done.outcome.changed, done.outcome.unchanged),
        rejected=tuple(sorted({line for df in found for line in df["line"].to_list()})),
        left_out=tuple(command.cleaning_df.left_out["line"].to_list()),
    )


def prepare(case: Case, stale: Sequence[str]) -> None:
    """Empty the table, but for the rows that the case has there before.

    Args:
        case: The case.
        stale: The keys of rows of the file that the table has, with other values.
    """
    Everything.objects.all().delete()
    if case.is_filled:
        Everything.objects.create(code=BEFORE)
    for code in stale:
        Everything.objects.create(code=code, char=STALE)


def table() -> list[Row]:
    """Return the rows of the table that came from a file, by line."""
    rows = Everything.objects.filter(big__isnull=False).order_by("big", "pk")
    return [Row(*values) for values in rows.values_list("big", *HEADERS)]


def stale_rows() -> list[str]:
    """Return the keys of the rows that are as they were before."""
    rows = Everything.objects.filter(big=None, char=STALE, decimal=None, whole=None)
    return sorted(rows.values_list("code", flat=True))


def temporary_tables() -> list[str]:
    """Return the temporary tables that are left."""
    with connection.cursor() as cursor:
        cursor.execute(TEMPORARY[connection.vendor])
        return [name for (name,) in cursor.fetchall()]


def _command(case: Case, path: Path) -> Import:
    class Rules(CleaningDF):
        @classmethod
        def get_col_dtype_map(cls) -> dict[str, DType]:
            return DTYPES

        @classmethod
        def get_rename_map(cls) -> dict[str, str]:
            return dict(zip(case.headers, DTYPES, strict=True))

        @classmethod
        def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
            return (("code",),) if case.is_unique else ()

    class Goods(Import):
        def handle_import(self) -> Any:
            return (read_csv if case.is_whole else scan_csv)(path, case.dialect)

        def get_bulks_by_model(self, df: Any) -> Any:
            # A frame that was read whole gets its lines by the framework.
            clean = self.cleaning_df
            lines = getattr(clean, "lines", None)
            if lines is None:
                return {Everything: df.with_columns(big=pl.col("_line"))}
            return {Everything: df.with_columns(big=lines, _line=lines)}

    return Goods({}, {Everything: ("code",)}, rules=Rules)


@contextmanager
def _changes(case: Case) -> Iterator[None]:
    """Cut the file into small pieces, and write as instances, where the case says so."""
    with ExitStack() as stack:
        for name in ("file", "rejects"):
            target = f"importkit.source.delimited.{name}.SLICE_BYTES"
            stack.enter_context(patch(target, case.slice_bytes))
        stack.enter_context(
            patch("importkit.source.delimited.file.RECORDS", case.records)
        )
        if case.through_django:
            reason = "importkit.loading.run.reason_for_orm"
            stack.enter_context(patch(reason, lambda _target: "the case says so"))
        yield
