"""The four steps of an import in order: import, clean, transform, load."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from typing import Any

import polars as pl
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import Error as DatabaseError
from django.db.models import Model

from importkit import problems
from importkit.cleaning import CleaningDF, CleanStream, clean
from importkit.commands import USAGE
from importkit.errors import CleaningError, SourceError
from importkit.import_data import summary
from importkit.import_data.deletion import DEFAULT_MAX_DELETE, delete_missing
from importkit.import_data.options import BATCH
from importkit.import_data.output_files import Rejects
from importkit.import_data.progress import progress
from importkit.import_data.reporter import ReportingCommand
from importkit.loading import (
    Bulk,
    Loaded,
    Mode,
    RunOptions,
    Watch,
    load,
)
from importkit.models import atomic_for
from importkit.source import LINE, MISFITS, Frame, files_read


class ImportDataBaseCommand(ReportingCommand):
    """A command that imports a source into models, all of it or nothing."""

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
        self._begin()
        with files_read() as self._files:
            source = self.handle_import()
        self._rejects = self._choose_rejects() if self._skips else None
        self._keep_report_apart()
        try:
            rules = self.get_cleaning_df_cls()
            self._learn(source, rules)
            # Also where the run is to stop: what fits so far may not fit the model.
            self.cleaning_df = clean(rules, source, skip=True)
            self._facts.cleaned = self.cleaning_df
            self.import_to_db()
        except (CleaningError, SourceError) as error:
            raise self._stopped(error) from self._cause(error)
        except KeyboardInterrupt as error:
            if not self._leaves_batches:
                raise  # What is open is rolled back, as in every command.
            raise self._ended("Interrupted.") from error

    def import_to_db(self) -> None:
        """Write the bulks, parents first, in one transaction; plan it with --dry_run."""
        bulks = self.get_bulks_by_model(self.cleaning_df.df)
        is_shown = bool(self._verbosity()) and self.stderr.isatty()
        facts = self._facts
        try:
            with nullcontext() if self._by_batch else atomic_for(bulks):
                with progress(is_shown=is_shown) as watch:
                    rules = self._rules(bulks, watch)
                    loaded = self._loaded(bulks, rules)
                deleted = self._delete(loaded)
                facts.found = self._prepare_rejects(loaded)
                self._check_misfits(facts.found)
            if self._rejects:
                facts.rejects = self._rejects.publish()
        except (DatabaseError, ValidationError) as error:
            raise self._refused(error) from self._cause(error)
        finally:
            self._warn()
            if self._rejects:
                self._rejects.clean_up()
        facts.loaded, facts.deleted = loaded, deleted
        self._say_done(self.get_natural_keys())
        self._say_rejects()

    def _loaded(
        self, bulks: Mapping[type[Model], Bulk], rules: RunOptions
    ) -> Mapping[type[Model], Loaded]:
        """Write the bulks; raise what is wrong with the source together with theirs.

        Raises:
            CleaningError: Something is wrong, and rows are not skipped for it.
        """
        try:
            loaded = load(self._with_lines(bulks), rules)
        except CleaningError as error:
            found = self.cleaning_df.problems
            if self._skips or error.problems is None or found.is_empty():
                raise
            both = pl.concat([found, error.problems])
            raise CleaningError(
                summary.DO_NOT_FIT, both, self.cleaning_df.place, error.hint
            ) from error
        found = self.cleaning_df.problems
        if not (self._skips or found.is_empty()):
            raise CleaningError(summary.DO_NOT_FIT, found, self.cleaning_df.place)
        return loaded

    def _learn(self, source: Frame, rules: type[CleaningDF]) -> None:
        """Keep what a source and its rules are, to speak of them."""
        self._cleaning_rules = rules
        if LINE in source.collect_schema():
            self._facts.place = problems.LINES
        if isinstance(source, pl.DataFrame):
            self._facts.rows = source.height
        elif rules.needs_all_rows():
            self._tell(summary.HELD_WHOLE)

    def _rules(self, bulks: Mapping[type[Model], Bulk], watch: Watch) -> RunOptions:
        mode = self._option(self.Options.MODE, None)
        keys = self.get_natural_keys()
        without = [model._meta.label for model in bulks if not keys.get(model)]
        if self._by_batch and without:
            raise CommandError(
                f"--commit {BATCH}: to go on where a run ended takes natural keys, and "
                f"get_natural_keys has none for {', '.join(without)}.",
                returncode=USAGE,
            )
        return RunOptions(
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
            stops_at=lambda: None if self._skips else self.cleaning_df.stops_at,
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
        return self._masking.masked(found)

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
