"""What a run did, or why it did not, as one value: for reports, watchers and callers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polars as pl
from django.core.management import CommandError
from django.db import Error as DatabaseError
from django.db.models import Model

from importkit import problems
from importkit.cleaning import remedy_for_sender
from importkit.commands import TIMED_OUT
from importkit.display_names import with_shown_paths
from importkit.import_data.deletion import Deleted
from importkit.import_data.expectations import Recorded, Verdict, causes_of
from importkit.import_data.run import Run
from importkit.loading import Loaded, Mode


class Status(StrEnum):
    """How a run ended.

    Attributes:
        DONE: The run did what it was asked to do.
        REJECTED: More rows than allowed have problems, or the file as a whole is not as
            expected.
        FAILED: Another error ended the run.
        INTERRUPTED: Ctrl-C, SIGTERM or ``--timeout`` ended the run.
    """

    DONE = "done"
    REJECTED = "rejected"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class ModelCounts:
    """What became of the rows of one model.

    Attributes:
        model: The label of the model.
        mode: What the run was allowed to do.
        new: Rows that were created.
        changed: Rows of which at least one field got another value.
        changed_by_field: In how many rows each field changed, the most first.
        unchanged: Rows that are in the table as they are in the source.
        missing: With ``Mode.SYNC``, rows of the table that the source does not have.
    """

    model: str
    mode: str
    new: int
    changed: int
    changed_by_field: Mapping[str, int]
    unchanged: int
    missing: int | None


@dataclass(frozen=True)
class Outcome:
    """What a run did, or why it did not.

    The rows with problems are not in it, only their causes: there may be millions of them.
    ``--report`` writes all, and ``rejects`` has the rows themselves.

    Attributes:
        command: The name of the command.
        files: The files that were read.
        mode: The mode that was asked for; None if each model has its own.
        dry_run: Whether nothing was to be written.
        status: How the run ended.
        exit_code: The exit code of the command.
        error: The message that ended the run, if one did.
        warnings: The remarks that everybody should read.
        models: What became of the rows of each model; nothing if it was rolled back.
        deleted: For each label of a model, how many rows were deleted.
        changed_by_deletion: For each foreign key, how many rows the deletion changed.
        rows_read: How many rows the source has, as far as it was read.
        rows_rejected: How many of them have problems.
        problems_in: What line numbers of problems count: ``lines`` or ``rows``.
        left_out_in: What line numbers of rows that were left out count.
        expectations: Whether the file is as ``get_expectations`` says.
        numbers: What it shows, by the names of expectations: what later runs are compared
            with. Decimals, days and times are texts. Empty if the run ended before.
        causes: The problems by column, code and reason, each with its first values; before
            them the expectations that are not met, which have no rows.
        rejects: The file of rejects, if rows were rejected.
        report: The file of the report, if one was asked for.
    """

    command: str
    files: Sequence[Path]
    mode: Mode | None
    dry_run: bool
    status: Status
    exit_code: int
    error: str | None
    warnings: Sequence[str]
    models: Sequence[ModelCounts]
    deleted: Mapping[str, int]
    changed_by_deletion: Mapping[str, int]
    rows_read: int | None
    rows_rejected: int
    problems_in: str
    left_out_in: str
    expectations: Sequence[Verdict]
    numbers: Mapping[str, Recorded]
    causes: Sequence[problems.Cause]
    rejects: Path | None
    report: Path | None


def outcome_of(run: Run, command: str, error: BaseException | None) -> Outcome:
    """Return the outcome of a run.

    Args:
        run: What the run has found.
        command: The name of the command.
        error: The error that ended the run; None if the run is done.
    """
    # A run that had been written may have been rolled back after that.
    is_undone = _exit_code(error) == TIMED_OUT or isinstance(error, DatabaseError)
    loaded, deleted = ({}, Deleted()) if is_undone else (run.loaded, run.deleted)
    found = found_in(run)
    return Outcome(
        command=command,
        files=[file.path for file in run.files],
        mode=run.options.mode,
        dry_run=run.options.dry_run,
        status=status_of(error, is_rejected=run.is_rejected),
        exit_code=_exit_code(error),
        error=_error_text(run, error),
        warnings=list(dict.fromkeys(run.warnings)),
        models=[_counts(model, done) for model, done in loaded.items()],
        deleted=dict(deleted.rows),
        changed_by_deletion=dict(deleted.changed),
        rows_read=run.cleaned.rows if run.cleaned else run.rows,
        rows_rejected=found["line"].n_unique(),
        problems_in=(run.found_place or run.place).plural,
        left_out_in=run.place.plural,
        expectations=run.verdicts,
        numbers=run.numbers,
        causes=[
            *causes_of(run.verdicts),
            *(_for_both(run, cause) for cause in problems.causes(found)),
        ],
        rejects=run.rejects,
        report=run.report_file.path if run.report_file else None,
    )


def found_in(run: Run) -> pl.DataFrame:
    """Return the problems that a run has found, of ``problems.SCHEMA``, masked."""
    if run.cleaned is not None and run.found.is_empty():
        return run.masking.masked(run.cleaned.problems)
    return run.found


def _for_both(run: Run, cause: problems.Cause) -> problems.Cause:
    """Add what the person who made the file can do, in the notation of the file."""
    if run.rules:
        return cause._replace(for_sender=remedy_for_sender(run.rules, cause))
    return cause._replace(for_sender=problems.remedy_for_sender(cause))


def status_of(error: BaseException | None, *, is_rejected: bool) -> Status:
    """Return how a run ended, from the error that ended it, if there was one."""
    if error is None:
        return Status.DONE
    if isinstance(error, KeyboardInterrupt) or isinstance(
        error.__cause__, KeyboardInterrupt
    ):
        return Status.INTERRUPTED
    return Status.REJECTED if is_rejected else Status.FAILED


def _exit_code(error: BaseException | None) -> int:
    return 0 if error is None else getattr(error, "returncode", 1)


def _error_text(run: Run, error: BaseException | None) -> str | None:
    if error is None:
        return None
    if isinstance(error, CommandError):
        return str(error)
    name = type(error).__name__
    # The text of a crash may hold any value.
    return name if run.masking.personal else f"{name}: {with_shown_paths(str(error))}"


def _counts(model: type[Model], done: Loaded) -> ModelCounts:
    outcome = done.outcome
    return ModelCounts(
        model=model._meta.label,
        mode=done.mode.value,
        new=outcome.new,
        changed=outcome.changed,
        changed_by_field=dict(outcome.changed_by_field.most_common()),
        unchanged=outcome.unchanged,
        missing=outcome.missing if done.mode is Mode.SYNC else None,
    )
