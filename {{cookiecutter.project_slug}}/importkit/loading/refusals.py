"""Step 4, load: batches are written, and the rows found that the database refuses."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from itertools import islice

import polars as pl
from django.db import DatabaseError, DataError, IntegrityError, transaction

from importkit import problems
from importkit.loading.plan import Target
from importkit.loading.row_checks import Batch, Vetting, without
from importkit.loading.uniqueness import Uniqueness
from importkit.loading.writers.interface import Writer
from importkit.source import LINE

# How many refused rows are named of a run that stops; each takes attempts to find.
MOST_REFUSED = 100
RAISED = "P0"  # What a function in PostgreSQL raises has such an SQLSTATE.


class _TakenBackError(Exception):
    """What was written is not to stay."""


class Judge:
    """Writes batches; of one that is refused, what is left when the bad rows are found."""

    def __init__(
        self, target: Target, uniqueness: Uniqueness, vetting: Vetting, writer: Writer
    ) -> None:
        """Write the rows of one frame."""
        self._target = target
        self._uniqueness = uniqueness
        self._vetting = vetting
        self._writer = writer
        self._is_stopped = False

    def write(self, batch: Batch) -> None:
        """Write a batch, unless something is wrong already; note what is wrong with it."""
        # A later batch may have problems already, and must not change this one's fate.
        if batch.encoded is None or self._is_stopped or self._target.dry_run:
            self._write_nothing(batch)
            return
        self._writer.open(batch.encoded)
        try:
            with self._attempt():
                self._writer.write(batch.encoded)
        except DatabaseError as error:
            if not _is_refusal(error):
                raise
            self._write_the_good(batch)

    def _write_nothing(self, batch: Batch) -> None:
        """Find out what the database would refuse, and let a dry run count the rest."""
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

    def _write_the_good(self, batch: Batch) -> None:
        """Write a batch that was refused without the rows that are to blame."""
        found = list(self._uniqueness.repeated(batch.rows, written=True))
        rows = without(batch.rows, found)
        with suppress(_TakenBackError), self._attempt():
            most = None if self._vetting.skips else MOST_REFUSED
            found += islice(self._bisected(batch, rows), most)
            self._add(*found)
            if self._is_stopped:
                raise _TakenBackError
        if self._is_stopped:
            self._uniqueness.remember(without(batch.rows, found))

    def _bisected(self, batch: Batch, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Write rows in ever smaller parts; yield a problem for each that is refused."""
        if rows.is_empty():
            return
        try:
            with self._attempt():
                self._writer.write(batch.for_writer(rows, self._writer))
        except DatabaseError as error:
            if not _is_refusal(error):
                raise
            if rows.height == 1:
                yield _refused(rows, error)
                return
            middle = rows.height // 2
            yield from self._bisected(batch, rows[:middle])
            yield from self._bisected(batch, rows[middle:])

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        """Open a savepoint; what fails in it has not happened, to the writer either."""
        before = deepcopy(self._writer.outcome)
        try:
            with transaction.atomic(using=self._target.using):
                yield
        except (DatabaseError, _TakenBackError):
            self._writer.outcome = before
            raise

    def _add(self, *found: pl.DataFrame) -> None:
        """Take note of problems, if there are any."""
        for wrong in found:
            self._vetting.add(wrong)
            self._is_stopped |= not (wrong.is_empty() or self._vetting.skips)


def _is_refusal(error: DatabaseError) -> bool:
    """Say whether rows are to blame, not the connection or the statement."""
    code = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, IntegrityError | DataError) or code.startswith(RAISED)


def _refused(rows: pl.DataFrame, error: DatabaseError) -> pl.DataFrame:
    return problems.of_rows(
        pl.DataFrame({"": pl.Series([None], dtype=pl.String)}),
        rows[LINE],
        pl.Series([True]),
        problems.Code.REFUSED,
        f"refused by the database: {str(error).splitlines()[0]}",
    )
