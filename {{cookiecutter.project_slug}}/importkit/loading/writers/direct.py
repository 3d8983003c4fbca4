"""Step 4, load: rows that are all new go straight into the table."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from importkit.loading.plan import Outcome, Target
from importkit.loading.writers.interface import (
    Loader,
    Prepared,
    Table,
    defaults,
    gives_keys,
)


class DirectWriter:
    """Inserts without a look at what the table holds.

    Attributes:
        outcome: What has been done, or in a dry run would be.
        missing: Nothing.
        planned: In a dry run, ``keeps`` of the rows that would be created.
    """

    def __init__(self, loader: Loader, target: Target) -> None:
        """Write to the table of a target."""
        self._loader = loader
        self._target = target
        self._table = Table(target.model, target.using)
        self._gives_keys = False
        self.outcome = Outcome()
        self.missing: list[Any] = []
        self.planned: list[pl.DataFrame] = []

    def added(self, columns: Sequence[str], height: int) -> list[pl.Series]:
        """Return the defaults of absent columns, if they are needed."""
        if self._target.dry_run and not self._target.keeps:
            return []
        return defaults(self._target.model, columns, height)

    def prepared(self, df: pl.DataFrame, added: list[pl.Series]) -> Prepared:
        """Return the rows of a frame that fits, encoded with what is added."""
        if self._target.dry_run:
            return Prepared(df, df.hstack(added), None)
        rows = df.hstack(added)
        return Prepared(df, rows, self._loader.encoded(self._table.fields(rows), rows))

    def open(self, rows: Prepared) -> None:
        """Do nothing: the table is there."""

    def write(self, rows: Prepared) -> None:
        """Insert prepared rows."""
        self.outcome.new += rows.given.height
        if self._target.dry_run:
            keeps = [name for name in self._target.keeps if name in rows.full.columns]
            self.planned.append(rows.full.select(keeps))
        elif not rows.given.is_empty():
            fields = self._table.fields(rows.full)
            self._loader.insert(self._table.name, fields, rows.encoded)
            self._gives_keys |= gives_keys(self._target.model, rows.given)

    def finish(self) -> None:
        """Do what is left to do when all rows are in."""
        if self._gives_keys:
            self._loader.keys_given(self._target.model)
