"""The four steps of an import in order: import, clean, transform, load."""

from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar, Never

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import Error as DatabaseError
from django.db.models import Model
from tqdm import tqdm

from importkit import problems, summary
from importkit.cleaning import CleaningDF
from importkit.commands import INTERRUPTED, USAGE, ABCBaseCommand, spellings
from importkit.databases import atomic_for
from importkit.deletion import DEFAULT_MAX_DELETE, Limit, delete_missing
from importkit.errors import CleaningError, SourceError
from importkit.framing import Frame
from importkit.loading import Bulk, Loaded, Rules, Watch, load
from importkit.plan import Mode
from importkit.streaming import CleanStream, clean

PROGRESS_DELAY = 1  # Seconds; what is done by then needs no bar.
RUN, BATCH = "run", "batch"


class ImportDataBaseCommand(ABCBaseCommand):
    """A command that imports a source into models, all of it or nothing.

    Attributes:
        cleaning_df: The cleaned source, once the step is done.
    """

    class Options(ABCBaseCommand.Options):
        """Names of the options that every import has."""

        MODE = "mode"
        MAX_DELETE = "max_delete"
        COMMIT = "commit"

    refused_options: ClassVar[Mapping[str, str]] = {
        Options.THREADS: (
            "one connection holds the one transaction of an import, and reading runs "
            "beside it already"
        ),
        Options.PROCESSES: (
            "handing instances from process to process takes longer than making them"
        ),
    }

    cleaning_df: CleaningDF | CleanStream

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of an import to those of every command."""
        parser.add_argument(
            *spellings(self.Options.MODE),
            choices=[mode.value for mode in Mode],
            help="What to do with rows whose natural key is in the table, and with "
            "rows that are not: upsert where the command states a key, else insert.",
        )
        parser.add_argument(
            *spellings(self.Options.MAX_DELETE),
            type=Limit.parse,
            default=DEFAULT_MAX_DELETE,
            metavar="N|N%",
            help="How many rows of a table --delete may take: %(default)s.",
        )
        parser.add_argument(
            *spellings(self.Options.COMMIT),
            choices=(RUN, BATCH),
            default=RUN,
            help="Commit the run as a whole (%(default)s), or each batch by itself.",
        )
        super().add_arguments(parser)

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
        source = self.handle_import()
        try:
            self.cleaning_df = clean(self.get_cleaning_df_cls(), source)
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
        try:
            with nullcontext() if self._by_batch else atomic_for(bulks):
                with self._progress() as watch:
                    loaded = load(bulks, self._rules(bulks, watch))
                deleted = self._delete(loaded)
        except (DatabaseError, ValidationError) as error:
            text = str(error).strip()
            # Both SQLite and PostgreSQL say so in this word.
            hint = summary.IN_THE_TABLE if "unique" in text.lower() else ""
            raise self._ended(
                f"The database refused the import: {text}", hint
            ) from error
        self._report(loaded, deleted)

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
            signals=frozenset(self.get_models_with_signals()),
            tell=self._tell,
            watch=watch,
        )

    def _is_distinct(self, bulk: Bulk, key: Collection[str]) -> bool:
        """Say whether cleaning has left each key only once in a bulk."""
        subsets = self.get_cleaning_df_cls().get_unique_subsets()
        return bulk is self.cleaning_df.df and any(set(s) <= set(key) for s in subsets)

    def _check_together(self) -> None:
        """Refuse options that contradict each other."""
        if self._by_batch and self.get_option(self.Options.TIMEOUT):
            raise CommandError(
                f"--timeout rolls a run back, which --commit {BATCH} does not allow.",
                returncode=USAGE,
            )
        mode = self._option(self.Options.MODE, None)
        if self.get_option(self.Options.DELETE) and mode != Mode.SYNC:
            raise CommandError(
                f"--delete: only --mode {Mode.SYNC} looks for rows to delete.",
                returncode=USAGE,
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

    @contextmanager
    def _progress(self) -> Iterator[Watch]:
        """Count on a terminal, once it takes longer than a second."""
        hidden = not (self._verbosity() and self.stderr.isatty())
        bars: dict[type[Model], tqdm[Never]] = {}

        def watch(model: type[Model], rows: int) -> None:
            if model not in bars:
                bars[model] = tqdm(
                    desc=str(model._meta.verbose_name_plural),
                    unit=" rows",
                    delay=PROGRESS_DELAY,
                    leave=False,
                    disable=hidden,
                )
            bars[model].update(rows)

        try:
            yield watch
        finally:
            for bar in bars.values():
                bar.close()

    def _ended(self, text: str, hint: str = "", code: int = 1) -> CommandError:
        """Return the error of a run that did not come to its end."""
        if self._leaves_batches:
            stays = f"{text}\n{summary.BATCHES_STAY}"
            return CommandError(stays, returncode=INTERRUPTED)
        return CommandError(f"{text}\n{summary.NOTHING_WRITTEN}{hint}", returncode=code)

    @property
    def _leaves_batches(self) -> bool:
        return self._by_batch and not self.get_option(self.Options.DRY_RUN)

    @property
    def _by_batch(self) -> bool:
        return bool(self._option(self.Options.COMMIT, RUN) == BATCH)

    def _option(self, name: str, default: object) -> Any:
        """Return an option, also where the steps are run without any."""
        return self.options.get(name, default)

    def _tell(self, remark: str) -> None:
        if self._verbosity() > 1:
            self.stdout.write(remark)

    def _verbosity(self) -> int:
        return int(self.options.get("verbosity", 1))
