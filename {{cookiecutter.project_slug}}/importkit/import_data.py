"""The four steps of an import in order: import, clean, transform, load."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar

import polars as pl
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import Error as DatabaseError
from django.db.models import Model
from tqdm import tqdm

from importkit import problems
from importkit.bulk import load_bulks
from importkit.cleaning import CleaningDF
from importkit.commands import ABCBaseCommand
from importkit.errors import CleaningError
from importkit.instances import Bulk, instances

DEFAULT_BATCH_SIZE = 1000
NOTHING_WRITTEN = "Nothing was written."
ONLY_CREATES = (
    " An import only creates: is the file, or a part of it, in the table already?"
)
PROGRESS_DELAY = 1  # Seconds; what is done by then needs no bar.


class ImportDataBaseCommand(ABCBaseCommand):
    """A command that imports a source into models, all of it or nothing.

    Attributes:
        cleaning_df: The cleaned source, once the step is done.
    """

    refused_options: ClassVar[Mapping[str, str]] = {
        ABCBaseCommand.Options.THREADS: "an import is written in one transaction",
        ABCBaseCommand.Options.PROCESSES: "an import is written in one transaction",
        ABCBaseCommand.Options.DELETE: "an import only creates",
    }

    cleaning_df: CleaningDF

    @abstractmethod
    def handle_import(self) -> pl.DataFrame:
        """Return the raw source, for example ``read_csv(self.get_option("file"))``."""

    @abstractmethod
    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        """Return the class that cleans the source."""

    @abstractmethod
    def get_bulks_by_model(self, df: pl.DataFrame) -> Mapping[type[Model], Bulk]:
        """Return what to create of each model, in any order.

        Args:
            df: The clean frame.

        Returns:
            Per model its instances, or a frame whose columns are fields of the model
            (``store_id`` for a foreign key ``store``).
        """

    def handle_command(self) -> None:
        """Import and clean the source, then write it."""
        source = self.handle_import()
        try:
            self.cleaning_df = self.get_cleaning_df_cls()(source)
            self.import_to_db()
        except CleaningError as error:
            raise CleaningError(f"{error}\n{NOTHING_WRITTEN}") from error

    def import_to_db(self) -> None:
        """Create the bulks, parents first, in one transaction; count with --dry_run."""
        bulks = {
            model: self._with_progress(model, instances(model, bulk))
            for model, bulk in self.get_bulks_by_model(self.cleaning_df.df).items()
        }
        if self.get_option(self.Options.DRY_RUN):
            self._report({model: sum(1 for _ in bulk) for model, bulk in bulks.items()})
            return
        step = self.get_option(self.Options.BATCH_SIZE) or DEFAULT_BATCH_SIZE
        try:
            created = load_bulks(bulks, step=step)
        except (DatabaseError, ValidationError) as error:
            text = str(error).strip()
            # Both SQLite and PostgreSQL say so in this word.
            hint = ONLY_CREATES if "unique" in text.lower() else ""
            raise CommandError(
                f"The database refused the import: {text}\n{NOTHING_WRITTEN}{hint}"
            ) from error
        self._report(created)

    def _with_progress(
        self, model: type[Model], bulk: Iterable[Model]
    ) -> Iterable[Model]:
        """Count on a terminal, once it takes longer than a second."""
        return tqdm(
            bulk,
            desc=str(model._meta.verbose_name_plural),
            unit=" rows",
            delay=PROGRESS_DELAY,
            leave=False,
            disable=not (self._verbosity() and self.stderr.isatty()),
        )

    def _report(self, counts: Mapping[type[Model], int]) -> None:
        if not self._verbosity():
            return
        left_out = self.cleaning_df.left_out
        if not left_out.is_empty():
            text = problems.describe_left_out(left_out, self.cleaning_df.place)
            self.stdout.write(self.style.WARNING(text))
        created = ", ".join(_count(model, number) for model, number in counts.items())
        if self.get_option(self.Options.DRY_RUN):
            summary = f"Dry run: would create {created or 'nothing'}. {NOTHING_WRITTEN}"
        else:
            summary = f"Created {created or 'nothing'}."
        self.stdout.write(self.style.SUCCESS(summary))

    def _verbosity(self) -> int:
        return int(self.options.get("verbosity", 1))


def _count(model: type[Model], number: int) -> str:
    meta = model._meta
    noun = meta.verbose_name if number == 1 else meta.verbose_name_plural
    return f"{number:,} {noun}"
