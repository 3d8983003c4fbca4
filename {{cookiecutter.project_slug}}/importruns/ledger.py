"""Follows a run of an import, and keeps its record up to date.

The record is written outside of the transaction of the import: a run that fails is on record,
and others see how far one has come. Trouble with the ledger is told and never ends an import.
"""

import hashlib
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from math import inf
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.utils import timezone

from importkit.commands import spellings
from importkit.display_names import shown_name
from importkit.import_data import (
    Cancelled,
    ImportDataBaseCommand,
    LastRun,
    Outcome,
    Run,
    Watcher,
)
from importkit.loading import Journal, Mode, lacks_table, sentence
from importkit.models import ModelClass
from importruns import databases, same_file
from importruns.locks import RunLocks, databases_of_time_limit, tables_of
from importruns.models import ImportRun, RowChange, Status
from importruns.records import ending_of, file_of, machine, options_of
from importruns.undoing import keep_last

SECONDS_BETWEEN_WRITES = 1.0
BLOCK = 1_000_000  # Bytes that are hashed at a time.

# The record that this run has already: manage.py runimport starts one that was queued.
_record: ContextVar[ImportRun | None] = ContextVar("record", default=None)


@contextmanager
def recorded_as(record: ImportRun) -> Iterator[None]:
    """Have the import that is run in the block continue a record instead of making one."""
    token = _record.set(record)
    try:
        yield
    finally:
        _record.reset(token)


class Ledger(Watcher):
    """Keeps the record of one run."""

    record: ImportRun | None = None

    def __init__(self, command: ImportDataBaseCommand) -> None:
        """Find out whether the caller of the command has a transaction open."""
        super().__init__(command)
        # What the caller may roll back is not done; and a database in memory is gone soon.
        self._is_inside = connections[DEFAULT_DB_ALIAS].in_atomic_block
        self._is_told = False
        self._locks, self._is_waiting = RunLocks(), False
        self._handled: Counter[str] = Counter()
        self._written_at = 0.0
        self._hash: Future[str] | None = None

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Add the options of the ledger."""
        group = parser.add_argument_group("record of the run")
        group.add_argument(
            *spellings("no_ledger"),
            action="store_true",
            help="Leave no record of this run, and look for no other run.",
        )
        same_file.add_arguments(group)

    def started(self, run: Run) -> None:
        """Put the run on record."""
        is_off = self.command.options.get("no_ledger", False)
        if is_off or self._is_inside or not databases.can_record():
            return
        given = _record.get()
        _record.set(None)  # An import that this one starts has a record of its own.
        record = given or ImportRun(
            command=type(self.command).__module__.rpartition(".")[2],
            options=options_of(self.command.options),
            file_name=file_of(self.command.options)[:255],
            attempts=1,
        )
        record.status, record.started_at = Status.RUNNING, timezone.now()
        for field, value in machine().items():
            setattr(record, field, value)
        # A lock does not outlive its process: what was queued can wait for its turn.
        self._wait = run.options.wait or (0 if given is None else inf)
        self._options = run.options
        with self._trouble_told():
            if given is None:
                self._locks.put_on_record(record)
            else:  # Who gave it holds its lock.
                record.save()
            self.record = record

    def source_read(self, run: Run) -> None:
        """Note the files, and find out whether they were imported before."""
        if self.record is not None and run.options.timeout:
            self._take(self.record, databases_of_time_limit())
        if self.record is None or not run.files:
            return
        paths = [file.path for file in run.files]
        self.record.file_name = ", ".join(map(shown_name, paths))[:255]
        self.record.size = sum(path.stat().st_size for path in paths)
        earlier: list[ImportRun] = []
        with self._trouble_told():
            if not run.options.dry_run:
                earlier = same_file.earlier_runs(self.record)
        if not earlier:
            # In a thread, beside the import: it reads the same file.
            thread = ThreadPoolExecutor(1)
            self._hash = thread.submit(hash_of, paths)
            thread.shutdown(wait=False)
            return
        self.record.sha256 = hash_of(paths)
        same = [each for each in earlier if each.sha256 == self.record.sha256]
        if same:
            choice = self.command.options.get("same_file", same_file.GO_ON)
            self.command.warn(same_file.said_of(same[0], choice))

    def loading(self, models: Collection[ModelClass]) -> None:
        """Keep other imports out of the tables that the run writes to, and note them."""
        if self.record is None:
            return
        self._take(self.record, tables_of(models))
        self.record.tables = sorted(model._meta.db_table for model in models)
        keys = self.command.get_natural_keys()
        inserts = self._options.mode is Mode.INSERT
        self.record.is_repeatable = not inserts and all(map(keys.get, models))
        self._write("tables", "is_repeatable", "file_name", "size", "sha256")

    def _take(self, record: ImportRun, tables: Mapping[str, str]) -> None:
        if self._options.dry_run:
            return
        with self._trouble_told():
            self._locks.take_tables(record, tables, self._wait, self._waits)

    def _waits(self, who: str) -> None:
        """Say once for whom the run waits, and end it if somebody has cancelled it."""
        if not self._is_waiting:
            self.command.warn(who)
        self._is_waiting = True
        # The same again: only to find out whether the run is cancelled.
        self._write("started_at")

    def batch(self, model: ModelClass, rows: int) -> None:
        """Note how far the run has come, and end it if somebody has cancelled it."""
        self._handled[model._meta.label] += rows
        is_due = time.monotonic() - self._written_at >= SECONDS_BETWEEN_WRITES
        if self.record is None or not is_due:
            return
        self.record.counts = {"handled": dict(self._handled)}
        self._write("counts")

    def ended(self, outcome: Outcome) -> None:
        """Note how the run ended; then let other runs go on."""
        try:
            if self.record is not None:
                self._note(self.record, outcome)
        finally:
            self._locks.close()

    def _note(self, record: ImportRun, outcome: Outcome) -> None:
        for field, value in ending_of(outcome).items():
            setattr(record, field, value)
        record.finished_at = timezone.now()
        if record.status == Status.PLANNED:
            record.planned_at = record.finished_at
        if self._hash is not None:
            with suppress(OSError):  # The file is gone.
                record.sha256 = self._hash.result()
        with self._trouble_told():
            record.save()
            if self.command.keeps_undo and record.status == Status.DONE:
                keep_last(self.command.keeps_undo, record.command)
        connections[databases.ALIAS].close()

    def last_run(self) -> LastRun | None:
        """Return the last run of the command that was done."""
        last: ImportRun | None = None
        if self.record is None:
            return None
        with self._trouble_told():
            done = ImportRun.objects.filter(
                command=self.record.command, status=Status.DONE
            )
            # A run that skipped its file has counted nothing.
            last = done.exclude(counts__rows_read=None).first()
        return LastRun(str(last), last.counts.get("numbers", {})) if last else None

    def journal(self) -> Journal | None:
        """Return where the run notes its rows; without a record nobody could undo it."""
        if self.record is None:
            return None
        return Journal(RowChange._meta.db_table, self.record.pk)

    def _write(self, *fields: str) -> None:
        """Write fields of the record.

        Raises:
            Cancelled: Somebody has cancelled the run.
        """
        record = self.record
        if record is None:
            return
        values = {name: getattr(record, name) for name in fields}
        self._written_at = time.monotonic()
        with self._trouble_told():
            runs = ImportRun.objects.filter(pk=record.pk)
            is_going = runs.filter(is_cancelled=False).update(**values)
            if not is_going and runs.exists():
                record.is_cancelled = True
                raise Cancelled

    @contextmanager
    def _trouble_told(self) -> Iterator[None]:
        """Tell of an error of the ledger's database, once; the import goes on."""
        try:
            yield
        except (DatabaseError, OSError) as error:
            connections[databases.ALIAS].close()
            if self._is_told:
                return
            self._is_told = True
            why = sentence(error).strip().rstrip(".")
            hint = " Run manage.py migrate." if lacks_table(error) else ""
            self.command.warn(
                f"The ledger of imports cannot be written: {why}.{hint} The import goes on."
            )


def hash_of(paths: list[Path]) -> str:
    """Return the SHA-256 of the content of files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    return digest.hexdigest()
