"""What a run says when it ends: on screen, and in the report for other programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import Error as DatabaseError
from django.db import IntegrityError

from importkit import problems
from importkit.cleaning import CleaningDF, CleanStream, Masking
from importkit.commands import INTERRUPTED, TIMED_OUT
from importkit.errors import CleaningError, SourceError
from importkit.import_data import summary
from importkit.import_data.excerpts import Pointer
from importkit.import_data.json_report import Facts, Report, Status
from importkit.import_data.options import NO_REJECTS, ImportOptionsCommand
from importkit.import_data.output_files import Rejects
from importkit.source import DelimitedFile, TableFile


class ReportingCommand(ImportOptionsCommand):
    """A command that says what it did, or why it did not.

    Attributes:
        cleaning_df: The cleaned source, once the step is done.
    """

    cleaning_df: CleaningDF | CleanStream
    _files: Sequence[DelimitedFile | TableFile] = ()
    _rejects: Rejects | None = None
    _report: Report | None = None
    _cleaning_rules: type[CleaningDF] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Know of no run yet."""
        super().__init__(*args, **kwargs)
        self._facts = Facts()

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command and write the report, if one is wanted, however it ends."""
        self._report = None
        try:
            output = super().execute(*args, **options)
        except BaseException as error:
            self._write_report(error)
            raise
        self._write_report()
        return output

    def _begin(self) -> None:
        """Forget an earlier run, and see to it that a report can be written."""
        self._facts = Facts()
        self._files, self._rejects, self._cleaning_rules = (), None, None
        path = self._option(self.Options.REPORT, None)
        if path is not None:
            report = Report(path)
            report.check(self.confirm)
            self._report = report

    def _keep_report_apart(self) -> None:
        """Refuse to write the report over another file of the run."""
        if self._report is None:
            return
        others = {file.path: "the file that is imported" for file in self._files}
        if self._rejects:
            others[self._rejects.path] = "the file with the rejects"
        try:
            self._report.refuse(others)
        except SourceError:
            self._report = None
            raise

    @property
    def _masking(self) -> Masking:
        rules = self._cleaning_rules
        return rules.masking() if rules else Masking()

    @property
    def _headers(self) -> Mapping[str, str]:
        return self._facts.cleaned.headers if self._facts.cleaned else {}

    def _say_done(self, keys: summary.Keys) -> None:
        if not self._verbosity():
            return
        left_out = self.cleaning_df.left_out
        if not left_out.is_empty():
            text = problems.describe_left_out(left_out, self.cleaning_df.place)
            self._say(text, self.style.WARNING)
        text = summary.describe(
            self._facts.loaded,
            self._facts.deleted,
            dry_run=self.get_option(self.Options.DRY_RUN),
            keys=keys,
            masking=self._masking,
        )
        self._say(text, self.style.SUCCESS)

    def _say_rejects(self) -> None:
        """Say what is wrong with the rows that were skipped; end with 1 if too many."""
        found = self._facts.found
        if self._rejects is None or found.is_empty():
            return
        number, rows = found["line"].n_unique(), self.cleaning_df.rows
        end = summary.describe_rejects(number, rows, self._facts.rejects)
        text = f"{self._explained()}\n{end}"
        limit = self._option(self.Options.ALLOW_REJECTS, NO_REJECTS)
        if not limit.allows(number, of=rows):
            self._facts.is_rejected = True
            raise CommandError(text)
        if self._verbosity():
            self._say(text, self.style.WARNING)

    def _explained(self) -> str:
        """Return problems with the rows of the file that they are in, if it is known."""
        found, rules = self._facts.found, self._cleaning_rules
        place = self._facts.found_place or self._facts.place
        headers = self._headers
        if rules is None or len(self._files) != 1 or place is not problems.LINES:
            return problems.explain(found, place, lambda _examples: {}, headers)
        [file] = self._files
        if isinstance(file, TableFile):  # Which has no lines to be shown.
            return problems.explain(found, place, lambda _examples: {}, headers)
        pointer = Pointer.at(file, rules.get_rename_map(), rules.masking())
        return problems.explain(found, place, pointer.read, headers)

    def _stopped(self, error: CleaningError | SourceError) -> CommandError:
        """Return the error of a run that its source stopped."""
        if not isinstance(error, CleaningError) or error.problems is None:
            return self._ended(str(error), code=error.returncode)
        self._facts.is_rejected = True
        self._facts.found = self._masking.masked(error.problems)
        # Of a lazy frame without lines, the lines of its batches are rows.
        is_row = problems.ROWS in (error.place, self._facts.place)
        self._facts.found_place = problems.ROWS if is_row else problems.LINES
        # Of a frame that came from no file there is nothing to show.
        if self._masking.personal or self._files:
            text = self._explained()
        else:
            place = error.place or self._facts.found_place
            place = problems.Place(*place)
            text = problems.describe(error.problems, place, self._headers)
        return self._ended(text + error.hint, code=error.returncode)

    def _refused(self, error: DatabaseError | ValidationError) -> CommandError:
        """Return the error of a run that the database stopped."""
        text = str(error).strip()
        # Both SQLite and PostgreSQL say so in this word.
        hint = summary.IN_THE_TABLE if "unique" in text.lower() else ""
        if self._masking.personal:
            # Only the first line of these, about the constraint, holds no values.
            is_safe = isinstance(error, IntegrityError)
            text = text.partition("\n")[0] if is_safe else type(error).__name__
        return self._ended(f"The database refused the import: {text}", hint)

    def _ended(self, text: str, hint: str = "", code: int = 1) -> CommandError:
        """Return the error of a run that did not come to its end."""
        if self._leaves_batches:
            stays = f"{text}\n{summary.BATCHES_STAY}"
            return CommandError(stays, returncode=INTERRUPTED)
        return CommandError(f"{text}\n{summary.NOTHING_WRITTEN}{hint}", returncode=code)

    def _cause(self, error: Exception) -> Exception | None:
        """Return an error for a traceback, unless it may show personal values."""
        return None if self._masking.personal else error

    def _write_report(self, error: BaseException | None = None) -> None:
        if self._report is None:
            return
        facts = self._facts
        if facts.cleaned is not None and facts.found.is_empty():
            facts.found = self._masking.masked(facts.cleaned.problems)
        code = 0 if error is None else getattr(error, "returncode", 1)
        if code == TIMED_OUT or isinstance(error, DatabaseError):
            facts.loaded, facts.deleted = {}, {}  # It was rolled back in the end.
        head = {
            "command": type(self).__module__.rpartition(".")[2],
            "files": [str(file.path) for file in self._files],
            "mode": self._option(self.Options.MODE, None),
            "dry_run": self.get_option(self.Options.DRY_RUN),
            "status": status_of(error, is_rejected=facts.is_rejected),
            "exit_code": code,
            "error": self._error_text(error),
        }
        try:
            self._report.write(head, facts)
        except SourceError as unwritten:
            if error is None:
                raise CommandError(f"{unwritten} The import is done.") from unwritten
            self.stderr.write(str(unwritten))

    def _error_text(self, error: BaseException | None) -> str | None:
        if error is None:
            return None
        if isinstance(error, CommandError):
            return str(error)
        name = type(error).__name__
        # What a crash says may be any value.
        return name if self._masking.personal else f"{name}: {error}"


def status_of(error: BaseException | None, *, is_rejected: bool) -> Status:
    """Return how a run ended that ended with an error, or without one."""
    if error is None:
        return Status.DONE
    if isinstance(error, KeyboardInterrupt) or isinstance(
        error.__cause__, KeyboardInterrupt
    ):
        return Status.INTERRUPTED
    return Status.REJECTED if is_rejected else Status.FAILED
