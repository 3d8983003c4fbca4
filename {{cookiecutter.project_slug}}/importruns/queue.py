"""The queue of imports, which is the ledger: what waits, what is taken, what was lost."""

import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from importkit.import_data import import_named
from importkit.loading import lacks_table
from importruns.flags import checked
from importruns.locks import is_alive
from importruns.models import ImportRun, Status
from importruns.records import file_of

MOST_ATTEMPTS = 3
LOST = (
    "The process of the run ended without a word, for example by kill -9, because the "
    "memory was used up, or because the machine stopped. "
)
ROLLED_BACK = "What it had not committed was rolled back."
SECONDS_TO_NOTICE = 5  # Until a server lets go of the locks of a process that is gone.
NOT_AGAIN = "It is not started again by itself: "


def enqueue(command: str, options: Mapping[str, Any], **about: Any) -> ImportRun:
    """Put an import into the queue, which ``manage.py runimports`` takes it from.

    Args:
        command: The name of the command, such as ``import_products``.
        options: Its options by name, such as ``{"file": path}``.
        about: Other fields of the record, such as ``user`` or ``parent``. A file that is
            stored under another name has ``stored_file``, its path below the folder of
            imports, and ``file_name``, which messages show.

    Raises:
        ConfigurationError: There is no such import, or it has no such option.
        CommandError: An option does not take its value, or one is missing.
    """
    recorded = checked(import_named(command), options)
    return ImportRun.objects.create(
        command=command,
        options=recorded,
        status=Status.QUEUED,
        queued_at=timezone.now(),
        **{"file_name": file_of(recorded)[:255], **about},
    )


def queued() -> QuerySet[ImportRun]:
    """Return the runs that wait, the oldest first."""
    return ImportRun.objects.filter(status=Status.QUEUED).order_by("pk")


def claim(record: ImportRun) -> bool:
    """Make a queued run one that is running, and return whether it was still queued.

    The caller holds the lock of the run, so that nobody takes it for lost.
    """
    return _changed(
        record,
        Status.QUEUED,
        status=Status.RUNNING,
        attempts=record.attempts + 1,
        host=socket.gethostname(),
        process=os.getpid(),
        started_at=timezone.now(),
        finished_at=None,
        exit_code=None,
        error="",
    )


def never_began(record: ImportRun, exit_code: int) -> bool:
    """Count an attempt whose process ended before it took the run; return if that was so.

    After the last attempt the run has failed, so that no runner tries for ever.
    """
    attempts = record.attempts + 1
    is_last = attempts >= MOST_ATTEMPTS
    error = f"Its process ended with exit code {exit_code}, and its output says why."
    return _changed(
        record,
        Status.QUEUED,
        attempts=attempts,
        status=Status.FAILED if is_last else Status.QUEUED,
        exit_code=exit_code,
        error=error,
        finished_at=timezone.now(),
    )


def settle(record: ImportRun, status: Status, error: str, exit_code: int) -> bool:
    """End a run that has not ended its record itself; return whether that was so."""
    return _changed(
        record,
        Status.RUNNING,
        status=status,
        error=error,
        exit_code=exit_code,
        finished_at=timezone.now(),
    )


def wait_until_noticed(record: ImportRun) -> None:
    """Wait until the database has noticed that the process of a run has ended."""
    ends = time.monotonic() + SECONDS_TO_NOTICE
    while is_alive(record) and time.monotonic() < ends:
        time.sleep(0.02)


def mark_lost() -> list[ImportRun]:
    """Find the runs that are on record as running, and are not; return them, marked."""
    running = ImportRun.objects.filter(status=Status.RUNNING)
    return [run for run in running if not is_alive(run) and _is_lost(run)]


def _is_lost(run: ImportRun) -> bool:
    why = why_not_again(run) if run.queued_at else ""
    text = f"{LOST}{ROLLED_BACK} {NOT_AGAIN}{why}" if why else f"{LOST}{ROLLED_BACK}"
    return settle(run, Status.LOST, text, 3)


def queue_lost_again() -> list[ImportRun]:
    """Queue lost runs again where that is safe, and return them.

    Only runs that came from the queue: what a person started, that person starts again.
    """
    later = ImportRun.objects.filter(
        command=OuterRef("command"), status=Status.DONE, pk__gt=OuterRef("pk")
    )
    # A runner asks each second: what is left for good costs it no further question.
    lost = ImportRun.objects.filter(
        ~Exists(later),
        status=Status.LOST,
        queued_at__isnull=False,
        is_cancelled=False,
        attempts__lt=MOST_ATTEMPTS,
    )
    return [
        run
        for run in lost.order_by("pk")
        if not why_not_again(run) and _changed(run, Status.LOST, status=Status.QUEUED)
    ]


def why_not_again(run: ImportRun) -> str:
    """Return why a lost run is not started again by itself, in a sentence; "" if it is."""
    if run.attempts >= MOST_ATTEMPTS:
        return f"it was tried {run.attempts} times."
    if run.tables and not run.is_repeatable:
        return (
            "it may have written its rows before it ended, and without a natural key they "
            "would be written twice. Look at the table first, then use "
            f"manage.py imports --retry {run.pk}."
        )
    later = ImportRun.objects.filter(
        command=run.command, status=Status.DONE, pk__gt=run.pk
    ).first()
    if later:
        return f"{later} has imported what came after it."
    return ""


def _changed(record: ImportRun, expected: Status, **values: Any) -> bool:
    """Change a record if it still is as it was read, so that only one of two does it."""
    same = ImportRun.objects.filter(
        pk=record.pk, status=expected, attempts=record.attempts
    )
    if not same.update(**values):
        return False
    for name, value in values.items():
        setattr(record, name, value)
    return True


@contextmanager
def told_to_migrate() -> Iterator[None]:
    """Say it in a sentence if the ledger has no tables yet, or no database at all."""
    try:
        yield
    except ImproperlyConfigured as error:
        raise CommandError(f"There is no record of imports: {error}") from error
    except DatabaseError as error:
        if not lacks_table(error):
            raise
        raise CommandError(
            "There is no record of imports in the database yet: run manage.py migrate."
        ) from error
