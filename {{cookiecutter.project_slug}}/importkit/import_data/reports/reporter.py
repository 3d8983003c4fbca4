"""What a run says on the screen: its summary, its problems, and the error that ends it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import OutputWrapper
from django.core.management.color import Style
from django.db import Error as DatabaseError
from django.db import IntegrityError
from django.db.models import Model

from importkit import problems
from importkit.commands import INTERRUPTED, on_first_line
from importkit.display_names import shown, shown_name
from importkit.errors import CleaningError, ImplausibleError, SourceError
from importkit.import_data.expectations import describe
from importkit.import_data.options import DEFAULT_MAX_DELETE
from importkit.import_data.reports import summary
from importkit.import_data.reports.excerpts import Pointer
from importkit.import_data.run import Run
from importkit.loading import (
    holders_of,
    is_locked,
    lacks_table,
    repeats_unique,
    sentence,
)
from importkit.source import DelimitedFile, SourceFile, TableFile


@dataclass(frozen=True)
class Reporter:
    """Says what a run did, or why it did not.

    Attributes:
        out: Where to print.
        style: The colours of the command.
        run: What the run has found so far.
    """

    out: OutputWrapper
    style: Style
    run: Run

    def tell(self, remark: str) -> None:
        """Print a remark, with ``-v2`` and more."""
        if self.run.options.verbosity > 1:
            self._print(remark)

    def warn(self, remark: str) -> None:
        """Keep a remark that everybody should read, and print it unless with ``-v0``."""
        self.run.warnings.append(remark)
        if self.run.options.verbosity:
            self._print(remark, self.style.WARNING)

    def warn_of_columns(self) -> None:
        """Print the warnings about the columns of the source, and which headers it has.

        The latter is told, and only of columns that may have several.
        """
        cleaned = self.run.cleaned
        for spelling in cleaned.results.spellings if cleaned else ():
            self.tell(spelling)
        of_files = (file.warnings for file in self.run.files)
        warnings = [*chain(*of_files), *(cleaned.warnings if cleaned else ())]
        if warnings and self.run.options.verbosity:
            self.out.write(self.style.WARNING("\n".join(warnings)))

    def say_expectations(self) -> None:
        """Tell the numbers that were expected, and warn of those that were accepted."""
        for verdict in self.run.verdicts:
            text = describe(verdict)
            if verdict.is_met is False and verdict.accepted:
                self.warn(f"Accepted: {text}.")
            elif not verdict.is_broken:
                self.tell(f"Expected: {text}.")

    def warn_of_unguarded_deletion(self) -> None:
        """Warn where nothing but the default limit guards a table that rows are deleted of."""
        options = self.run.options
        has_limit = options.max_delete != DEFAULT_MAX_DELETE
        if self.run.deleted.rows and not (has_limit or self.run.expectations):
            self.warn(summary.UNGUARDED)

    def say_done(self, keys: summary.Keys) -> None:
        """Print which rows were left out, and what was written or would be written.

        Args:
            keys: The natural keys of models.
        """
        run = self.run
        if not run.options.verbosity:
            return
        if run.cleaned and not run.cleaned.left_out.is_empty():
            text = problems.describe_left_out(run.cleaned.left_out, run.cleaned.place)
            self._print(text, self.style.WARNING)
        if run.cleaned and not run.cleaned.noted.is_empty():
            text = problems.describe_noted(run.cleaned.noted, run.cleaned.place)
            self._print(text, self.style.WARNING)
        text = summary.describe(
            run.loaded,
            run.deleted,
            dry_run=run.options.dry_run,
            keys=keys,
            masking=run.masking,
        )
        self._print(text, self.style.SUCCESS)

    def say_rejects(self) -> None:
        """Print the problems of the rows that were skipped.

        Raises:
            CommandError: More rows were rejected than ``--allow-rejects`` allows.
        """
        run = self.run
        if run.rejects_file is None or run.found.is_empty() or not run.cleaned:
            return
        number, rows = run.found["line"].n_unique(), run.cleaned.rows
        end = summary.describe_rejects(number, rows, run.rejects)
        if run.rejects not in (None, run.rejects_file.path):
            end += (
                f' Another program has made "{shown(run.rejects_file.path)}" meanwhile.'
            )
        text = f"{self._explained()}\n{end}"
        if not run.options.allow_rejects.allows(number, of=rows):
            run.is_rejected = True
            raise CommandError(text)
        if run.options.verbosity:
            self._print(text, on_first_line(self.style.WARNING))

    def stopped(
        self, error: CleaningError | ImplausibleError | SourceError
    ) -> CommandError:
        """Return the error of a run that its source ended."""
        if isinstance(error, ImplausibleError) and not self.run.found.is_empty():
            return self.ended(f"{self._explained()}\n{error}")
        if not isinstance(error, CleaningError) or error.problems is None:
            return self.ended(str(error), code=error.returncode)
        run = self.run
        # Without a file there is no row to show.
        if run.masking.personal or run.files:
            text = self._explained()
        else:
            place = error.place or run.found_place or run.place
            found = run.masking.masked(error.problems)
            text = problems.describe(found, problems.Place(*place), self._headers)
        return self.ended(text + error.hint, code=error.returncode)

    def refused(
        self, error: DatabaseError | ValidationError, models: Iterable[type[Model]]
    ) -> CommandError:
        """Return the error of a run that the database ended."""
        if is_locked(error):
            text = summary.locked_by(holders_of(models))
            return self.ended(text, summary.WAIT_LONGER)
        text = sentence(error)
        hint = summary.IN_THE_TABLE if repeats_unique(error) else ""
        hint = summary.MIGRATE if lacks_table(error) else hint
        if self.run.masking.personal:
            # Only the first line, which names the constraint, holds no values; MariaDB
            # has both in one line.
            is_safe = isinstance(error, IntegrityError) and text == str(error).strip()
            text = text.partition("\n")[0] if is_safe else type(error).__name__
        return self.ended(f"The database refused the import: {text}", hint)

    def ended(self, text: str, hint: str = "", code: int = 1) -> CommandError:
        """Return the error of a run that ended early, with what stays written."""
        if self.run.options.leaves_batches:
            stays = f"{text}\n{summary.BATCHES_STAY}"
            return CommandError(stays, returncode=INTERRUPTED)
        return CommandError(f"{text}\n{summary.NOTHING_WRITTEN}{hint}", returncode=code)

    @property
    def _headers(self) -> Mapping[str, str]:
        return self.run.cleaned.headers if self.run.cleaned else {}

    def _explained(self) -> str:
        """Return the problems by cause, with their rows where these can be shown."""
        run = self.run
        place = run.found_place or run.place
        text = problems.explain(run.found, place, self._excerpts(place), self._headers)
        rejects = [shown_name(file.path) for file in run.files if is_of_rejects(file)]
        more = [*map(summary.lines_of_rejects, rejects), summary.EXPLAINED]
        return "\n".join([text, *more])

    def _excerpts(self, place: problems.Place) -> problems.ReadExcerpts:
        """Return what reads the rows of problems from the file, if it has lines."""
        rules, files = self.run.rules, self.run.files
        if rules is None or len(files) != 1 or place is not problems.LINES:
            return lambda _examples: {}
        [file] = files
        if isinstance(file, TableFile):
            return lambda _examples: {}
        return Pointer.at(file, rules.get_rename_map(), rules.masking()).read

    def _print(self, text: str, style: Callable[[str], str] | None = None) -> None:
        """Print a text, in colour only on a terminal or with ``--force-color``."""
        is_coloured = self.out.isatty() or self.run.options.force_color
        encoding = getattr(self.out, "encoding", None) or "utf-8"
        # A character that the output cannot show must not stop a run that is done.
        shown = text.encode(encoding, "backslashreplace").decode(encoding)
        self.out.write(shown, style if is_coloured else None)


def is_of_rejects(file: SourceFile) -> bool:
    """Return whether a file is one of rejects, in which each row has its first line."""
    return isinstance(file, DelimitedFile) and file.header.is_rejects
