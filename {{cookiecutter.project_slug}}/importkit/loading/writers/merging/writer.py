"""Step 4, load: the database merges rows into the rows with the same natural key.

A dry run writes to temporary tables only.
"""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import batched
from typing import Any

import polars as pl
from django.db import transaction

from importkit.loading.journal import Changes, noted_at_once
from importkit.loading.plan import EXAMPLES, Change, Mode, Outcome, TableTarget
from importkit.loading.writers.held import HeldRows
from importkit.loading.writers.interface import (
    AT_ONCE,
    Fields,
    Loader,
    Prepared,
    Table,
    defaults,
    gives_keys,
    repeated_key,
    update_times,
)
from importkit.loading.writers.merging.statements import MergeStatements
from importkit.loading.writers.scope import scope_condition
from importkit.models import (
    Links,
    field_of,
    is_update_time,
    pk_fields,
    shown_value,
    unique_sets,
    writable_fields,
)


class MergingWriter:
    """Compares each batch with the table in one statement, and writes the differences.

    Attributes:
        outcome: The numbers of rows written, or in a dry run of rows to be written.
        missing: With ``Mode.SYNC``, at the end: the keys of the rows that no batch had.
        planned: In a dry run, ``keeps`` of the rows that would be created.
        links: In a dry run with ``Mode.SYNC``, what would be written into foreign keys.
    """

    def __init__(self, loader: Loader, target: TableTarget) -> None:
        """Write to the table of a target, which has a natural key."""
        self._loader = loader
        self._target = target
        self._table = Table(target.model, target.using)
        self._has_index = set(target.key) in unique_sets(target.model)
        self._gives_keys = False
        self._sql: MergeStatements | None = None
        self._differing: Sequence[str] = ()
        self.outcome = Outcome()
        self.missing: list[Any] = []
        self.planned: list[pl.DataFrame] = []
        self.links: dict[str, Links] = defaultdict(Links)

    def added_columns(self, columns: Sequence[str], height: int) -> list[pl.Series]:
        """Return the times of changes, and the defaults of rows that may be new."""
        times = update_times(self._target.model, height)
        if self._target.mode is Mode.UPDATE:
            return times
        known = [*columns, *(values.name for values in times)]
        return [*times, *defaults(self._target.model, known, height)]

    def prepare(self, df: pl.DataFrame, added: list[pl.Series]) -> Prepared:
        """Return the rows of a checked frame, encoded with the added columns."""
        rows = df.hstack(added)
        if self._target.dry_run:
            return Prepared(df, rows, None)
        return Prepared(df, rows, self._loader.encode(self._table.fields(rows), rows))

    def hold(self, *, all_rows: bool) -> HeldRows:
        """Return what holds rows for this table; call ``open`` before."""
        seen = self._opened.seen if self._target.mode is Mode.SYNC else ""
        key = self._target.key
        return HeldRows(self._loader, self._target, key, seen, all_rows=all_rows)

    def open(self, rows: Prepared) -> None:
        """Check the natural keys of the table and create the temporary tables, once."""
        if self._sql is not None:
            return
        fixed = {
            *self._target.key,
            *(field.attname for field in pk_fields(self._target.model)),
        }
        compared = [name for name in rows.given.columns if name not in fixed]
        scope = scope_condition(self._target.model, self._target.scope)
        sees = self._target.mode is Mode.SYNC
        sql = MergeStatements(
            self._table, self._loader, self._target.key, compared, scope, sees
        )
        if not self._has_index and (keys := self._loader.rows(sql.repeated_keys())):
            raise repeated_key(self._target, keys[0])
        self._execute(sql.create(self._table.fields(rows.full)))
        self._gives_keys = gives_keys(self._target.model, rows.given)
        self._sql = sql

    def undoing(self, _rows: Prepared) -> AbstractContextManager[None]:
        """Return what undoes ``write`` where the database refuses a row."""
        return transaction.atomic(using=self._target.using)

    def write(self, rows: Prepared) -> None:
        """Merge prepared rows."""
        sql = self._opened
        if self._has_index:
            self._loader.join_by_index()
        fields = self._table.fields(rows.full)
        self._loader.insert(sql.batch, fields, rows.encoded)
        self._execute(sql.find())
        if self._loader.execute(sql.compare()):
            self._write_changes(fields, rows.given.height)
        else:
            self.outcome.unchanged += rows.given.height
        if self._target.mode is Mode.SYNC:
            self._execute(sql.mark_seen())
        self._execute(sql.empty())
        if self._has_index:
            self._loader.join_as_planned()

    def _write_changes(self, fields: Fields, height: int) -> None:
        """Count the changes of a batch, and write them unless this is a dry run."""
        sql = self._opened
        expected = self._count(height)
        if self._target.dry_run:
            return
        new = changed = 0
        if sql.compared:
            model_fields = writable_fields(self._target.model)
            times = [f.attname for f in model_fields if is_update_time(f)]
            with self._noted(sql.changes_of_rows(self._differing, times)):
                changed = self._loader.execute(sql.update(times))
        if self._target.mode is not Mode.UPDATE:
            new = self._loader.execute(sql.insert(list(fields)))
        self.outcome.correct(self._target.mode, expected, new, changed)

    def _noted(self, changes: Changes) -> AbstractContextManager[None]:
        target = self._target
        return noted_at_once(target.model, target.using, target.journal, changes)

    def look_again(self, *, undone: bool) -> None:
        """Make temporary tables again that were rolled back."""
        if undone:
            self._sql = None

    def check_now(self, names: Sequence[str]) -> None:
        """Check constraints that the database would check at the end."""
        self._loader.check_now(names)

    def finish(self) -> None:
        """Find the missing rows, and drop the temporary tables."""
        if self._target.mode is Mode.SYNC:
            if self._sql is None:  # Without any row there are no temporary tables.
                keys = self._target.rows.order_by("pk").values_list("pk", flat=True)
                self.missing = list(keys)
            else:
                found = self._loader.rows(self._sql.missing())
                self.missing = [self._table.key(key) for key in found]
            self.outcome.missing = len(self.missing)
        if self._sql is None:
            return
        if self._gives_keys and not self._target.dry_run:
            self._loader.reset_sequence(self._target.model)
        self._execute(self._sql.drop())

    @property
    def _opened(self) -> MergeStatements:
        if self._sql is None:
            raise RuntimeError("Call open before write.")
        return self._sql

    def _execute(self, statements: Sequence[str]) -> None:
        if statements:
            self._loader.execute_all(statements)

    def _count(self, height: int) -> Outcome:
        """Add the numbers of a batch, and examples of its changes, to the outcome.

        Returns:
            The numbers of new and changed rows of the batch.
        """
        sql = self._opened
        [counts] = self._loader.rows(sql.count())
        new, changed, *by_field = (int(count or 0) for count in counts)
        self.outcome.new += new
        self.outcome.changed += changed
        self.outcome.unchanged += height - new - changed
        found = dict(zip(sql.compared, by_field, strict=True))
        self._differing = [name for name, count in found.items() if count]
        self.outcome.changed_by_field.update({n: found[n] for n in self._differing})
        if changed and len(self.outcome.examples) < EXAMPLES:
            self.outcome.add_examples(self._examples())
        return Outcome(new=new, changed=changed)

    def _examples(self) -> list[Change]:
        """Return the first changes of this batch, in the order of its rows."""
        sql, key = self._opened, self._target.key
        parts = [*batched(range(len(sql.compared)), AT_ONCE)]
        found = (self._loader.rows(sql.examples(part)) for part in parts)
        return [
            Change(
                tuple(map(self._shown, key, values)),
                sql.compared[place],
                *(self._shown(sql.compared[place], value) for value in pair),
            )
            for row in zip(*found, strict=True)
            for part, values in zip(parts, row, strict=True)
            for start, place in zip(range(len(key), len(values), 3), part, strict=True)
            for differs, *pair in [values[start : start + 3]]
            if differs
        ]

    def _shown(self, attname: str, value: object) -> object:
        """Return a value of the database as a person reads it."""
        field = field_of(self._target.model, attname)
        return shown_value(field, self._table.python_value(attname, value))
