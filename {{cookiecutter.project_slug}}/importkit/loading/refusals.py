"""Step 4, load: batches are written, and the rows that the database refuses are found.

A batch that the database refuses is written again without the rows to blame: those that
repeat a unique set are found by ``uniqueness``, all others by halving the batch.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from itertools import islice

import polars as pl
from django.db import DatabaseError, transaction

from importkit import problems
from importkit.loading.database_errors import blames_rows, repeats_unique, sentence
from importkit.loading.plan import TableTarget
from importkit.loading.row_checks import Batch, RowChecks, without
from importkit.loading.uniqueness import Uniqueness
from importkit.loading.writers.interface import Writer
from importkit.source import LINE

# The most refused rows that a run which stops names; finding each takes several attempts.
MOST_REFUSED = 100


class _UndoError(Exception):
    """Rolls back to the savepoint; nobody else sees this error."""


class BatchWriter:
    """Writes the batches of one frame, and finds the rows that the database refuses."""

    def __init__(
        self,
        target: TableTarget,
        uniqueness: Uniqueness,
        checks: RowChecks,
        writer: Writer,
    ) -> None:
        """Write the rows of one frame.

        Args:
            target: The table.
            uniqueness: Finds rows that repeat a unique set.
            checks: Collects the problems.
            writer: Writes the rows.
        """
        self._target = target
        self._uniqueness = uniqueness
        self._checks = checks
        self._writer = writer
        self._is_stopped = False

    def write(self, batch: Batch) -> None:
        """Write a batch, unless an earlier batch had problems; collect its problems."""
        # Not checks.is_stopped: a later batch, prepared by now, may have set that.
        if batch.encoded is None or self._is_stopped or self._target.dry_run:
            self._only_check(batch)
            return
        self._writer.open(batch.encoded)
        try:
            with self._attempt():
                self._writer.write(batch.encoded)
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            if not (repeats_unique(error) and self._merges(batch)):
                self._write_good_rows(batch)

    def _merges(self, batch: Batch) -> bool:
        """Write a batch again; return whether another program was to blame.

        A row that another program has added since the batch was compared is merged now.
        """
        self._writer.look_again(undone=False)
        try:
            with self._attempt():
                self._writer.write(batch.encoded)
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            return False
        return True

    def _only_check(self, batch: Batch) -> None:
        """Find rows that the database would refuse; in a dry run count the others."""
        found = list(self._uniqueness.repeated(batch.rows, written=False))
        self._add(*found)
        if batch.encoded is None or self._is_stopped:
            return
        rows = without(batch.rows, found)
        encoded = batch.encoded
        if rows.height < batch.rows.height:
            encoded = batch.for_writer(rows, self._writer)
        self._writer.open(encoded)
        self._writer.write(encoded)

    def _write_good_rows(self, batch: Batch) -> None:
        """Write a refused batch without the rows to blame."""
        found = list(self._uniqueness.repeated(batch.rows, written=True))
        rows = without(batch.rows, found)
        with suppress(_UndoError), self._attempt():
            most = None if self._checks.skips else MOST_REFUSED
            found += islice(self._write_by_halves(batch, rows), most)
            self._add(*found)
            if self._is_stopped:
                raise _UndoError
        if self._is_stopped:
            self._uniqueness.remember(without(batch.rows, found))

    def _write_by_halves(
        self, batch: Batch, rows: pl.DataFrame
    ) -> Iterator[pl.DataFrame]:
        """Write rows in ever smaller parts; yield a problem for each refused row."""
        if rows.is_empty():
            return
        try:
            with self._attempt():
                self._writer.write(batch.for_writer(rows, self._writer))
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            if rows.height == 1:
                yield _refused(rows, error)
                return
            middle = rows.height // 2
            yield from self._write_by_halves(batch, rows[:middle])
            yield from self._write_by_halves(batch, rows[middle:])

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        """Open a savepoint; an error undoes the writing and the writer's counts."""
        before = deepcopy(self._writer.outcome)
        try:
            with transaction.atomic(using=self._target.using):
                yield
        except (DatabaseError, _UndoError):
            self._writer.outcome = before
            raise

    def _add(self, *found: pl.DataFrame) -> None:
        for wrong in found:
            self._checks.add(wrong)
            self._is_stopped |= not (wrong.is_empty() or self._checks.skips)


def _refused(rows: pl.DataFrame, error: DatabaseError) -> pl.DataFrame:
    return problems.of_rows(
        pl.DataFrame({"": pl.Series([None], dtype=pl.String)}),
        rows[LINE],
        pl.Series([True]),
        problems.Code.REFUSED,
        f"refused by the database: {sentence(error).splitlines()[0]}",
    )
