"""Step 4, load: batches are written, and the rows that the database refuses are found.

From the first batch on that the database refuses, rows are held beside the table until all
are known; then the rows that break a constraint are found in SQL, and all others that the
database refuses by halving. Where Django writes the rows, each refused batch is written again
without the rows that ``uniqueness`` finds and those found by halving.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import replace
from itertools import chain, islice

import polars as pl
from django.db import DatabaseError, transaction

from importkit import problems
from importkit.loading.database_errors import blames_rows, sentence
from importkit.loading.plan import Outcome, TableTarget
from importkit.loading.row_checks import Batch, RowChecks, without
from importkit.loading.uniqueness import Uniqueness, ValuesByRow
from importkit.loading.writers.catalogue import Catalogue
from importkit.loading.writers.direct import DirectWriter
from importkit.loading.writers.held import (
    HeldRows,
    add_links,
    compares_loosely,
    count,
    mark_seen,
    planned,
    write,
)
from importkit.loading.writers.interface import Prepared, Writer
from importkit.loading.writers.judging import REFUSED_BY, Judgement
from importkit.loading.writers.merging import MergingWriter
from importkit.loading.writers.orm import ORMWriter
from importkit.source import LINE

# The most refused rows that a run which stops names; finding each takes several attempts.
MOST_REFUSED = 100


class _UndoError(Exception):
    """Rolls back to the savepoint; nobody else sees this error."""


class BatchWriter:
    """Lets Django write the batches of one frame, and holds those that it cannot write.

    A dry run holds all batches. At the end the held rows that cannot be written are found,
    so that values may move between all of them.
    """

    def __init__(
        self,
        target: TableTarget,
        uniqueness: Uniqueness,
        checks: RowChecks,
        writer: ORMWriter,
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
        self._held: list[Batch] = []
        self._is_stopped = False

    def write(self, batch: Batch) -> None:
        """Write a batch, or hold it if it or an earlier one cannot be written."""
        # Not checks.is_stopped: a later batch, prepared by now, may have set that.
        self._is_stopped |= batch.encoded is None
        if not (self._is_stopped or self._held or self._target.dry_run):
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
        self._uniqueness.add_written(batch.rows)
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
        """Return the held batches without the rows that repeat a unique set."""
        if not held:
            return []
        rows = pl.concat([batch.rows for batch in held])
        found = list(self._uniqueness.repeated(rows, written=not self._target.dry_run))
        self._add(*found)
        return _without(held, found)

    def _write_held(self, held: list[Batch]) -> None:
        """Write the held rows; find those that the database refuses for another reason.

        The rows are written all together or, without those that were found, all again: a
        row that is not written does not give up its values.
        """
        while held and not self._is_stopped:
            found: list[pl.DataFrame] = []
            with suppress(_UndoError), self._attempt():
                self._writer.make_way([self._prepared(b, b.rows) for b in held])
                most = None if self._checks.skips else MOST_REFUSED
                parts = (self._write_by_halves(batch, batch.rows) for batch in held)
                found += islice(chain.from_iterable(parts), most)
                if not found:
                    return
                raise _UndoError
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
                yield _refused(rows[LINE].to_list(), error)
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
            with _attempt(self._target, self._writer):
                yield
        except (DatabaseError, _UndoError):
            self._writer.forget(mark)
            raise

    def _add(self, *found: pl.DataFrame) -> None:
        for wrong in found:
            self._checks.add(wrong)
            self._is_stopped |= not (wrong.is_empty() or self._checks.skips)


def _without(held: Sequence[Batch], found: Sequence[pl.DataFrame]) -> list[Batch]:
    """Return batches without the rows that have problems, and without empty ones."""
    left = [replace(batch, rows=without(batch.rows, found)) for batch in held]
    return [batch for batch in left if not batch.rows.is_empty()]


class HoldingWriter:
    """Writes the batches of one frame, and holds those that the database refuses.

    A dry run holds all rows but those that change nothing.
    """

    def __init__(
        self,
        target: TableTarget,
        checks: RowChecks,
        writer: MergingWriter | DirectWriter,
        known: Catalogue,
        columns: Sequence[str],
    ) -> None:
        """Write the rows of one frame.

        Args:
            target: The table.
            checks: Collects the problems.
            writer: Writes the rows.
            known: What the table demands.
            columns: The columns of the frame.
        """
        self._target = target
        self._checks = checks
        self._writer = writer
        self._known = known
        self._values = ValuesByRow(target, columns)
        self._deferred = [key.name for key in known.keys if key.is_deferred]
        self._held: HeldRows | None = None
        # Of two rows that the database takes for one, none may be left out.
        self._compares_loosely = compares_loosely(target, known)
        self._holds = (
            target.dry_run or self._compares_loosely or target.scope is not None
        )
        self._is_stopped = False

    def write(self, batch: Batch) -> None:
        """Write a batch, or hold it if it or an earlier one cannot be written."""
        # Not checks.is_stopped: a later batch, prepared by now, may have set that.
        if batch.encoded is None:
            self._is_stopped = True
        rows = batch.rows.drop(LINE)
        self._writer.open(
            batch.encoded or Prepared(rows.select(batch.given), rows, None)
        )
        if self._held is None and not (self._is_stopped or self._holds):
            try:
                with _attempt(self._target, self._writer):
                    self._writer.write(batch.encoded)
                    self._writer.check_now(self._deferred)
            except DatabaseError as error:
                if not blames_rows(error):
                    raise
            else:
                self._values.add(batch.rows)
                return
        if self._held is not None:
            self._hold_batch(self._held, batch)
            return
        held = self._writer.hold(all_rows=self._compares_loosely)
        # An error undoes the temporary tables, too.
        self._hold_batch(held, batch)
        self._held = held

    def _hold_batch(self, held: HeldRows, batch: Batch) -> None:
        held.open(batch.given, batch.rows.drop(LINE), self._known)
        self._values.add(batch.rows)
        self._add(*self._hold(held, batch.rows))

    def settle(self) -> None:
        """Find the held rows that cannot be written, and write or count the others."""
        held = self._held
        if held is None:
            return
        self._judge(held)
        if not self._is_stopped and not self._target.dry_run:
            self._write_held(held)
        if not self._is_stopped:
            self._writer.outcome.unchanged += held.unchanged
            if self._target.dry_run:
                count(held, self._writer.outcome)
                if self._target.keeps:
                    self._writer.planned.append(planned(held))
                add_links(held, self._writer.links)
            mark_seen(held)
        held.close()
        self._held = None

    def _hold(self, held: HeldRows, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Hold rows; yield a problem for each whose values the database does not take."""
        if rows.is_empty():
            return
        try:
            with transaction.atomic(using=self._target.using):
                held.add(rows.drop(LINE), rows[LINE])
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            if rows.height == 1:
                yield _refused(rows[LINE].to_list(), error)
                return
            middle = rows.height // 2
            yield from self._hold(held, rows[:middle])
            yield from self._hold(held, rows[middle:])

    def _judgement(self, held: HeldRows) -> Judgement:
        return Judgement(held, self._values.have_earlier)

    def _judge(self, held: HeldRows) -> None:
        self._add(*self._judgement(held).judge(self._most))

    def _write_held(self, held: HeldRows) -> None:
        """Write the held rows; find those that the database refuses for another reason.

        The rows are written all together or, without those that were found, all again: a
        row that is not written does not give up its values.
        """
        while not (self._is_stopped or held.is_empty):
            found: list[pl.DataFrame] = []
            with suppress(DatabaseError), _attempt(self._target, self._writer):
                self._write_part(held, 0, held.height)
                return
            with suppress(_UndoError), _attempt(self._target, self._writer):
                parts = self._write_by_halves(held, held.numbers())
                found += islice(parts, self._most)
                if not found:
                    return
                raise _UndoError
            self._add(*found)
            held.drop_lines(pl.concat(wrong["line"] for wrong in found))
            self._judge(held)

    def _write_part(self, held: HeldRows, first: int, last: int) -> None:
        expected = Outcome()
        count(held, self._writer.outcome, first, last)
        count(held, expected, first, last)
        self._make_way(held)
        new, changed = write(held, first, last)
        self._writer.outcome.correct(self._target.mode, expected, new, changed)
        self._writer.check_now(self._deferred)

    def _make_way(self, held: HeldRows) -> None:
        """Get stored values that other held rows take over out of the way."""
        for statements in self._judgement(held).make_way():
            for statement in statements:
                with (
                    suppress(DatabaseError),
                    transaction.atomic(using=self._target.using),
                ):
                    held.loader.execute(statement)
                    break

    def _write_by_halves(
        self, held: HeldRows, rows: Sequence[tuple[int, int]]
    ) -> Iterator[pl.DataFrame]:
        """Write held rows in ever smaller parts; yield a problem for each refused row."""
        if not rows:
            return
        try:
            with _attempt(self._target, self._writer):
                self._write_part(held, rows[0][0], rows[-1][0])
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            if len(rows) == 1:
                yield _refused([rows[0][1]], error)
                return
            middle = len(rows) // 2
            yield from self._write_by_halves(held, rows[:middle])
            yield from self._write_by_halves(held, rows[middle:])

    @property
    def _most(self) -> int | None:
        """The most refused rows that are named from now on."""
        return None if self._checks.skips else MOST_REFUSED

    def _add(self, *found: pl.DataFrame) -> None:
        for wrong in found:
            self._checks.add(wrong)
            self._is_stopped |= not (wrong.is_empty() or self._checks.skips)


@contextmanager
def _attempt(target: TableTarget, writer: Writer) -> Iterator[None]:
    """Open a savepoint; an error undoes the writing and the writer's counts."""
    before = deepcopy(writer.outcome)
    try:
        with transaction.atomic(using=target.using):
            yield
    except (DatabaseError, _UndoError):
        writer.outcome = before
        raise


def _refused(lines: Sequence[int], error: DatabaseError) -> pl.DataFrame:
    return problems.of_rows(
        pl.DataFrame({"": pl.Series([None], dtype=pl.String)}),
        pl.Series(lines, dtype=pl.Int64),
        pl.Series([True]),
        problems.Code.REFUSED,
        f"{REFUSED_BY}{sentence(error).splitlines()[0]}",
    )
