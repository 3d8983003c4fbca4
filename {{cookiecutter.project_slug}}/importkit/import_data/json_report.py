"""The report of a run: what it did, or why it did not, as JSON for other programs."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from io import BytesIO
from typing import Any

import polars as pl
from django.core.management import CommandError
from django.db import Error as DatabaseError
from django.db.models import Model

from importkit import problems
from importkit.commands import TIMED_OUT
from importkit.import_data.deletion import Deleted
from importkit.import_data.run import Run
from importkit.loading import Loaded, Mode

VERSION = 1
SLICE = 10_000  # Rows that are turned into text at a time, to bound memory.


class Status(StrEnum):
    """How a run ended.

    Attributes:
        DONE: The run did what it was asked to do.
        REJECTED: More rows than allowed have problems.
        FAILED: Another error ended the run.
        INTERRUPTED: Ctrl-C, SIGTERM or ``--timeout`` ended the run.
    """

    DONE = "done"
    REJECTED = "rejected"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


def report_of(run: Run, command: str, error: BaseException | None) -> Iterator[bytes]:
    """Yield the report of a run, from behind ``REPORT_OPENING``; rows slice by slice.

    Args:
        run: What the run has found.
        command: The name of the command.
        error: The error that ended the run; None if the run is done.
    """
    found = run.found
    if run.cleaned is not None and found.is_empty():
        found = run.masking.masked(run.cleaned.problems)
    left_out = run.cleaned.left_out if run.cleaned else pl.DataFrame()
    yield str(VERSION).encode()
    for name, value in {
        **_ending(run, command, error),
        **_counts(run, found, is_undone=_is_undone(error)),
    }.items():
        # Bytes in the name of a file that are not text are escaped, as in JSON.
        text = json.dumps(value, ensure_ascii=False)
        yield f',\n"{name}": {text}'.encode(errors="backslashreplace")
    by_line = found.sort("line", maintain_order=True)
    for name, rows in {"left_out": left_out, "problems": by_line}.items():
        yield f',\n"{name}": ['.encode()
        yield from _rows(rows)
        yield b"]"
    yield b"\n}\n"


def _ending(run: Run, command: str, error: BaseException | None) -> dict[str, Any]:
    """Return how the run was started and how it ended."""
    return {
        "command": command,
        "files": [str(file.path) for file in run.files],
        "mode": run.options.mode,
        "dry_run": run.options.dry_run,
        "status": status_of(error, is_rejected=run.is_rejected),
        "exit_code": _exit_code(error),
        "error": _error_text(run, error),
    }


def _counts(run: Run, found: pl.DataFrame, *, is_undone: bool) -> dict[str, Any]:
    """Return what the run did, in numbers; nothing of it if it was rolled back."""
    loaded, deleted = ({}, Deleted()) if is_undone else (run.loaded, run.deleted)
    return {
        "warnings": list(dict.fromkeys(run.warnings)),
        "models": [_model(model, done) for model, done in loaded.items()],
        "deleted": dict(deleted.rows),
        "changed_by_deletion": dict(deleted.changed),
        "rows_read": run.cleaned.rows if run.cleaned else run.rows,
        "rows_rejected": found["line"].n_unique(),
        "rejects": run.rejects and str(run.rejects),
        "problems_in": (run.found_place or run.place).plural,
        "left_out_in": run.place.plural,
        "causes": [_cause(cause) for cause in problems.causes(found)],
    }


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


def _is_undone(error: BaseException | None) -> bool:
    """Return whether a run that had been written was rolled back after that."""
    return _exit_code(error) == TIMED_OUT or isinstance(error, DatabaseError)


def _error_text(run: Run, error: BaseException | None) -> str | None:
    if error is None:
        return None
    if isinstance(error, CommandError):
        return str(error)
    name = type(error).__name__
    # The text of a crash may hold any value.
    return name if run.masking.personal else f"{name}: {error}"


def _model(model: type[Model], done: Loaded) -> dict[str, Any]:
    outcome = done.outcome
    return {
        "model": model._meta.label,
        "mode": done.mode.value,
        "new": outcome.new,
        "changed": outcome.changed,
        "changed_by_field": dict(outcome.changed_by_field.most_common()),
        "unchanged": outcome.unchanged,
        "missing": outcome.missing if done.mode is Mode.SYNC else None,
    }


def _cause(cause: problems.Cause) -> dict[str, Any]:
    return {
        "column": cause.column,
        "code": cause.code or None,
        "reason": cause.reason,
        "rows": cause.rows,
        "first_lines": cause.lines,
        "remedy": problems.remedy_of(cause.code),
    }


def _rows(df: pl.DataFrame) -> Iterator[bytes]:
    """Yield rows as the elements of a JSON array, many in each chunk."""
    for number, part in enumerate(df.iter_slices(SLICE)):
        text = BytesIO()
        part.write_ndjson(text)
        # Each line is one object: polars escapes line ends in values.
        objects: Sequence[bytes] = text.getvalue().rstrip(b"\n").split(b"\n")
        yield (b",\n" if number else b"\n") + b",\n".join(objects)
