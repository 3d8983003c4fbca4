"""The locks of one run: that of its record from start to end, and those of its tables."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack

from django.core.management import CommandError
from django.db import connections, router, transaction
from django.utils import timezone

from importkit.commands import INTERRUPTED
from importkit.models import ModelClass, concrete
from importruns.databases import ALIAS
from importruns.locks.holding import LockedError, holder, is_free, locked
from importruns.models import ImportRun, Status
from importruns.times import local

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
        self._taken: set[str] = set()

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
        tables: Mapping[str, str],
        wait: float,
        look: Callable[[str], None],
    ) -> None:
        """Take the locks of tables, all of them or none, unless they are held already.

        Args:
            record: The record of the run.
            tables: The names of locks, each with what it is of, from ``tables_of``.
            wait: For how many seconds to wait while another run holds one.
            look: Called while it waits, with who holds it; may end the run.

        Raises:
            CommandError: Another run still writes to one of the tables.
        """
        new = [name for name in tables if name not in self._taken]
        ends = time.monotonic() + wait
        while True:
            left = ends - time.monotonic()
            try:
                taking = locked(self._connection, new, min(left, LOOK_EVERY))
                self._tables.enter_context(taking)
            except LockedError as error:
                who = self._holder(record, error.name, tables[error.name])
                if left <= 0:
                    raise CommandError(
                        f"{who}\nNothing was written. Wait for that run with --wait "
                        "SECONDS, or see manage.py imports.",
                        returncode=INTERRUPTED,
                    ) from error
                look(f"{who} This run waits for it to end.")
            else:
                self._taken.update(new)
                return

    def close(self) -> None:
        """Let go of all locks: a session that ends has none, and needs no statement for each."""
        self._connection.close()
        self._tables.close()
        self._run.close()

    def _holder(self, own: ImportRun, name: str, what: str) -> str:
        """Return who holds the lock of a table, in a whole sentence."""
        writing = ImportRun.objects.filter(status=Status.RUNNING).exclude(pk=own.pk)
        for run in writing.order_by("started_at"):
            if _may_hold(run, name) and is_alive(run):
                return f"{_named(run)} has been writing to {what} since {_clock(run)}."
        known = holder(self._connection, name)
        return f"Another import{f' ({known})' if known else ''} writes to {what}."


def tables_of(models: Collection[ModelClass]) -> dict[str, str]:
    """Return the names of the locks of the tables of models, each with what it is of."""
    named: dict[str, str] = {}
    for model in models:
        using = router.db_for_write(model)
        if connections[using].vendor == "sqlite":
            named |= whole_database(using)
        else:
            named[f"table:{using}.{concrete(model)._meta.db_table}"] = model._meta.label
    return named


def whole_database(using: str) -> dict[str, str]:
    """Return the lock of a database of SQLite, with what it is of.

    SQLite has one writer: a second one would end with "database is locked".
    """
    return {f"database:{using}": f'the database "{using}"'}


def databases_of_time_limit() -> dict[str, str]:
    """Return the locks of what ``--timeout`` keeps others from writing, from the start."""
    named: dict[str, str] = {}
    for one in connections.all():
        if one.vendor == "sqlite" and one.settings_dict.get("ATOMIC_COMMANDS", True):
            named |= whole_database(one.alias)
    return named


def _may_hold(run: ImportRun, name: str) -> bool:
    """Return whether a run that is under way may hold the lock of a table."""
    if run.options.get("dry_run"):
        return False
    if name.startswith("database:"):
        return bool(run.tables or run.options.get("timeout"))
    return name.rpartition(".")[2] in run.tables


def _named(run: ImportRun) -> str:
    command = f"{run.command} on {run.host}" if run.host else run.command
    return f"Run {run.pk} ({command}, process {run.process})"


def _clock(run: ImportRun) -> str:
    """Return when a run has started: the time alone if that was today."""
    if run.started_at is None:
        return "a moment ago"
    started = local(run.started_at)
    is_today = started.date() == local(timezone.now()).date()
    return started.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")
