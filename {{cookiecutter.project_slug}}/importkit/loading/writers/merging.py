"""Step 4, load: the database merges rows into the rows with the same natural key.

Each batch goes through temporary tables: ``importkit_rows`` holds the rows,
``importkit_changes`` those of them that are new or differ, and ``importkit_seen`` the primary
keys of the rows that were found, on SQLite by way of ``importkit_found``. A dry run writes to these only.
"""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import batched
from typing import Any

import polars as pl
from django.db import transaction

from importkit.loading.plan import EXAMPLES, Change, Mode, Outcome, TableTarget
from importkit.loading.writers.held import HeldRows
from importkit.loading.writers.interface import (
    AT_ONCE,
    Fields,
    Loader,
    Prepared,
    Table,
    any_of,
    defaults,
    gives_keys,
    repeated_key,
    update_times,
)
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

NO_ROWS = "WHERE 1 = 0"


@dataclass(frozen=True)
class MergeStatements:
    """The SQL that merges batches into a table.

    In all statements ``r`` is a row of the batch, ``t`` one of the table and ``c`` one of
    the changes. A change has the ``row_id`` of its row of the batch, the primary key
    (``pk0`` and so on) of the row of the table, null if the row is new, and for each compared column ``d0``, ``d1`` and
    so on: whether the column differs.

    Attributes:
        table: The table.
        loader: The loader of the database, whose SQL differs from that of others.
        key: The attnames of the natural key.
        compared: The attnames of the columns that the rows may change.
        scope: The condition of the rows ``t`` that the run sees; empty: all rows.
        finds: Whether rows of the table are found first, for the comparison and for
            those seen: with ``Mode.SYNC`` each would search for them.
    """

    table: Table
    loader: Loader
    key: Sequence[str]
    compared: Sequence[str]
    scope: str = ""
    finds: bool = False

    @property
    def batch(self) -> str:
        """The temporary table of the rows of a batch."""
        # In the schema of temporary tables, so that no table of a project is meant.
        return f"{self.loader.temporary}.importkit_rows"

    @property
    def changes(self) -> str:
        """The temporary table of the rows of a batch that are new or differ."""
        return f"{self.loader.temporary}.importkit_changes"

    @property
    def seen(self) -> str:
        """The temporary table of the primary keys of all rows that were found."""
        return f"{self.loader.temporary}.importkit_seen"

    @property
    def found(self) -> str:
        """The temporary table of the rows of a batch, with the primary keys found."""
        return f"{self.loader.temporary}.importkit_found"

    @property
    def _of_batch(self) -> list[str]:
        """The temporary tables that each batch fills anew."""
        return [self.batch, self.changes, *([self.found] if self.finds else [])]

    def create(self, fields: Fields) -> list[str]:
        """Return what creates the temporary tables.

        Args:
            fields: The fields of a batch by the quoted names of their columns.
        """
        tables = (*self._of_batch, self.seen)
        query = f"SELECT {', '.join(fields)} FROM {self.table.name} {NO_ROWS}"
        keys = f"SELECT {self._pk()} FROM {self.table.name} t {NO_ROWS}"
        none = f"SELECT * FROM ({self._search()}) AS f {NO_ROWS}"
        found = [f"CREATE TABLE {self.found} AS {none}"] if self.finds else []
        return [
            *(f"DROP TABLE IF EXISTS {name}" for name in tables),
            # First: where a column has its name, the row of a batch gets another one.
            self.loader.batch_table(self.batch, fields, query),
            *found,
            f"CREATE TABLE {self.changes} AS "
            f"SELECT * FROM ({self._comparison()}) AS c {NO_ROWS}",
            f"CREATE TABLE {self.seen} AS {keys}",
        ]

    def empty(self) -> list[str]:
        """Return what makes the temporary tables ready for the next batch."""
        return [f"{self.loader.empty} {name}" for name in self._of_batch]

    def drop(self) -> list[str]:
        """Return what removes the temporary tables."""
        return [f"DROP TABLE {name}" for name in (*self._of_batch, self.seen)]

    def repeated_keys(self) -> str:
        """Select a natural key that more than one row of the table has."""
        columns = list(map(self.table.column, self.key))
        names = ", ".join(columns)
        return (
            f"SELECT {names} FROM {self.table.name} t "
            f"WHERE {' AND '.join(f'{name} IS NOT NULL' for name in columns)}{self._and} "
            f"GROUP BY {names} HAVING COUNT(*) > 1 LIMIT 1"
        )

    def find(self) -> list[str]:
        """Return what finds the rows of the table, if they are found first."""
        return [f"INSERT INTO {self.found} {self._search()}"] if self.finds else []

    def compare(self) -> str:
        """Fill the changes from the batch and the table."""
        return f"INSERT INTO {self.changes} {self._comparison()}"

    def count(self) -> str:
        """Select the numbers of new and of changed rows, and of changes by column."""
        flags = [f"pk0 IS NOT NULL AND d{n}" for n in range(len(self.compared))]
        tests = ["pk0 IS NULL", "pk0 IS NOT NULL", *flags]
        sums = ", ".join(f"SUM(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in tests)
        return f"SELECT {sums} FROM {self.changes}"

    def examples(self, places: Sequence[int]) -> str:
        """Select the first changed rows: the key, and three values for each column.

        The three values are whether the column differs, the old and the new value.

        Args:
            places: The places of the columns among those compared.
        """
        names = [f"r.{self.table.column(name)}" for name in self.key]
        for place in places:
            column = self.table.column(self.compared[place])
            names.append(f"c.d{place}")
            names += [f"{self.loader.as_stored}{row}.{column}" for row in "tr"]
        return (
            f"SELECT {', '.join(names)} FROM {self._changed_rows()} "
            f"JOIN {self.table.name} t ON {self._same_pk('c')} "
            f"ORDER BY c.row_id LIMIT {EXAMPLES}"
        )

    def update(self, times: Sequence[str]) -> str:
        """Change the rows that differ.

        Args:
            times: The attnames of the times of change, which are set as well.
        """
        names = [self.table.column(name) for name in [*self.compared, *times]]
        # With names of their own: of "true" SQLite makes a value, not a column.
        values = ", ".join(f"r.{name} AS v{n}" for n, name in enumerate(names))
        # Only the values that are needed: of two tables SQLite takes all columns together,
        # which may be more than a result can have.
        rows = (
            f"(SELECT {', '.join(f'c.{name}' for name in self._pk_names)}, {values} "
            f"FROM {self._changed_rows()}) AS n"
        )
        return (
            f"UPDATE {self.table.name} AS t "
            f"SET {', '.join(f'{name} = n.v{n}' for n, name in enumerate(names))} "
            f"FROM {rows} WHERE {self._same_pk('n')}"
        )

    def insert(self, columns: Sequence[str]) -> str:
        """Insert the new rows.

        Args:
            columns: The quoted columns of the batch.
        """
        return (
            f"{self.loader.insert_into} {self.table.name} ({', '.join(columns)}) "
            f"{self.loader.given_keys} SELECT {', '.join(f'r.{name}' for name in columns)} "
            f"FROM {self._changed_rows()} WHERE c.pk0 IS NULL ORDER BY c.row_id"
        )

    def mark_seen(self) -> list[str]:
        """Return what adds the rows of the table that the batch has to those seen."""
        start = f"INSERT INTO {self.seen} SELECT"
        if not self.finds:
            return [f"{start} {self._pk()} FROM {self._matched()}"]
        names = ", ".join(self._pk_names)
        new = f"{self._changed_rows()} JOIN {self.table.name} t ON {self._same_key}"
        return [
            f"{start} {names} FROM {self.found} WHERE pk0 IS NOT NULL",
            f"{start} {self._pk()} FROM {new} WHERE c.pk0 IS NULL",
        ]

    def missing(self) -> str:
        """Select the primary keys of the rows of the table that no batch had."""
        where = f"WHERE {self.scope}" if self.scope else ""
        # Sorted or hashed once: a test of each row would read those seen again and again.
        places = ", ".join(str(place + 1) for place in range(len(self.table.pk)))
        return (
            f"SELECT {', '.join(self.table.pk)} FROM {self.table.name} t {where} "
            f"EXCEPT SELECT {', '.join(self._pk_names)} FROM {self.seen} "
            f"ORDER BY {places}"
        )

    @property
    def _pk_names(self) -> list[str]:
        """The names of the columns of a primary key in the temporary tables."""
        return [f"pk{place}" for place in range(len(self.table.pk))]

    def _pk(self) -> str:
        """Select the primary key of a row of the table."""
        pairs = zip(self.table.pk, self._pk_names, strict=True)
        return ", ".join(f"t.{column} AS {name}" for column, name in pairs)

    def _same_pk(self, other: str) -> str:
        """Compare the primary key of a row of the table with that of a temporary one."""
        pairs = zip(self.table.pk, self._pk_names, strict=True)
        return " AND ".join(f"t.{column} = {other}.{name}" for column, name in pairs)

    def _comparison(self) -> str:
        """Select the rows of the batch that are new or differ, and how they differ."""
        tests = [self.loader.differ(self.table.column(name)) for name in self.compared]
        flags = "".join(f", ({test}) AS d{place}" for place, test in enumerate(tests))
        return (
            f"SELECT r.{self.loader.row_id} AS row_id, {self._pk()}{flags} "
            f"FROM {self._found_rows() if self.finds else self._matched('LEFT JOIN')} "
            f"WHERE {any_of([f't.{self.table.pk[0]} IS NULL', *tests])}"
        )

    def _search(self) -> str:
        """Select the rows of the batch, with the primary keys of those of the table."""
        matched = self._matched("LEFT JOIN")
        return f"SELECT r.{self.loader.row_id} AS row_id, {self._pk()} FROM {matched}"

    def _found_rows(self) -> str:
        return (
            f"{self.found} f JOIN {self.batch} r ON r.{self.loader.row_id} = f.row_id "
            f"LEFT JOIN {self.table.name} t ON {self._same_pk('f')}"
        )

    def _matched(self, join: str = "JOIN") -> str:
        on = f"{self._same_key}{self._and}"
        return f"{self.batch} r {join} {self.table.name} t ON {on}"

    @property
    def _same_key(self) -> str:
        columns = map(self.table.column, self.key)
        return " AND ".join(f"t.{name} = r.{name}" for name in columns)

    @property
    def _and(self) -> str:
        return f" AND {self.scope}" if self.scope else ""

    def _changed_rows(self) -> str:
        return (
            f"{self.changes} c JOIN {self.batch} r ON r.{self.loader.row_id} = c.row_id"
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
        finds = self._loader.finds_first and self._target.mode is Mode.SYNC
        sql = MergeStatements(
            self._table, self._loader, self._target.key, compared, scope, finds
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
            changed = self._loader.execute(sql.update(times))
        if self._target.mode is not Mode.UPDATE:
            new = self._loader.execute(sql.insert(list(fields)))
        self.outcome.correct(self._target.mode, expected, new, changed)

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
        self.outcome.changed_by_field.update({n: c for n, c in found.items() if c})
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
