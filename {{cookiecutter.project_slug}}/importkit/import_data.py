"""The four steps of an import in order: import, clean, transform, load."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import polars as pl
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import Error as DatabaseError
from django.db.models import Model

from importkit import problems, summary
from importkit.cleaning import CleaningDF
from importkit.commands import INTERRUPTED, USAGE
from importkit.databases import atomic_for
from importkit.deletion import DEFAULT_MAX_DELETE, delete_missing
from importkit.delimited import MISFITS, DelimitedFile
from importkit.errors import CleaningError, SourceError
from importkit.framing import Frame
from importkit.import_options import BATCH, NO_REJECTS, ImportOptionsCommand
from importkit.loading import Bulk, load
from importkit.plan import Loaded, Mode, Rules, Watch
from importkit.progress import progress
from importkit.rejects import Rejects
from importkit.source import files_read
from importkit.streaming import CleanStream, clean


class ImportDataBaseCommand(ImportOptionsCommand):
    """A command that imports a source into models, all of it or nothing.

    Attributes:
        cleaning_df: The cleaned source, once the step is done.
    """

    cleaning_df: CleaningDF | CleanStream
    _files: Sequence[DelimitedFile] = ()
    _rejects: Rejects | None = None

    @abstractmethod
    def handle_import(self) -> Frame:
        """Return the raw source, for example ``scan_csv(self.get_option("file"))``.

        A lazy frame is read, cleaned and written batch by batch.
        """

    @abstractmethod
    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        """Return the class that cleans the source."""

    @abstractmethod
    def get_bulks_by_model(self, df: Any) -> Mapping[type[Model], Bulk]:
        """Return what to write of each model, in any order.

        Args:
            df: The clean frame; lazy, and with ``_line``, if the source is.

        Returns:
            Per model its instances, or a frame whose columns are fields of the model:
            of a foreign key ``store`` the key as ``store_id``, or the natural key of
            the parent as ``store``, or as ``store__code`` and ``store__country``.
        """

    def get_natural_keys(self) -> Mapping[type[Model], tuple[str, ...]]:
        """Return per model the fields by which a row of the source is known again."""
        return {}

    def get_models_with_signals(self) -> Collection[type[Model]]:
        """Return the models whose rows are saved one by one, with their signals."""
        return ()

    def handle_command(self) -> None:
        """Import and clean the source, then write it."""
        self._check_together()
        with files_read() as self._files:
            source = self.handle_import()
        self._rejects = self._choose_rejects() if self._skips else None
        try:
            rules = self.get_cleaning_df_cls()
            if isinstance(source, pl.LazyFrame) and rules.needs_all_rows():
                self._tell(summary.HELD_WHOLE)
            self.cleaning_df = clean(rules, source, skip=self._skips)
            self.import_to_db()
        except (CleaningError, SourceError) as error:
            raise self._ended(str(error), code=error.returncode) from error
        except KeyboardInterrupt as error:
            if not self._leaves_batches:
                raise  # What is open is rolled back, as in every command.
            raise self._ended("Interrupted.") from error

    def import_to_db(self) -> None:
        """Write the bulks, parents first, in one transaction; plan it with --dry_run."""
        bulks = self.get_bulks_by_model(self.cleaning_df.df)
        is_shown = bool(self._verbosity()) and self.stderr.isatty()
        try:
            with nullcontext() if self._by_batch else atomic_for(bulks):
                with progress(is_shown=is_shown) as watch:
                    rules = self._rules(bulks, watch)
                    loaded = load(self._with_lines(bulks), rules)
                deleted = self._delete(loaded)
                found = self._prepare_rejects(loaded)
                self._check_misfits(found)
            if self._rejects:
                self._rejects.publish()
        except (DatabaseError, ValidationError) as error:
            text = str(error).strip()
            # Both SQLite and PostgreSQL say so in this word.
            hint = summary.IN_THE_TABLE if "unique" in text.lower() else ""
            raise self._ended(
                f"The database refused the import: {text}", hint
            ) from error
        finally:
            self._warn()
            if self._rejects:
                self._rejects.clean_up()
        self._report(loaded, deleted)
        self._report_rejects(found)

    def _rules(self, bulks: Mapping[type[Model], Bulk], watch: Watch) -> Rules:
        mode = self._option(self.Options.MODE, None)
        keys = self.get_natural_keys()
        without = [model._meta.label for model in bulks if not keys.get(model)]
        if self._by_batch and without:
            raise CommandError(
                f"--commit {BATCH}: to go on where a run ended takes natural keys, and "
                f"get_natural_keys has none for {', '.join(without)}.",
                returncode=USAGE,
            )
        return Rules(
            mode=Mode(mode) if mode else None,
            keys=keys,
            distinct=frozenset(
                model
                for model, bulk in bulks.items()
                if self._is_distinct(bulk, keys.get(model, ()))
            ),
            step=self.get_option(self.Options.BATCH_SIZE),
            dry_run=self.get_option(self.Options.DRY_RUN),
            by_batch=self._by_batch,
            skip=self._skips,
            signals=frozenset(self.get_models_with_signals()),
            tell=self._tell,
            watch=watch,
        )

    def _is_distinct(self, bulk: Bulk, key: Collection[str]) -> bool:
        """Say whether cleaning has left each key only once in a bulk."""
        subsets = self.get_cleaning_df_cls().get_unique_subsets()
        return bulk is self.cleaning_df.df and any(set(s) <= set(key) for s in subsets)

    def _with_lines(
        self, bulks: Mapping[type[Model], Bulk]
    ) -> Mapping[type[Model], Bulk]:
        """Give a clean frame that is written as it is the lines that it came from."""
        clean = self.cleaning_df
        if isinstance(clean, CleanStream) or clean.place is not problems.LINES:
            return bulks
        return {
            model: clean.df.with_columns(clean.lines) if bulk is clean.df else bulk
            for model, bulk in bulks.items()
        }

    def _choose_rejects(self) -> Rejects:
        rejects = Rejects.of(self._files, self._option(self.Options.REJECTS, None))
        if not self.get_option(self.Options.DRY_RUN):
            rejects.check(self.confirm)
        return rejects

    def _prepare_rejects(self, loaded: Mapping[type[Model], Loaded]) -> pl.DataFrame:
        """Write the rows that were skipped to a file of another name; return why."""
        found = pl.concat(
            [self.cleaning_df.problems, *(done.problems for done in loaded.values())]
        )
        is_to_write = not (found.is_empty() or self.get_option(self.Options.DRY_RUN))
        if self._rejects and is_to_write:
            self._rejects.prepare(found)
        return found

    def _check_misfits(self, found: pl.DataFrame) -> None:
        """Refuse to lose rows that no column could be read of before they are named."""
        read = sum(file.misfits for file in self._files)
        named = found.filter(pl.col("code").is_in(MISFITS))["line"].n_unique()
        if read > named:
            raise SourceError(
                "handle_import filters out rows that do not have the fields of the "
                f"header ({read - named:,}). Keep the rows that have a _problem."
            )

    def _delete(self, loaded: Mapping[type[Model], Loaded]) -> Mapping[str, int]:
        """Delete the rows that the source no longer has, if that is asked for."""
        if not self.get_option(self.Options.DELETE):
            return {}
        return delete_missing(
            loaded,
            limit=self._option(self.Options.MAX_DELETE, DEFAULT_MAX_DELETE),
            dry_run=self.get_option(self.Options.DRY_RUN),
            confirm=self.confirm,
        )

    def _warn(self) -> None:
        """Say what is odd about the columns of the source, also of a run that fails."""
        if self._verbosity() and self.cleaning_df.warnings:
            text = "\n".join(self.cleaning_df.warnings)
            self.stdout.write(self.style.WARNING(text))

    def _report(
        self, loaded: Mapping[type[Model], Loaded], deleted: Mapping[str, int]
    ) -> None:
        if not self._verbosity():
            return
        left_out = self.cleaning_df.left_out
        if not left_out.is_empty():
            text = problems.describe_left_out(left_out, self.cleaning_df.place)
            self.stdout.write(self.style.WARNING(text))
        dry_run = self.get_option(self.Options.DRY_RUN)
        text = summary.describe(loaded, deleted, dry_run=dry_run)
        self.stdout.write(self.style.SUCCESS(text))

    def _report_rejects(self, found: pl.DataFrame) -> None:
        """Say what is wrong with the rows that were skipped; end with 1 if too many."""
        if self._rejects is None or found.is_empty():
            return
        path = None if self.get_option(self.Options.DRY_RUN) else self._rejects.path
        rows = self.cleaning_df.rows
        text = summary.describe_rejects(found, rows, path)
        limit = self._option(self.Options.ALLOW_REJECTS, NO_REJECTS)
        if not limit.allows(found["line"].n_unique(), of=rows):
            raise CommandError(text)
        if self._verbosity():
            self.stdout.write(self.style.WARNING(text))

    def _ended(self, text: str, hint: str = "", code: int = 1) -> CommandError:
        """Return the error of a run that did not come to its end."""
        if self._leaves_batches:
            stays = f"{text}\n{summary.BATCHES_STAY}"
            return CommandError(stays, returncode=INTERRUPTED)
        return CommandError(f"{text}\n{summary.NOTHING_WRITTEN}{hint}", returncode=code)
