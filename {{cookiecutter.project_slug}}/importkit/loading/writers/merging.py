"""Step 4, load: rows are merged into those of the same natural key, by the database."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from importkit.loading.plan import (
    EXAMPLES,
    Change,
    Mode,
    Outcome,
    Target,
)
from importkit.loading.writers.interface import (
    Loader,
    Prepared,
    Table,
    defaults,
    gives_keys,
    repeated_key,
    times,
)
from importkit.models import (
    is_update_time,
    series_of,
    shown_value,
    unique_sets,
    writable_fields,
)


class MergingWriter:
    """Compares each batch with the table in one statement, and writes what differs.

    The batch and what came out of the comparison stand in temporary tables, which are
    all that a dry run writes to.

    Attributes:
        outcome: What has been done, or in a dry run would be.
        missing: The keys of the rows that no batch had; with ``Mode.SYNC``, at the end.
        planned: In a dry run, ``keeps`` of the rows that would be created.
    """

    def __init__(self, loader: Loader, target: Target) -> None:
        """Write to the table of a target, which has a natural key."""
        self._loader = loader
        self._target = target
        self._table = Table(target.model, target.using)
        # In a schema of their own, for no table of a project to be taken for them.
        self._staged = f"{loader.temporary}.importkit_rows"
        self._changes = f"{loader.temporary}.importkit_changes"
        self._seen = f"{loader.temporary}.importkit_seen"
        self._has_index = set(target.key) in unique_sets(target.model)
        self._compared: list[str] | None = None
        self._gives_keys = False
        self._fields = {f.attname: f for f in writable_fields(target.model)}
        self.outcome = Outcome()
        self.missing: list[Any] = []
        self.planned: list[pl.DataFrame] = []

    def added(self, columns: Sequence[str], height: int) -> list[pl.Series]:
        """Return the times of changes, and the defaults of rows that may be new."""
        stamps = times(self._target.model, height)
        if self._target.mode is Mode.UPDATE:
            return stamps
        known = [*columns, *(values.name for values in stamps)]
        return [*stamps, *defaults(self._target.model, known, height)]

    def prepared(self, df: pl.DataFrame, added: list[pl.Series]) -> Prepared:
        """Return the rows of a frame that fits, encoded with what is added."""
        rows = df.hstack(added)
        return Prepared(df, rows, self._loader.encoded(self._table.fields(rows), rows))

    def open(self, rows: Prepared) -> None:
        """Look at the table and create the temporary ones, once."""
        if self._compared is None:
            self._refuse_repeated_keys()
            self._compared = self._comparable(rows.given)
            self._create_tables(rows.full)
            self._gives_keys = gives_keys(self._target.model, rows.given)

    def write(self, rows: Prepared) -> None:
        """Merge prepared rows."""
        if self._has_index:
            self._loader.join_by_index()
        fields = self._table.fields(rows.full)
        self._loader.insert(self._staged, fields, rows.encoded)
        self._loader.execute(f"INSERT INTO {self._changes} {self._comparison()}")
        self._count(rows.given.height)
        self._plan(rows.full.columns)
        if not self._target.dry_run:
            self._update()
            self._insert(list(fields))
        if self._target.mode is Mode.SYNC:
            self._loader.execute(
                f"INSERT INTO {self._seen} SELECT t.{self._table.pk} FROM {self._matched()}"
            )
        self._loader.execute(f"{self._loader.empty} {self._staged}")
        self._loader.execute(f"{self._loader.empty} {self._changes}")

    def finish(self) -> None:
        """Find the rows that are missing, and leave no temporary table behind."""
        if self._compared is None:  # No row has come, so that there is no table.
            if self._target.mode is Mode.SYNC:
                keys = f"SELECT {self._table.pk} FROM {self._table.name} ORDER BY 1"
                self.missing = [key for (key,) in self._loader.rows(keys)]
                self.outcome.missing = len(self.missing)
            return
        if self._target.mode is Mode.SYNC:
            self.missing = [key for (key,) in self._loader.rows(self._missing())]
            self.outcome.missing = len(self.missing)
        if self._gives_keys and not self._target.dry_run:
            self._loader.keys_given(self._target.model)
        for name in (self._staged, self._changes, self._seen):
            self._loader.execute(f"DROP TABLE {name}")

    def _refuse_repeated_keys(self) -> None:
        """Refuse a natural key that does not tell the rows of the table apart."""
        if self._has_index:
            return
        columns = list(map(self._table.column, self._target.key))
        names = ", ".join(columns)
        repeated = self._loader.rows(
            f"SELECT {names} FROM {self._table.name} "
            f"WHERE {' AND '.join(f'{name} IS NOT NULL' for name in columns)} "
            f"GROUP BY {names} HAVING COUNT(*) > 1 LIMIT 1"
        )
        if repeated:
            raise repeated_key(self._target, repeated[0])

    def _comparable(self, df: pl.DataFrame) -> list[str]:
        """Return the attnames of what may change: all but the keys."""
        pk = self._target.model._meta.pk.attname
        return [name for name in df.columns if name not in {*self._target.key, pk}]

    def _create_tables(self, rows: pl.DataFrame) -> None:
        names = ", ".join(self._table.fields(rows))
        nothing = "WHERE 1 = 0"
        for name, query in {
            self._staged: f"SELECT {names} FROM {self._table.name} {nothing}",
            self._changes: f"SELECT * FROM ({self._comparison()}) AS c {nothing}",
            self._seen: f"SELECT {self._table.pk} AS pk FROM {self._table.name} {nothing}",
        }.items():
            self._loader.execute(f"DROP TABLE IF EXISTS {name}")
            self._loader.execute(f"CREATE TABLE {name} AS {query}")

    def _matched(self, kind: str = "JOIN") -> str:
        same = " AND ".join(
            f"t.{name} = r.{name}" for name in map(self._table.column, self._target.key)
        )
        return f"{self._staged} r {kind} {self._table.name} t ON {same}"

    def _comparison(self) -> str:
        """Select the rows that are new or differ, and in what."""
        pk = f"t.{self._table.pk}"
        tests = [
            f"r.{name} {self._loader.differs} t.{name}"
            for name in map(self._table.column, self._compared or [])
        ]
        flags = "".join(f", ({test}) AS d{place}" for place, test in enumerate(tests))
        return (
            f"SELECT r.{self._loader.row_id} AS row_id, {pk} AS pk{flags} "
            f"FROM {self._matched('LEFT JOIN')} "
            f"WHERE {' OR '.join([f'{pk} IS NULL', *tests])}"
        )

    def _count(self, height: int) -> None:
        flags = [f"pk IS NOT NULL AND d{n}" for n in range(len(self._compared or []))]
        tests = ["pk IS NULL", "pk IS NOT NULL", *flags]
        sums = ", ".join(f"SUM(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in tests)
        [counts] = self._loader.rows(f"SELECT {sums} FROM {self._changes}")
        new, changed, *by_field = (int(count or 0) for count in counts)
        self.outcome.new += new
        self.outcome.changed += changed
        self.outcome.unchanged += height - new - changed
        found = dict(zip(self._compared or [], by_field, strict=True))
        self.outcome.changed_by_field.update({n: c for n, c in found.items() if c})
        if changed and len(self.outcome.examples) < EXAMPLES:
            self.outcome.add_examples(self._examples())

    def _examples(self) -> list[Change]:
        """Return some of the changes of this batch, in the order of its rows."""
        compared, key = self._compared or [], self._target.key
        names = [*(f"r.{self._table.column(name)}" for name in key)]
        for place, name in enumerate(compared):
            column = self._table.column(name)
            names += [f"d{place}", f"t.{column}", f"r.{column}"]
        rows = self._loader.rows(
            f"SELECT {', '.join(names)} FROM {self._changes} c "
            f"JOIN {self._staged} r ON r.{self._loader.row_id} = c.row_id "
            f"JOIN {self._table.name} t ON t.{self._table.pk} = c.pk "
            f"ORDER BY c.row_id LIMIT {EXAMPLES}"
        )
        return [
            Change(
                tuple(map(self._shown, key, row)),
                name,
                *(self._shown(name, v) for v in pair),
            )
            for row in rows
            for place, name in enumerate(compared)
            for differs, *pair in [row[len(key) + 3 * place :][:3]]
            if differs
        ]

    def _shown(self, name: str, value: object) -> object:
        """Return a value of the database as a person reads it."""
        return shown_value(self._fields[name], self._table.python_value(name, value))

    def _plan(self, staged: Sequence[str]) -> None:
        """Remember the new rows of a batch, for the rows that refer to them."""
        names = [name for name in self._target.keeps if name in staged]
        if not (self._target.dry_run and names):
            return
        columns = ", ".join(f"r.{self._table.column(name)}" for name in names)
        rows = self._loader.rows(
            f"SELECT {columns} FROM {self._changes} c JOIN {self._staged} r "
            f"ON r.{self._loader.row_id} = c.row_id WHERE c.pk IS NULL"
        )
        values = zip(*rows, strict=True) if rows else ((),) * len(names)
        self.planned.append(
            pl.DataFrame(
                series_of(
                    self._fields[name],
                    name,
                    [self._table.python_value(name, value) for value in column],
                )
                for name, column in zip(names, values, strict=True)
            )
        )

    def _update(self) -> None:
        if not self._compared:
            return
        stamps = [f.attname for f in self._fields.values() if is_update_time(f)]
        names = [self._table.column(name) for name in [*self._compared, *stamps]]
        self._loader.execute(
            f"UPDATE {self._table.name} AS t "
            f"SET {', '.join(f'{name} = r.{name}' for name in names)} "
            f"FROM {self._changes} c JOIN {self._staged} r ON r.{self._loader.row_id} = c.row_id "
            f"WHERE t.{self._table.pk} = c.pk"
        )

    def _insert(self, names: list[str]) -> None:
        if self._target.mode is Mode.UPDATE:
            return
        self._loader.execute(
            f"{self._loader.insert_into} {self._table.name} ({', '.join(names)}) "
            f"SELECT {', '.join(f'r.{name}' for name in names)} FROM {self._changes} c "
            f"JOIN {self._staged} r ON r.{self._loader.row_id} = c.row_id "
            "WHERE c.pk IS NULL ORDER BY c.row_id"
        )

    def _missing(self) -> str:
        return (
            f"SELECT t.{self._table.pk} FROM {self._table.name} t WHERE NOT EXISTS "
            f"(SELECT 1 FROM {self._seen} s WHERE s.pk = t.{self._table.pk}) "
            f"ORDER BY t.{self._table.pk}"
        )
