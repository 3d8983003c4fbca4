"""Step 4, load: the batches of a frame are checked and written, one after the other."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import chain

import polars as pl
from django.db import DatabaseError

from importkit.loading.database_errors import is_transient
from importkit.loading.plan import TableTarget, rows_to_come
from importkit.loading.refusals import HoldingWriter
from importkit.loading.row_checks import Batch, RowChecks
from importkit.loading.through_django.batches import BatchWriter
from importkit.loading.through_django.judge import Judge
from importkit.loading.through_django.orm import ORMWriter
from importkit.loading.writers.catalogue import catalogue
from importkit.loading.writers.direct import DirectWriter, NeedsIndexesError
from importkit.loading.writers.interface import Writer
from importkit.loading.writers.merging import MergingWriter
from importkit.models import (
    Parents,
    Relation,
    checks_keys_at_once,
    concrete,
    frame_levels,
    relations_to_own_rows,
    runs_code_of_project,
    writable_fields,
)
from importkit.source import LINE, Frame, batches_of

AGAIN = (
    "The database ended the transaction because another one got in its way. The {} is "
    "written again."
)
PAUSES = (0.1, 0.5, 2.0)  # Seconds before a transaction is tried again.
ROWS = 50_000  # Rows in a batch: many enough for COPY, few enough for little memory.
# Rows from which on it is quicker to build the indexes of an empty table at the end.
MANY = 100_000


type AnyWriter = ORMWriter | MergingWriter | DirectWriter


@dataclass(frozen=True)
class FramePipeline:
    """The way of one frame's rows into their table.

    Attributes:
        target: The table.
        relations: The foreign keys that the frame gives by natural keys.
        parents: Looks up the parents of these foreign keys.
        step: The number of rows in a batch.
        is_distinct: Whether the frame is known to hold each natural key once.
        skip: Whether rows that do not fit are skipped.
        stops_at: Returns the line from which on rows are only checked, or None.
        transaction: Opens the transaction of a batch.
        by_batch: Whether each batch is committed separately.
        warn: Receives a remark that everybody should read.
        watch: Receives the number of rows after each batch.
        tell: Receives a remark.
    """

    target: TableTarget
    relations: Sequence[Relation]
    parents: Parents
    step: int
    is_distinct: bool
    skip: bool
    stops_at: Callable[[], int | None]
    transaction: Callable[[], AbstractContextManager[None]]
    by_batch: bool
    warn: Callable[[str], None]
    watch: Callable[[int], None]
    tell: Callable[[str], None]

    def write(self, frame: Frame, writer: AnyWriter) -> pl.DataFrame:
        """Write the rows of a frame; stop at a row that does not fit, unless skipping.

        Returns:
            The problems of the rows that were skipped, of ``problems.SCHEMA``.

        Raises:
            CleaningError: Rows do not fit the model, have no parent, repeat a value that
                is unique, or are refused by the database. The error names all of them.
                When rows are skipped, the error is raised only for rows that refer to
                a row of their own table that does not exist.
        """
        checks = RowChecks(
            self.target,
            self.relations,
            self.parents,
            is_distinct=self.is_distinct,
            skip=self.skip,
        )
        columns = frame.collect_schema().names()
        batch_writer = self._batch_writer(columns, checks, writer)
        model = concrete(self.target.model)
        own = [r for r in self.relations if concrete(r.parent) is model]
        if checks_keys_at_once(model):
            own += relations_to_own_rows(model, columns)
        levels: Iterable[Frame] = [frame]
        if own:
            levels = frame_levels(own, frame.lazy().collect())
        number = done = 0
        for level in levels:
            rows = _batches(level, self.step)
            prepared = self._prepared_batches(columns, rows, checks, writer)
            try:
                with closing(prepared):
                    for batch in self._stripped(
                        prepared,
                        batch_writer,
                        looks_itself_up=bool(own),
                        calls_project=self._calls_project(columns),
                    ):
                        self._write(batch, batch_writer, writer, is_first=not number)
                        number += 1
                        done += batch.height
                        self.watch(batch.height)
                with self.transaction():
                    batch_writer.settle()
            except NeedsIndexesError:
                # A stream that is left would go on beside the one that reads it again.
                deque(rows, maxlen=0)
                self.watch(-done)
                raise
            if own:
                coming = rows_to_come(self.target, writer.outcome)
                self.parents.add_planned(self.target.model, writer.planned, coming)
        return checks.finish()

    def _stripped(
        self,
        batches: Iterator[Batch],
        to: BatchWriter | HoldingWriter,
        *,
        looks_itself_up: bool,
        calls_project: bool,
    ) -> Iterator[Batch]:
        """Return batches; before, drop the indexes of an empty table if many rows come.

        Args:
            batches: The batches, of which the first ones are awaited.
            to: What writes them.
            looks_itself_up: Whether the rows look for parents in their own table.
            calls_project: Whether code of the project runs between two batches.
        """
        is_doomed = self.stops_at() is not None
        if is_doomed or not (isinstance(to, HoldingWriter) and to.may_strip):
            return batches
        ahead: list[Batch] = []
        height = 0
        for batch in batches:
            ahead.append(batch)
            height += batch.height
            if height >= MANY or calls_project:
                break
        if height >= MANY and all(batch.encoded is not None for batch in ahead):
            reasons = {
                "its rows refer to each other": looks_itself_up,
                "code of the project, such as a validator, may look for rows": (
                    calls_project
                ),
            }
            self.tell(to.strip([reason for reason, holds in reasons.items() if holds]))
        return chain(ahead, batches)

    def _write(
        self,
        batch: Batch,
        to: BatchWriter | HoldingWriter,
        writer: Writer,
        *,
        is_first: bool,
    ) -> None:
        """Write a batch; do it again where the database ended it for another program."""
        for pause in (*PAUSES, None):
            before = deepcopy(writer.outcome)
            try:
                with self.transaction():
                    to.write(batch)
                return
            except DatabaseError as error:
                if pause is None or not (self.by_batch and is_transient(error)):
                    raise
                self.warn(AGAIN.format(f"batch of {batch.height:,} rows"))
                writer.outcome = before
                writer.look_again(undone=is_first)
                time.sleep(pause)

    def _batch_writer(
        self, columns: list[str], checks: RowChecks, writer: AnyWriter
    ) -> BatchWriter | HoldingWriter:
        if not isinstance(writer, ORMWriter):
            known = catalogue(self.target)
            return HoldingWriter(self.target, checks, writer, known, columns)
        judge = Judge(self.target, columns)
        return BatchWriter(self.target, judge, checks, writer)

    def _calls_project(self, columns: Sequence[str]) -> bool:
        """Return whether checks of values run code of the project."""
        fields = writable_fields(self.target.model)
        return any(f.attname in columns and runs_code_of_project(f) for f in fields)

    def _prepared_batches(
        self,
        columns: Sequence[str],
        batches: Iterator[pl.DataFrame],
        checks: RowChecks,
        writer: Writer,
    ) -> Generator[Batch]:
        """Yield batches that are ready to be written.

        One batch is prepared in another thread while the batch before is written. In
        the caller's thread run all queries and the defaults of fields; in the other
        thread run the checks of values and the encoding. If these checks run code of the
        project, such as its validators, they run in the caller's thread, on its connection
        and in its transaction, as Django would run them; then nothing runs beside it.
        """
        if self._calls_project(columns):
            for prepare in self._to_prepare(batches, checks, writer):
                yield prepare()
            return
        with ThreadPoolExecutor(1) as pool:
            coming: list[Future[Batch]] = []
            for prepare in self._to_prepare(batches, checks, writer):
                coming.append(pool.submit(prepare))
                if len(coming) > 1:
                    yield coming.pop(0).result()
            for done in coming:
                yield done.result()

    def _to_prepare(
        self, batches: Iterator[pl.DataFrame], checks: RowChecks, writer: Writer
    ) -> Iterator[Callable[[], Batch]]:
        """Yield for each batch what prepares it, after the queries that it needs."""
        for batch in batches:
            rows, found = checks.resolve(batch)
            added = writer.added_columns(rows.columns, batch.height)
            is_written = not self._is_behind_problem(batch)
            yield partial(
                checks.prepare, rows, found, added, writer, is_written=is_written
            )

    def _is_behind_problem(self, batch: pl.DataFrame) -> bool:
        """Return whether a batch ends at or behind the first problem of the source."""
        first = self.stops_at()
        if first is None or LINE not in batch.columns:
            return first is not None
        return bool((batch[LINE] >= first).any())


def _batches(frame: Frame, step: int) -> Iterator[pl.DataFrame]:
    """Yield a frame in batches of at most ``step`` rows."""
    if isinstance(frame, pl.DataFrame):
        yield from frame.iter_slices(step)
        return
    for batch in _made_ahead(batches_of(frame)):
        yield from batch.iter_slices(step)


def _made_ahead(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield batches; one, and no more, is made in another thread before it is needed."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch
