"""Step 4, load: what is wrong with the rows of a frame, batch by batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from importkit import problems
from importkit.cleaning import SeenKeys
from importkit.errors import CleaningError
from importkit.loading.plan import Mode, Target
from importkit.loading.writers.interface import Writer
from importkit.models import Parents, Relation, StoredKeys, fit
from importkit.source import LINE


@dataclass(frozen=True)
class Batch:
    """Rows in which nothing wrong has been found, on their way to a writer.

    Attributes:
        rows: The columns of fields, what a writer adds to them, and ``_line``.
        given: The columns that the frame gave.
        height: How many rows came, with those that are wrong.
        encoded: The rows as the writer takes them; None if they are not to be written.
    """

    rows: pl.DataFrame
    given: Sequence[str]
    height: int
    encoded: Any = None

    def for_writer(self, rows: pl.DataFrame, writer: Writer) -> Any:
        """Return some of the rows as the writer takes them."""
        added = [c for c in rows.iter_columns() if c.name not in {*self.given, LINE}]
        return writer.prepared(rows.select(self.given), added)


class Vetting:
    """What is wrong with the rows so far.

    Attributes:
        skips: Whether to go on without the rows that are wrong.
        problems: Of ``problems.SCHEMA``, as they were found.
    """

    def __init__(
        self,
        target: Target,
        relations: Sequence[Relation],
        parents: Parents,
        *,
        is_distinct: bool,
        skip: bool,
    ) -> None:
        """Know nothing yet."""
        self._target = target
        self._relations = relations
        self._parents = parents
        self._is_distinct = is_distinct
        self.skips = skip
        self._references: StoredKeys | None = None
        self._seen = SeenKeys()
        self._rows = 0
        self._place = problems.ROWS
        self.problems: list[pl.DataFrame] = []

    @property
    def is_stopped(self) -> bool:
        """Whether no more rows are to be written."""
        return bool(self.problems) and not self.skips

    def resolved(self, df: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """Return a batch with lines and the keys of its parents, and its problems.

        They are not noted yet: batches before it may still be on their way.
        """
        if LINE in df.columns:
            self._place = problems.LINES
        else:
            df = df.with_row_index(LINE, offset=self._rows + 1).cast({LINE: pl.Int64})
        self._rows += df.height
        found = list(self._to_references(df.columns).missing(df))
        for relation in self._relations:
            df, wrong = self._parents.resolve(relation, df)
            found.append(wrong)
        return df, found

    def _to_references(self, columns: list[str]) -> StoredKeys:
        if self._references is None:
            planned = self._parents.planned if self._target.dry_run else set()
            self._references = StoredKeys(self._target.model, columns, planned)
        return self._references

    def prepared(
        self,
        df: pl.DataFrame,
        found: list[pl.DataFrame],
        added: list[pl.Series],
        writer: Writer,
        *,
        is_written: bool,
    ) -> Batch:
        """Return what is good of a batch, encoded unless anything is wrong so far.

        Args:
            df: What ``resolved`` returned.
            found: The problems that it returned.
            added: What the writer adds.
            writer: Who writes.
            is_written: Whether good rows are to be written at all.
        """
        looked_up = {relation.field.attname for relation in self._relations}
        fitting, unfit = fit(self._target.model, df, looked_up)
        found = [*found, unfit]
        # What does not fit leaves its natural key to a later row.
        rows = without(fitting.hstack([df[LINE], *added]), found)
        found += self._keys(rows.select(fitting.columns), rows[LINE])
        for wrong in found:
            self.add(wrong)
        batch = Batch(without(rows, found), fitting.columns, df.height)
        if self.is_stopped or not is_written:
            return batch
        return replace(batch, encoded=batch.for_writer(batch.rows, writer))

    def add(self, wrong: pl.DataFrame) -> None:
        """Take note of problems, if there are any."""
        if not wrong.is_empty():
            self.problems.append(wrong)

    def ended(self) -> pl.DataFrame:
        """Return what is wrong; raise it unless it is to be skipped."""
        late = [] if self._references is None else self._references.missing_at_the_end()
        late = [wrong for wrong in late if not wrong.is_empty()]
        found = pl.concat([pl.DataFrame(schema=problems.SCHEMA), *self.problems, *late])
        if self.is_stopped or late:
            text = problems.describe(found, self._place)
            raise CleaningError(text, found, self._place)
        return found

    def _keys(self, df: pl.DataFrame, lines: pl.Series) -> Iterator[pl.DataFrame]:
        """Yield the rows whose natural key is not whole, or was there before."""
        key = list(self._target.key)
        if not key or self._target.mode is Mode.INSERT:
            return
        keys = df.select(key)
        whole = keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        yield problems.of_rows(
            keys, lines, ~whole, problems.Code.EMPTY, "a natural key must not be empty"
        )
        if self._is_distinct:
            return
        again = ~keys.select(pl.struct(key).is_first_distinct()).to_series()
        again |= self._seen.repeats(keys)
        reason = "has the natural key of an earlier row"
        yield problems.of_rows(
            keys, lines, whole & again, problems.Code.DUPLICATE, reason
        )


def without(rows: pl.DataFrame, found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows, with lines, that problems found among them are not about."""
    bad = pl.concat([wrong["line"] for wrong in found]) if found else pl.Series()
    return rows if bad.is_empty() else rows.filter(~pl.col(LINE).is_in(bad.implode()))
