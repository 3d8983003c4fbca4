"""The four steps of an import in order: import, clean, transform, load."""

import os
import time
from argparse import ArgumentParser
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import polars as pl
from django.core.checks import Tags
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import Error as DatabaseError
from django.db import connections, router
from django.db.models import Model

from importkit import problems
from importkit.cleaning import CleaningDF, CleanStream, clean
from importkit.commands import USAGE
from importkit.errors import (
    CleaningError,
    ImplausibleError,
    ImportKitError,
    SourceError,
)
from importkit.import_data.deletion import Deleted, delete_missing
from importkit.import_data.expectations import (
    check_columns,
    check_models,
    check_options,
    checked,
)
from importkit.import_data.hooks import ImportHooks
from importkit.import_data.options import (
    BATCH,
    ImportOptions,
    OptionNames,
    add_import_options,
)
from importkit.import_data.output_files import RejectsFile, ReportFile, SideFile
from importkit.import_data.reports import summary
from importkit.import_data.reports.json_report import report_of
from importkit.import_data.reports.log import logged_run
from importkit.import_data.reports.outcome import Outcome, found_in, outcome_of
from importkit.import_data.reports.progress import TerminalBar
from importkit.import_data.reports.reporter import Reporter
from importkit.import_data.run import Run
from importkit.import_data.watching import (
    NothingToDo,
    Watcher,
    Watchers,
    add_watchers_arguments,
    watchers_of_apps,
)
from importkit.loading import (
    PAUSES,
    Bulk,
    Journal,
    Loaded,
    RunOptions,
    checked_bulks,
    defaults_noticed,
    is_transient,
    load,
    noted,
    refuse_to_note,
    touched_by_deletion,
    waiting,
)
from importkit.models import atomic_for, unread_values_kept
from importkit.source import Frame, files_read

type Bulks = Mapping[type[Model], Bulk]
type Cleaned = CleaningDF | CleanStream
# What became of the rows of each model, and what was deleted.
type Written = tuple[Mapping[type[Model], Loaded], Deleted]


class ImportDataBaseCommand(ImportHooks):
    """A command that imports a source into models: all rows of it, or none.

    A subclass implements ``handle_import``, ``get_cleaning_df_cls`` and
    ``get_bulks_by_model``.

    Attributes:
        cleaning_df: The cleaned source, once it has been cleaned.
        outcome: What the last run of this command did, once it has ended.
    """

    class Options(OptionNames):
        """Names of the options, for ``get_option``; a subclass may add its own."""

    refused_options: ClassVar[Mapping[str, str]] = {
        Options.THREADS: (
            "one connection holds the one transaction of an import, and reading runs "
            "beside it already"
        ),
        Options.PROCESSES: (
            "handing instances from process to process takes longer than making them"
        ),
    }

    # Neither the URLs nor the templates of a project concern an import, and to load them
    # for the other checks takes longer than a thousand rows.
    requires_system_checks = (Tags.models,)
    _waits_before_it_writes = True  # For another import, as the watchers want it.
    cleaning_df: CleaningDF | CleanStream
    outcome: Outcome | None = None
    _run: Run | None = None
    _runs_again = False
    _watchers = Watchers()

    def get_watchers(self) -> Sequence[Watcher]:
        """Return what follows a run: the bar of the terminal, and what apps have added."""
        return [TerminalBar(self), *(kind(self) for kind in watchers_of_apps())]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of an import, the built-in ones, and those of the subclass."""
        add_import_options(parser)
        add_watchers_arguments(parser)
        super().add_arguments(parser)

    @logged_run
    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; write the report and tell the watchers however the run ends.

        The output has no colours if ``NO_COLOR`` is set, unless ``--force-color`` is
        given.
        """
        if os.environ.get("NO_COLOR") and not options["force_color"]:
            options["no_color"] = True
        self._run = self.outcome = None
        self._watchers = Watchers(self.get_watchers(), self._say_trouble)
        try:
            output = super().execute(*args, **options)
        except BaseException as error:
            self._end(error)
            raise
        self._end()
        return output

    def handle_command(self) -> None:
        """Import the source, clean it, and write its rows."""
        run = self._begin()
        self._watchers.tell("started", run)
        for pause in PAUSES:
            self._runs_again = True
            try:
                return self._run_once(run)
            except DatabaseError as error:
                if not is_transient(error):
                    raise
                self._reporter(run).warn(summary.AGAIN)
                time.sleep(pause)
            finally:
                self._runs_again = False
        return self._run_once(run)

    def _run_once(self, run: Run) -> None:
        try:
            source = self._import(run)
        except NothingToDo as reason:
            return self._reporter(run).warn(str(reason))
        try:
            self._clean(run, source)
            self.import_to_db()
        except (CleaningError, ImplausibleError, SourceError) as error:
            if isinstance(error, CleaningError):
                run.reject(error)
            raise self._reporter(run).stopped(error) from run.for_traceback(error)

    def what_stays(self) -> str:
        """Return what an interrupted run has written."""
        run = self._run
        if run is not None and run.is_written:
            return summary.WRITTEN
        leaves_batches = run is not None and run.options.leaves_batches
        return summary.BATCHES_STAY if leaves_batches else summary.NOTHING_WRITTEN

    @defaults_noticed()
    def import_to_db(self) -> None:
        """Write the bulks, parents first, in one transaction; plan them with --dry_run."""
        run = self._run or self._begin()
        self._begin_transactions()
        run.cleaned = self.cleaning_df
        run.cleaned.measure([pair for each in run.expectations for pair in each.asked])
        reporter = self._reporter(run)
        bulks = checked_bulks(self.get_bulks_by_model(run.cleaned.df))
        check_models(run.expectations, bulks)
        try:
            loaded, deleted = self._write(run, run.cleaned, bulks)
            if run.rejects_file:
                run.rejects = run.rejects_file.publish()
        except ImportKitError as error:
            run.masking.hide_in(error)
            raise
        except (DatabaseError, ValidationError) as error:
            if self._is_to_run_again(run, error):
                raise
            raise reporter.refused(error, bulks) from run.for_traceback(error)
        finally:
            reporter.warn_of_columns()
            if run.rejects_file:
                run.rejects_file.file.discard()
        # Only now: an error before would have rolled everything back.
        run.loaded, run.deleted = loaded, deleted
        reporter.warn_of_unguarded_deletion()
        reporter.say_done(self.get_natural_keys())
        reporter.say_rejects()

    def _is_to_run_again(self, run: Run, error: Exception) -> bool:
        """Return whether the whole run is done again after an error of the database."""
        return (
            self._runs_again
            and not run.options.leaves_batches
            and is_transient(error)
            and not any(connection.in_atomic_block for connection in connections.all())
            # What came from standard input cannot be read again.
            and all(file.path.is_file() for file in run.files)
        )

    def _begin(self) -> Run:
        """Start a run: read and check the options, and the path of the report."""
        names = self.Options
        # A project may override get_option, for example to force a dry run.
        built_in = (names.DRY_RUN, names.DELETE, names.TIMEOUT, names.BATCH_SIZE)
        given = {name: self.get_option(name) for name in built_in}
        options = ImportOptions.read({**self.options, **given})
        options.check()
        expected = checked(self.get_expectations())
        check_options(expected, options.accept, by_batch=options.by_batch)
        self._run = run = Run(options, expected)
        if options.report is not None:
            report_file = ReportFile(SideFile(options.report, "--report"))
            report_file.check(self.confirm)
            run.report_file = report_file
        return run

    def warn(self, remark: str) -> None:
        """Print a remark that everybody should read, and keep it for the report."""
        if self._run is not None:
            self._reporter(self._run).warn(remark)

    def _reporter(self, run: Run) -> Reporter:
        return Reporter(self.stdout, self.style, run)

    def _import(self, run: Run) -> Frame:
        """Step 1: read the source, and choose the file for its rejects."""
        with files_read(self.has_columns) as run.files:
            source = self.handle_import()
        if run.options.skips:
            run.rejects_file = RejectsFile.of(run.files, run.options.rejects)
            run.rejects_file.refuse()
            if not run.options.dry_run:
                run.rejects_file.ask(self.confirm)
        run.keep_report_apart()
        self._watchers.tell("source_read", run)
        return source

    def _clean(self, run: Run, source: Frame) -> None:
        """Step 2: clean the source; a lazy one is cleaned while it is written."""
        rules = self.get_cleaning_df_cls()
        run.add_source(source, rules)
        check_columns(run.expectations, rules.dtypes(), rules.masking())
        if run.rows is None and rules.needs_all_rows():
            self._reporter(run).tell(summary.HELD_WHOLE)
        # Rows with problems are skipped even if the run is to stop for them: the other
        # rows are checked against the models first, so that all problems are told at once.
        self.cleaning_df = run.cleaned = clean(
            rules, source, skip=True, by_batch=run.options.leaves_batches
        )

    def _write(self, run: Run, cleaned: Cleaned, bulks: Bulks) -> Written:
        """Step 4: write and delete rows; write the rejects, but do not publish them."""
        options = run.options
        self._watchers.tell("loading", tuple(bulks))
        whole = atomic_for(bulks, writes=not options.dry_run)
        with (
            waiting(bulks, options.wait),
            nullcontext() if options.leaves_batches else whole,
            unread_values_kept(map(router.db_for_write, bulks)),
        ):
            journal = self._journal(options, bulks)
            # Of batches that are committed separately, each notes its own rows.
            of_whole = None if options.leaves_batches else journal
            of_deletion = journal if options.leaves_batches else None
            models = touched_by_deletion(bulks) if options.delete else bulks
            with noted(models, of_whole, self._reporter(run).warn):
                try:
                    rules = self._rules(run, cleaned, bulks, journal)
                    loaded = _load(run, cleaned, bulks, rules)
                finally:
                    self._watchers.tell("loaded")
                found = [cleaned.problems, *(each.problems for each in loaded.values())]
                skipped = pl.concat(found)
                self._judge(run, loaded, skipped)
                deleted = self._delete(options, loaded, of_deletion)
            run.add_skipped(skipped)
            run.refuse_changed_files()
        # With --timeout the transaction of the command is committed later.
        run.is_written = not (options.dry_run or options.timeout)
        return loaded, deleted

    def _rules(
        self, run: Run, cleaned: Cleaned, bulks: Bulks, journal: Journal | None
    ) -> RunOptions:
        options, keys = run.options, self.get_natural_keys()
        without = [model._meta.label for model in bulks if not keys.get(model)]
        if options.by_batch and without:
            raise CommandError(
                f"--commit {BATCH}: a run that ended early can only go on with natural "
                f"keys, and get_natural_keys has none for {', '.join(without)}.",
                returncode=USAGE,
            )
        return RunOptions(
            mode=options.mode,
            keys=keys,
            on_empty=self.get_on_empty(),
            scope=self.get_scope(),
            distinct=frozenset(
                model
                for model in _given_the_clean_frame(bulks, cleaned)
                if _is_unique(keys.get(model, ()), self.get_cleaning_df_cls())
            ),
            step=options.batch_size,
            dry_run=options.dry_run,
            by_batch=options.by_batch,
            deletes=options.delete,
            skip=options.skips,
            stops_at=lambda: None if options.skips else cleaned.stops_at,
            signals=frozenset(self.get_models_with_signals()),
            warn=self._reporter(run).warn,
            tell=self._reporter(run).tell,
            watch=partial(self._watchers.tell, "batch"),
            journal=journal,
        )

    def _journal(self, options: ImportOptions, bulks: Bulks) -> Journal | None:
        """Return where a run is noted that can be undone."""
        if not self.keeps_undo or options.dry_run:
            return None
        refuse_to_note(bulks)
        return self._watchers.journal()

    def _judge(
        self, run: Run, loaded: Mapping[type[Model], Loaded], found: pl.DataFrame
    ) -> None:
        """Refuse a delivery that is not as expected, before anything is committed."""
        reporter = self._reporter(run)
        try:
            run.judge(loaded, found, self._watchers.last_run)
        except ImplausibleError:
            if run.options.dry_run:
                # What it would do shows whether the delivery is right all the same.
                run.loaded = loaded
                reporter.say_done(self.get_natural_keys())
            raise
        finally:
            reporter.say_expectations()

    def _delete(
        self,
        options: ImportOptions,
        loaded: Mapping[type[Model], Loaded],
        journal: Journal | None,
    ) -> Deleted:
        if not options.delete:
            return Deleted()
        return delete_missing(
            loaded,
            limit=options.max_delete,
            dry_run=options.dry_run,
            confirm=self.confirm,
            journal=journal,
        )

    def _end(self, error: BaseException | None = None) -> None:
        """Make the outcome of the run, write its report, and tell the watchers."""
        run = self._run
        if run is None:
            return
        name = type(self).__module__.rpartition(".")[2]
        self.outcome = outcome_of(run, name, error)
        unwritten = self._write_report(run, self.outcome)
        if unwritten and error is None:
            text = f"{unwritten} The import is done."
            self.outcome = replace(self.outcome, exit_code=1, error=text)
        self._watchers.tell("ended", self.outcome)
        if unwritten and error is None:
            raise CommandError(self.outcome.error) from unwritten

    def _write_report(self, run: Run, outcome: Outcome) -> SourceError | None:
        """Write the report, if one is wanted; return the error if that cannot be done."""
        if run.report_file is None:
            return None
        left_out = run.cleaned.left_out if run.cleaned else pl.DataFrame()
        try:
            chunks = report_of(outcome, left_out, found_in(run))
            run.report_file.write(chunks, run.model_file)
        except SourceError as unwritten:
            if outcome.error is not None:
                self._say_trouble(str(unwritten))
            return unwritten
        return None

    def _say_trouble(self, text: str) -> None:
        self.stderr.write(text)


def _load(
    run: Run, cleaned: Cleaned, bulks: Bulks, rules: RunOptions
) -> Mapping[type[Model], Loaded]:
    """Write the bulks.

    Raises:
        CleaningError: There are problems, and rows are not skipped for them. The error
            has those of cleaning and those of the models.
    """
    try:
        loaded = load(_with_lines(bulks, cleaned), rules)
    except CleaningError as error:
        found = cleaned.problems
        if run.options.skips or error.problems is None or found.is_empty():
            raise
        if error.place not in (None, problems.ROWS, problems.LINES):
            raise  # The numbers of instances are not those of lines.
        both = pl.concat([found, error.problems])
        raise CleaningError(
            summary.DO_NOT_FIT, both, cleaned.place, error.hint
        ) from error
    found = cleaned.problems
    if not (run.options.skips or found.is_empty()):
        raise CleaningError(summary.DO_NOT_FIT, found, cleaned.place)
    return loaded


def _given_the_clean_frame(bulks: Bulks, cleaned: Cleaned) -> list[type[Model]]:
    """Return the models whose bulk is the clean frame itself.

    Cleaning knows the line of each row, and which columns hold no value twice, of its own
    frame only. A frame that ``get_bulks_by_model`` has made of it may have other rows.
    """
    return [model for model, bulk in bulks.items() if bulk is cleaned.df]


def _with_lines(bulks: Bulks, cleaned: Cleaned) -> Bulks:
    """Add to the clean frame the lines of its rows, where the source has lines."""
    if isinstance(cleaned, CleanStream) or cleaned.place is not problems.LINES:
        return bulks  # A lazy clean frame has them already.
    models = _given_the_clean_frame(bulks, cleaned)
    return {**bulks, **dict.fromkeys(models, cleaned.df.with_columns(cleaned.lines))}


def _is_unique(key: Collection[str], rules: type[CleaningDF]) -> bool:
    """Return whether cleaning has left at most one row with each value of a key."""
    return any(set(subset) <= set(key) for subset in rules.get_unique_subsets())
