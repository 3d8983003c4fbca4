"""Step 4, load: rows that are all new are inserted straight into the table."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import polars as pl

from importkit.loading.plan import Outcome, TableTarget
from importkit.loading.writers.held import HeldRows
from importkit.loading.writers.interface import (
    Loader,
    Prepared,
    Table,
    defaults,
    gives_keys,
)
from importkit.models import Links


class DirectWriter:
    """Inserts rows without comparing them with the table.

    Attributes:
        outcome: The numbers of rows written, or in a dry run of rows to be written.
        missing: Always empty.
        planned: In a dry run, ``keeps`` of the rows that would be created.
        links: In a dry run with ``Mode.SYNC``, what would be written into foreign keys.
    """

    def __init__(self, loader: Loader, target: TableTarget) -> None:
        """Write to the table of a target."""
        self._loader = loader
        self._target = target
        self._table = Table(target.model, target.using)
        self._gives_keys = False
        self.outcome = Outcome()
        self.missing: list[Any] = []
        self.planned: list[pl.DataFrame] = []
        self.links: dict[str, Links] = defaultdict(Links)

    def added_columns(self, columns: Sequence[str], height: int) -> list[pl.Series]:
        """Return the defaults of absent columns."""
        return defaults(self._target.model, columns, height)

    def prepare(self, df: pl.DataFrame, added: list[pl.Series]) -> Prepared:
        """Return the rows of a checked frame, encoded with the added columns."""
        if self._target.dry_run:
            return Prepared(df, df.hstack(added), None)
        rows = df.hstack(added)
        return Prepared(df, rows, self._loader.encode(self._table.fields(rows), rows))

    def hold(self, *, all_rows: bool) -> HeldRows:
        """Return what holds rows for this table."""
        return HeldRows(self._loader, self._target, (), all_rows=all_rows)

    def open(self, rows: Prepared) -> None:
        """Note whether rows bring their own keys; no temporary tables are needed."""
        if not self._target.dry_run:
            self._gives_keys |= gives_keys(self._target.model, rows.given)

    def write(self, rows: Prepared) -> None:
        """Insert prepared rows."""
        if rows.given.is_empty():
            return
        fields = self._table.fields(rows.full)
        self._loader.insert(self._table.name, fields, rows.encoded)
        written = self._loader.written
        self.outcome.new += written
        self.outcome.lost += rows.given.height - written

    def check_now(self, names: Sequence[str]) -> None:
        """Check constraints that the database would check at the end."""
        self._loader.check_now(names)

    def look_again(self, *, undone: bool) -> None:
        """Do nothing: rows are not compared."""

    def finish(self) -> None:
        """Reset the sequence of keys, if rows brought their own keys."""
        if self._gives_keys:
            self._loader.reset_sequence(self._target.model)
