"""Step 4, load: rows that cannot be written are found, batch by batch, before writing.

A row is refused here if a value does not fit its field, if it has no parent, or if its
natural key is empty or repeats the key of an earlier row. ``uniqueness`` finds rows that
repeat a unique set, ``refusals`` those that the database refuses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from importkit import problems
from importkit.cleaning import SeenKeys
from importkit.errors import CleaningError
from importkit.loading.empty_cells import with_values_beside
from importkit.loading.plan import Mode, TableTarget
from importkit.loading.writers.interface import Writer
from importkit.models import Comparison, Parents, Relation, StoredKeys, fit
from importkit.source import LINE

AS_COMPARED = "\0as compared"  # The end of the names of columns with forms of keys.


@dataclass(frozen=True)
class Batch:
    """Checked rows on their way to a writer; rows with problems are left out.

    Attributes:
        rows: The columns of fields, the columns that the writer adds, and ``_line``.
        given: The columns that the frame has.
        height: The number of rows before rows with problems were left out.
        encoded: The rows as the writer takes them; None if they must not be written.
    """

    rows: pl.DataFrame
    given: Sequence[str]
    height: int
    encoded: Any = None

    def for_writer(self, rows: pl.DataFrame, writer: Writer) -> Any:
        """Return some of the rows as the writer takes them."""
        added = [c for c in rows.iter_columns() if c.name not in {*self.given, LINE}]
        return writer.prepare(rows.select(self.given), added)


class RowChecks:
    """Checks the rows of one frame, and collects the problems of all batches.

    Attributes:
        skips: Whether rows with problems are skipped.
        problems: The problems so far, of ``problems.SCHEMA``, in the order of finding.
    """

    def __init__(
        self,
        target: TableTarget,
        relations: Sequence[Relation],
        parents: Parents,
        *,
        is_distinct: bool,
        skip: bool,
    ) -> None:
        """Start without any rows.

        Args:
            target: The table that the rows go into.
            relations: The foreign keys that the frame gives by natural keys.
            parents: Looks up the parents of these foreign keys.
            is_distinct: Whether the frame is known to hold each natural key once.
            skip: Whether rows with problems are skipped.
        """
        self._target = target
        self._key = [] if target.mode is Mode.INSERT else list(target.key)
        self._relations = relations
        self._parents = parents
        self._is_distinct = is_distinct
        self.skips = skip
        self._stored_keys: StoredKeys | None = None
        self._seen = SeenKeys()
        self._compared = Comparison(target.model, self._key)
        self._rows = 0
        self._place = problems.ROWS
        self.problems: list[pl.DataFrame] = []

    @property
    def is_stopped(self) -> bool:
        """Whether no more rows may be written."""
        return bool(self.problems) and not self.skips

    @property
    def _skipped(self) -> Sequence[pl.DataFrame]:
        """The problems of the rows that are left out; none where the run stops anyway."""
        return self.problems if self.skips else ()

    def resolve(self, df: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """Return a batch with lines and the keys of its parents, and its problems.

        The problems are collected only by ``prepare``, in the order of the batches.
        """
        if LINE in df.columns:
            self._place = problems.LINES
        else:
            df = df.with_row_index(LINE, offset=self._rows + 1).cast({LINE: pl.Int64})
        self._rows += df.height
        found = list(self._keys_to_check(df.columns).missing(df, self._skipped))
        for relation in self._relations:
            df, wrong = self._parents.resolve(relation, df)
            if relation.field.attname in self._target.on_empty:
                wrong = wrong.filter(pl.col("code") != problems.Code.EMPTY)
            found.append(wrong)
        # A query, which no other thread may send.
        forms = (
            self._compared.of(df.select(self._key)) if self._compared else df.select()
        )
        forms = forms.rename(lambda name: f"{name}{AS_COMPARED}")
        return with_values_beside(self._target, df).hstack(forms), found

    def prepare(
        self,
        df: pl.DataFrame,
        found: list[pl.DataFrame],
        added: list[pl.Series],
        writer: Writer,
        *,
        is_written: bool,
    ) -> Batch:
        """Check a batch; encode its good rows, unless no rows may be written.

        Args:
            df: The rows, as ``resolve`` returns them.
            found: The problems that ``resolve`` returns.
            added: The columns that the writer adds.
            writer: The writer.
            is_written: Whether good rows are to be written at all.
        """
        batch = self.check(df, found, added)
        if self.is_stopped or not is_written:
            return batch
        return replace(batch, encoded=batch.for_writer(batch.rows, writer))

    def check(
        self,
        df: pl.DataFrame,
        found: Sequence[pl.DataFrame] = (),
        added: Sequence[pl.Series] = (),
    ) -> Batch:
        """Check a batch: return its good rows, and keep its problems.

        Args:
            df: Rows with ``_line``, in which the keys of parents are resolved.
            found: The problems of these rows that are known already.
            added: Columns that a writer adds.
        """
        looked_up = {relation.field.attname for relation in self._relations}
        looked_up -= (
            self._target.on_empty.keys()
        )  # Their empty cells are filled by now.
        fitted, unfit = fit(self._target.model, df, looked_up)
        found = [*found, unfit]
        # A row that does not fit does not count as the first one with its natural key.
        forms = [values for values in df if values.name.endswith(AS_COMPARED)]
        rows = without(fitted.hstack([df[LINE], *added, *forms]), found)
        found += self._key_problems(rows)
        for wrong in found:
            self.add(wrong)
        rows = rows.drop([values.name for values in forms])
        return Batch(without(rows, found), fitted.columns, df.height)

    def add(self, found: pl.DataFrame) -> None:
        """Add problems; an empty frame of problems changes nothing."""
        if not found.is_empty():
            self.problems.append(found)

    def finish(self) -> pl.DataFrame:
        """Return the problems of all rows.

        Raises:
            CleaningError: There are problems, and rows are not skipped, or rows refer to
                a row of their own table that does not exist.
        """
        late = (
            []
            if self._stored_keys is None
            else self._stored_keys.missing_at_the_end(self._skipped)
        )
        late = [wrong for wrong in late if not wrong.is_empty()]
        found = pl.concat([pl.DataFrame(schema=problems.SCHEMA), *self.problems, *late])
        if self.is_stopped or late:
            text = problems.describe(found, self._place)
            raise CleaningError(text, found, self._place)
        return found

    def _keys_to_check(self, columns: list[str]) -> StoredKeys:
        if self._stored_keys is None:
            self._stored_keys = StoredKeys(
                self._target.model, columns, self._parents.to_come, self._parents.scope
            )
        return self._stored_keys

    def _key_problems(self, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the rows whose natural key has an empty part, or is that of another row."""
        if not self._key:
            return
        keys, lines = rows.select(self._key), rows[LINE]
        whole = keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        yield problems.of_rows(
            keys, lines, ~whole, problems.Code.EMPTY, "a natural key must not be empty"
        )
        forms = rows.select(name for name in rows.columns if name.endswith(AS_COMPARED))
        compared = forms if forms.width else keys
        if self._is_distinct and not forms.width:
            return
        again = ~compared.select(pl.struct(pl.all()).is_first_distinct()).to_series()
        again |= self._seen.repeats(compared)
        reason = "has the natural key of an earlier row"
        yield problems.of_rows(
            keys, lines, whole & again, problems.Code.DUPLICATE, reason
        )


def without(rows: pl.DataFrame, found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows, with lines, that have none of the problems."""
    bad = pl.concat([wrong["line"] for wrong in found]) if found else pl.Series()
    return rows if bad.is_empty() else rows.filter(~pl.col(LINE).is_in(bad.implode()))
