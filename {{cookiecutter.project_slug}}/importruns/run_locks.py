"""The locks of one run: that of its record from start to end, and those of its tables."""

import time
from collections.abc import Callable, Collection
from contextlib import ExitStack

from django.core.management import CommandError
from django.db import connections, router, transaction
from django.utils import timezone

from importkit.commands import INTERRUPTED
from importkit.models import ModelClass, concrete
from importruns.databases import ALIAS
from importruns.locks import LockedError, holder, is_free, locked
from importruns.models import ImportRun, Status

LOOK_EVERY = 1.0  # Seconds between two looks whether a run that waits is cancelled.


def name_of(record: ImportRun) -> str:
    """Return the name of the lock that is held while a run goes on."""
    return f"run:{record.pk}"


def is_alive(record: ImportRun) -> bool:
    """Return whether a process runs the import of a record."""
    return not is_free(connections[ALIAS], name_of(record))


class RunLocks:
    """The locks of one run, on a connection that nothing else uses.

    Trouble with the connection that writes the record so does not end them.
    """

    def __init__(self) -> None:
        """Hold nothing yet, and connect to nothing."""
        self._connection = connections[ALIAS].copy()
        self._run, self._tables = ExitStack(), ExitStack()

    def put_on_record(self, record: ImportRun) -> None:
        """Save a new record, whose lock is held before others see that it is running."""
        with transaction.atomic(using=ALIAS):
            record.save()
            self.hold(record)

    def hold(self, record: ImportRun) -> None:
        """Take the lock of a record.

        Raises:
            LockedError: Another process runs this import.
        """
        self._run.enter_context(locked(self._connection, [name_of(record)]))

    def take_tables(
        self,
        record: ImportRun,
        models: Collection[ModelClass],
        wait: float,
        look: Callable[[str], None],
    ) -> None:
        """Take the locks of the tables of models, all of them or none.

        Args:
            record: The record of the run.
            models: The models that are written.
            wait: For how many seconds to wait while another run holds one.
            look: Called while it waits, with who holds it; may end the run.

        Raises:
            CommandError: Another run still writes to one of the tables.
        """
        self._tables.close()  # If the run starts again.
        names = {_name_of_table(model): model for model in models}
        ends = time.monotonic() + wait
        while True:
            left = ends - time.monotonic()
            try:
                taking = locked(self._connection, [*names], min(left, LOOK_EVERY))
                self._tables.enter_context(taking)
            except LockedError as error:
                who = self._holder(record, error.name, names[error.name])
                if left <= 0:
                    raise CommandError(
                        f"{who}\nNothing was written. Wait for that run with --wait "
                        "SECONDS, or see manage.py imports.",
                        returncode=INTERRUPTED,
                    ) from error
                look(f"{who} This run waits for it to end.")
            else:
                return

    def close(self) -> None:
        """Let go of all locks."""
        self._tables.close()
        self._run.close()
        self._connection.close()

    def _holder(self, own: ImportRun, name: str, model: ModelClass) -> str:
        """Return who writes to the table of a model, in a whole sentence."""
        using = router.db_for_write(model)
        is_sqlite = connections[using].vendor == "sqlite"
        what = f'the database "{using}"' if is_sqlite else model._meta.label
        writing = ImportRun.objects.filter(status=Status.RUNNING).exclude(pk=own.pk)
        for run in writing.order_by("started_at"):
            if (is_sqlite or _table(model) in run.tables) and _writes(run):
                return f"{_named(run)} writes to {what} since {_clock(run)}."
        known = holder(self._connection, name)
        return f"Another import{f' ({known})' if known else ''} writes to {what}."


def _name_of_table(model: ModelClass) -> str:
    using = router.db_for_write(model)
    if connections[using].vendor == "sqlite":
        # It has one writer: a second one would end with "database is locked".
        return f"database:{using}"
    return f"table:{using}.{_table(model)}"


def _table(model: ModelClass) -> str:
    return str(concrete(model)._meta.db_table)


def _writes(run: ImportRun) -> bool:
    return bool(run.tables) and not run.options.get("dry_run") and is_alive(run)


def _named(run: ImportRun) -> str:
    command = f"{run.command} on {run.host}" if run.host else run.command
    return f"Run {run.pk} ({command}, process {run.process})"


def _clock(run: ImportRun) -> str:
    """Return when a run has started: the time alone if that was today."""
    if run.started_at is None:
        return "a moment ago"
    started = timezone.localtime(run.started_at)
    is_today = started.date() == timezone.localdate()
    return started.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")
