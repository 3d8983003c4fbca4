"""Step 4, load: Django writes the batches of a frame, and those that it cannot write wait.

A refused batch and all later ones are held until all are known. Then the rows that break what
the table demands are named by ``judge``, and all others that the database refuses are found by
halving.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain, islice

import polars as pl
from django.db import DatabaseError

from importkit.loading.database_errors import blames_rows
from importkit.loading.plan import TableTarget
from importkit.loading.refusals import (
    MOST_REFUSED,
    UndoError,
    attempt,
    reason_of,
    refused,
)
from importkit.loading.row_checks import Batch, RowChecks, without
from importkit.loading.through_django.judge import Judge
from importkit.loading.through_django.orm import ORMWriter
from importkit.source import LINE

AT_ONCE = 5_000  # Rows that are instances at a time, while they are judged.


class BatchWriter:
    """Lets Django write the batches of one frame, and holds those that it cannot write.

    A dry run holds all batches, and so does a run with a scope. At the end the held rows that cannot be written are found,
    so that values may move between all of them.
    """

    def __init__(
        self,
        target: TableTarget,
        judge: Judge,
        checks: RowChecks,
        writer: ORMWriter,
    ) -> None:
        """Write the rows of one frame.

        Args:
            target: The table.
            judge: Finds the rows that break what the table demands.
            checks: Collects the problems.
            writer: Writes the rows.
        """
        self._target = target
        self._judge = judge
        self._checks = checks
        self._writer = writer
        self._held: list[Batch] = []
        self._is_stopped = False

    def write(self, batch: Batch) -> None:
        """Write a batch, or hold it if it or an earlier one cannot be written."""
        # Not checks.is_stopped: a later batch, prepared by now, may have set that.
        self._is_stopped |= batch.encoded is None
        waits = self._held or self._target.dry_run or self._target.scope is not None
        if not (self._is_stopped or waits):
            if self._is_written(batch):
                return
            # A row that another program has added since the batch was compared is
            # merged now.
            self._writer.look_again(undone=False)
            if self._is_written(batch):
                return
        self._held.append(replace(batch, encoded=None))

    def _is_written(self, batch: Batch) -> bool:
        """Write a batch; return False if the database refuses it."""
        try:
            with self._attempt():
                self._writer.write(batch.encoded)
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            return False
        return True

    def settle(self) -> None:
        """Find the held rows that cannot be written, and write or count the others."""
        held, self._held = self._held, []
        if not held:
            return
        held = self._judged(held)
        if self._is_stopped:
            return
        if self._target.dry_run:
            for batch in held:
                self._writer.write(batch.for_writer(batch.rows, self._writer))
            return
        self._write_held(held)

    def _judged(self, held: list[Batch]) -> list[Batch]:
        """Return the held batches without the rows that break what the table demands."""
        for batch in held:
            for df in batch.rows.iter_slices(AT_ONCE):
                rows = self._writer.instances(self._prepared(batch, df))
                stored = self._writer.stored_of(rows)
                changing = self._writer.compared(batch.given)
                self._judge.add(df[LINE].to_list(), rows, stored, changing)
        found = list(self._judge.judge(self._writer.has_written, self._most))
        self._add(*found)
        return _without(held, found)

    def _write_held(self, held: list[Batch]) -> None:
        """Write the held rows; find those that the database refuses for another reason.

        The rows are written all together or, without those that were found, all again: a
        row that is not written does not give up its values.
        """
        while held and not self._is_stopped:
            found: list[pl.DataFrame] = []
            with suppress(UndoError), self._attempt():
                prepared = (self._prepared(b, b.rows) for b in held)
                parts = map(self._writer.instances, prepared)
                self._writer.make_way(parts, held[0].given)
                wrong = (self._write_by_halves(batch, batch.rows) for batch in held)
                found += islice(chain.from_iterable(wrong), self._most)
                if not found:
                    return
                raise UndoError
            self._add(*found)
            held = self._judged(_without(held, found))

    def _write_by_halves(
        self, batch: Batch, rows: pl.DataFrame
    ) -> Iterator[pl.DataFrame]:
        """Write rows in ever smaller parts; yield a problem for each refused row."""
        if rows.is_empty():
            return
        try:
            with self._attempt():
                self._writer.write(self._prepared(batch, rows))
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            if rows.height == 1:
                yield refused(rows[LINE].to_list(), reason_of(error))
                return
            middle = rows.height // 2
            yield from self._write_by_halves(batch, rows[:middle])
            yield from self._write_by_halves(batch, rows[middle:])

    def _prepared(self, batch: Batch, rows: pl.DataFrame) -> pl.DataFrame:
        prepared: pl.DataFrame = batch.for_writer(rows, self._writer)
        return prepared

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        mark = self._writer.mark()
        try:
            with attempt(self._target, self._writer):
                yield
        except (DatabaseError, UndoError):
            self._writer.forget(mark)
            raise

    @property
    def _most(self) -> int | None:
        """The most rows to name that the database refuses for one reason."""
        return None if self._checks.skips else MOST_REFUSED

    def _add(self, *found: pl.DataFrame) -> None:
        for wrong in found:
            self._checks.add(wrong)
            self._is_stopped |= not (wrong.is_empty() or self._checks.skips)


def _without(held: Sequence[Batch], found: Sequence[pl.DataFrame]) -> list[Batch]:
    """Return batches without the rows that have problems, and without empty ones."""
    left = [replace(batch, rows=without(batch.rows, found)) for batch in held]
    return [batch for batch in left if not batch.rows.is_empty()]
