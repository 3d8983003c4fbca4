"""Step 4, load: rows that are all new are inserted straight into the table.

Many rows of an empty table of PostgreSQL go in without its indexes, which are built at the end.
"""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import polars as pl
from django.db import DatabaseError

from importkit.loading.database_errors import is_refusal, sentence
from importkit.loading.plan import Outcome, TableTarget
from importkit.loading.writers.databases.bare_tables import BareTable, NotAsBeforeError
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

    def undoing(self, rows: Prepared) -> AbstractContextManager[None]:
        """Return what undoes ``write`` where the database refuses a row."""
        fields = self._table.fields(rows.full)
        return self._loader.undoing(self._target.model, fields)

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


class NeedsIndexesError(Exception):
    """The rows of a table have to be written again, with its indexes; says why."""


class BareWriter(DirectWriter):
    """Inserts rows into an empty table of PostgreSQL, without its indexes if many come.

    All goes well, or ``NeedsIndexesError`` ends it: rows that break a constraint are named
    where the constraint is.
    """

    _bare: BareTable | None = None

    def strip(self, reason: str) -> str:
        """Drop the indexes, before the first row, unless the table needs them.

        Args:
            reason: Why they are needed, if that is known.

        Returns:
            A remark on what was done.
        """
        label = self._target.model._meta.label
        bare = BareTable(self._loader, self._target.using, self._table.name)
        if reason := reason or bare.strip():
            return f"{label} keeps its indexes while it is filled: {reason}."
        self._bare = bare
        return f"{label} is filled without its indexes, which are built at the end."

    def hold(self, *, all_rows: bool) -> HeldRows:
        """Return what holds rows, which the indexes compare with those of the table.

        Raises:
            NeedsIndexesError: There are none.
        """
        if self._bare:
            self._bare.undo()
            raise NeedsIndexesError("there are rows that cannot be written")
        return super().hold(all_rows=all_rows)

    def check_now(self, names: Sequence[str]) -> None:
        """Check constraints that the database would check at the end, and that are there."""
        dropped = self._bare.names if self._bare else ()
        super().check_now([name for name in names if name not in dropped])

    def build(self) -> None:
        """Build the indexes, after the last row.

        Raises:
            NeedsIndexesError: They cannot be built over these rows.
        """
        if self._bare is None:
            return
        try:
            self._bare.build()
        except (DatabaseError, NotAsBeforeError) as error:
            if isinstance(error, DatabaseError) and not is_refusal(error):
                raise
            self._bare.undo()
            raise NeedsIndexesError(sentence(error).splitlines()[0]) from error
        self._bare = None
