"""Step 4, load: batches are written, and the rows that the database refuses are found.

From the first batch on that the database refuses, rows are held beside the table until all
are known; then the rows that break a constraint are found in SQL, and all others that the
database refuses by halving. Where Django writes the rows, each refused batch is written again
without the rows that ``uniqueness`` finds and those found by halving.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from copy import deepcopy
from itertools import islice

import polars as pl
from django.db import DatabaseError, transaction

from importkit import problems
from importkit.loading.database_errors import blames_rows, sentence
from importkit.loading.plan import Mode, Outcome, TableTarget
from importkit.loading.row_checks import Batch, RowChecks
from importkit.loading.writers.catalogue import Catalogue
from importkit.loading.writers.direct import BareWriter, DirectWriter
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
from importkit.models import unique_sets
from importkit.source import LINE

# The most refused rows that a run which stops names; finding each takes several attempts.
MOST_REFUSED = 100


class UndoError(Exception):
    """Rolls back to the savepoint; nobody else sees this error."""


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

    @property
    def may_strip(self) -> bool:
        """Whether the table may stand without its indexes while it is filled."""
        return isinstance(self._writer, BareWriter)

    def strip(self, reasons: Sequence[str]) -> str:
        """Drop the indexes of the table, before the first batch, unless it needs them.

        Args:
            reasons: Why it does, as far as that is known.

        Returns:
            A remark on what was done.
        """
        if not isinstance(self._writer, BareWriter):
            return ""
        held = ["its rows are compared with each other before"] if self._holds else []
        return self._writer.strip(next(iter([*reasons, *held]), ""))

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
                undoing = self._writer.undoing(batch.encoded)
                with attempt(self._target, self._writer, undoing):
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
            if isinstance(self._writer, BareWriter):
                self._writer.build()
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
                yield refused(rows[LINE].to_list(), reason_of(error))
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
            with suppress(DatabaseError), attempt(self._target, self._writer):
                self._write_part(held, 0, held.height)
                return
            with suppress(UndoError), attempt(self._target, self._writer):
                parts = self._write_by_halves(held, held.numbers())
                found += islice(parts, self._most)
                if not found:
                    return
                raise UndoError
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
            with attempt(self._target, self._writer):
                self._write_part(held, rows[0][0], rows[-1][0])
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            if len(rows) == 1:
                yield refused([rows[0][1]], reason_of(error))
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


class ValuesByRow:
    """The values of unique sets in the rows of a frame, as hashes.

    Adding them costs little; they are searched only for rows that the table refuses.
    """

    def __init__(
        self,
        target: TableTarget,
        columns: Sequence[str],
    ) -> None:
        """Choose the unique sets whose columns the frame has, except the natural key.

        Args:
            target: The table.
            columns: The columns of the frame.
        """
        key = set() if target.mode is Mode.INSERT else set(target.key)
        found = {tuple(sorted(names)) for names in unique_sets(target.model)}
        self._found: dict[tuple[str, ...], list[pl.DataFrame]] = {
            names: []
            for names in found
            if set(names) <= set(columns) and set(names) != key
        }

    def add(self, rows: pl.DataFrame) -> None:
        """Add the values of rows with lines."""
        for names, found in self._found.items():
            found.append(_hashes(rows.select(names), rows[LINE]))

    def have_earlier(
        self, names: Sequence[str], values: pl.DataFrame, lines: pl.Series
    ) -> pl.Series:
        """Return which rows have values that a row with a lower line has, too."""
        first = self._known(names).group_by("hash").agg(pl.col("line").min())
        rows = _hashes(values.select(names), lines)
        rows = rows.join(
            first, on="hash", how="left", maintain_order="left", suffix=" of first"
        )
        return (rows["line of first"] < rows["line"]).fill_null(value=False)

    def _known(self, names: Sequence[str]) -> pl.DataFrame:
        found = self._found.get(tuple(names), [])
        nothing = pl.DataFrame(schema={"hash": pl.UInt64, "line": pl.Int64})
        return pl.concat([nothing, *found])


def _hashes(values: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"hash": values.hash_rows(), "line": lines.cast(pl.Int64)})


@contextmanager
def attempt(
    target: TableTarget,
    writer: Writer,
    undoing: AbstractContextManager[None] | None = None,
) -> Iterator[None]:
    """Have an error undo the writing, by a savepoint or as given, and the writer's counts."""
    before = deepcopy(writer.outcome)
    try:
        with undoing or transaction.atomic(using=target.using):
            yield
    except (DatabaseError, UndoError):
        writer.outcome = before
        raise


def reason_of(error: DatabaseError) -> str:
    """Return why the database refuses a row, in its words."""
    return f"{REFUSED_BY}{sentence(error).splitlines()[0]}"


def refused(lines: Sequence[int], reason: str) -> pl.DataFrame:
    """Return the problems of rows that the database refuses."""
    return problems.of_rows(
        pl.DataFrame({"": pl.Series([None] * len(lines), dtype=pl.String)}),
        pl.Series(lines, dtype=pl.Int64),
        pl.Series([True] * len(lines)),
        problems.Code.REFUSED,
        reason,
    )
