"""Step 4, load: rows are held beside the table, as they will be, until all are known.

A dry run holds the rows of a frame, and a run holds them from the first batch on that the
database refuses. Rows that do not differ from the table are only counted: they are rows of
the table that stay as they are. At the end the database itself says, in SQL, which of the rows break a
constraint: each row is compared with the other rows and with the rows of the table that stay
as they are. So a plan and a run name the same rows, and values may move between rows.
"""

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

import polars as pl
from django.db import connections, models

from importkit.loading.plan import (
    EXAMPLES,
    Change,
    Mode,
    Outcome,
    TableTarget,
    links_of,
)
from importkit.loading.writers.interface import (
    AT_ONCE,
    Loader,
    Table,
    any_of,
    scope_condition,
)
from importkit.models import (
    AnyField,
    Links,
    field_of,
    is_update_time,
    pk_fields,
    series_of,
    shown_value,
    unique_sets,
    writable_fields,
)

ROW, LINE_OF_ROW, CHANGED = "importkit_row", "importkit_line", "importkit_changed"


def _counter(name: str) -> AnyField:
    field = models.BigIntegerField()
    field.set_attributes_from_name(name)
    return field


COUNTERS = {name: _counter(name) for name in (ROW, LINE_OF_ROW)}


class HeldRows:
    """The rows of a frame beside their table.

    In all statements ``r`` is a row of the batch, ``a`` a held row, and ``t`` one of the
    table.

    Attributes:
        unchanged: The number of rows that are not held, since they do not differ.
    """

    def __init__(
        self,
        loader: Loader,
        target: TableTarget,
        key: Sequence[str],
        seen: str = "",
        *,
        all_rows: bool = False,
    ) -> None:
        """Hold no rows yet.

        Args:
            loader: The loader of the database.
            target: The table.
            key: The attnames by which rows of the table are found; empty if all rows
                are new.
            seen: The table that gets the primary keys of rows that were found.
            all_rows: Whether rows that do not differ are held as well.
        """
        self.loader = loader
        self.target = target
        self.key = key
        self.seen = seen
        self.table = Table(target.model, target.using)
        self.scope = scope_condition(target.model, target.scope)
        self.connection = connections[target.using]
        self.fields = writable_fields(target.model)
        self.given: list[str] = []
        self.full: list[str] = []
        self._rows = 0
        self.unchanged = 0
        self._holds_all = all_rows or not key
        self._has_index = set(key) in unique_sets(target.model)
        schema = loader.temporary
        self.batch = f"{schema}.importkit_batch"
        self.held = f"{schema}.importkit_held"
        self.bad = f"{schema}.importkit_bad"
        self.moves = f"{schema}.importkit_moves"
        self._temporary = (self.batch, self.held, self.bad, self.moves)

    # Holding.

    def open(self, given: Sequence[str], rows: pl.DataFrame) -> None:
        """Create the temporary tables, once.

        Args:
            given: The columns that the frame has.
            rows: These columns, and those that Django adds, in the types of their fields.
        """
        if self.full:
            return
        self.given, self.full = list(given), rows.columns
        self._create(rows)

    def add(self, rows: pl.DataFrame, lines: pl.Series) -> None:
        """Hold the rows of a batch.

        Args:
            rows: The columns that ``open`` was given.
            lines: The line of each row.
        """
        numbers = range(self._rows, self._rows + rows.height)
        full = rows.with_columns(
            pl.Series(ROW, numbers, pl.Int64), lines.cast(pl.Int64).alias(LINE_OF_ROW)
        )
        fields = self._batch_fields(rows)
        encoded = self.loader.encode(fields, full)
        self.loader.execute(f"{self.loader.empty} {self.batch}")
        if self._has_index:
            self.loader.join_by_index()
        self.loader.insert(self.batch, fields, encoded)
        self.unchanged += rows.height - self._hold_batch()
        self._rows += rows.height
        if self._has_index:
            self.loader.join_as_planned()

    def _hold_batch(self) -> int:
        """Hold the rows of the batch; return how many are held."""
        insert = f"INSERT INTO {self.held} {self._after()}"
        if self._holds_all:
            return self.loader.execute(insert)
        first = f"t.{self.table.pk[0]}"
        differs = any_of([f"{first} IS NULL", *self._tests()])
        held = self.loader.execute(f"{insert} WHERE {differs}")
        if self.seen:
            pk = ", ".join(f"t.{column}" for column in self.table.pk)
            self.loader.execute(
                f"INSERT INTO {self.seen} SELECT {pk} {self._matched()} "
                f"WHERE NOT ({differs})"
            )
        return held

    def execute(self, sql: str) -> None:
        """Run a statement of ``make_way``."""
        self.loader.execute(sql)

    @property
    def height(self) -> int:
        """The number of rows that were held, those included that are no longer."""
        return self._rows

    @property
    def is_empty(self) -> bool:
        """Whether no row is held."""
        return not self.full or not self.value(f"SELECT COUNT(*) FROM {self.held}")

    def numbers(self) -> list[tuple[int, int]]:
        """Return the number and the line of each held row, in order."""
        return self.loader.rows(
            f"SELECT {ROW}, {LINE_OF_ROW} FROM {self.held} ORDER BY {ROW}"
        )

    def drop_lines(self, lines: pl.Series) -> None:
        """Hold the rows of these lines no longer."""
        for part in batched(lines.unique(), AT_ONCE):
            among = ", ".join(map(str, part))
            self.loader.execute(
                f"DELETE FROM {self.held} WHERE {LINE_OF_ROW} IN ({among})"
            )

    def close(self) -> None:
        """Remove the temporary tables."""
        if self.full:
            for name in self._temporary:
                self.loader.execute(f"DROP TABLE IF EXISTS {name}")
        self.full = []
        self._rows = 0

    def _create(self, rows: pl.DataFrame) -> None:
        fields = self._batch_fields(rows)
        zero = ", ".join(f"CAST(0 AS bigint) AS {name}" for name in COUNTERS)
        columns = ", ".join(self.table.fields(rows))
        query = f"SELECT {columns}, {zero} FROM {self.table.name} WHERE 1 = 0"
        for name in self._temporary:
            self.loader.execute(f"DROP TABLE IF EXISTS {name}")
        self.loader.execute(self.loader.batch_table(self.batch, fields, query))
        pk = pk_fields(self.target.model)
        kept = {
            ROW: COUNTERS[ROW],
            LINE_OF_ROW: COUNTERS[LINE_OF_ROW],
            CHANGED: COUNTERS[ROW],
            **dict(zip(self.pks, pk, strict=True)),
            **{self.table.column(f.attname): f for f in self.fields},
        }
        self.loader.execute(self.loader.held_table(self.held, kept, self._after()))
        self.loader.execute(
            f"CREATE TABLE {self.bad} AS SELECT {ROW} FROM {self.held} WHERE 1 = 0"
        )
        same = ", ".join(self.pks)
        for place, columns in enumerate((same, ROW)):
            self.loader.execute(self.loader.index(self.held, place, columns))

    def _batch_fields(self, rows: pl.DataFrame) -> dict[str, AnyField]:
        return {**self.table.fields(rows), **COUNTERS}

    @property
    def pks(self) -> list[str]:
        return [f"importkit_pk{place}" for place in range(len(self.table.pk))]

    @property
    def compared(self) -> list[str]:
        """The attnames of the columns that rows may change."""
        pk = (field.attname for field in pk_fields(self.target.model))
        fixed = {*self.key, *pk}
        return [name for name in self.given if name not in fixed]

    @property
    def times(self) -> list[str]:
        return [f.attname for f in self.fields if is_update_time(f)]

    def _after(self) -> str:
        """Select the rows of the batch as they will be in the table."""
        first = f"t.{self.table.pk[0]}"
        tests = self._tests()
        differs = f"{first} IS NOT NULL AND ({any_of(tests)})" if tests else "1 = 0"
        pairs = zip(self.table.pk, self.pks, strict=True)
        pk = [f"t.{column} AS {name}" for column, name in pairs]
        changing = {*self.compared, *self.times}
        columns = []
        for field in self.fields:
            name = self.table.column(field.attname)
            stored = f"t.{name}"
            if field.attname not in self.full:
                default = self._database_default(field)
                value = f"CASE WHEN {first} IS NULL THEN {default} ELSE {stored} END"
            elif field.attname in changing:
                value = f"r.{name}"
            else:
                value = f"CASE WHEN {first} IS NULL THEN r.{name} ELSE {stored} END"
            columns.append(f"{value} AS {name}")
        number = f"CASE WHEN {differs} THEN 1 ELSE 0 END AS {CHANGED}"
        return (
            f"SELECT r.{ROW}, r.{LINE_OF_ROW}, {', '.join([number, *pk, *columns])} "
            f"{self._matched()}"
        )

    def _matched(self) -> str:
        same = " AND ".join(
            f"t.{name} = r.{name}" for name in map(self.table.column, self.key)
        )
        return (
            f"FROM {self.batch} r LEFT JOIN {self.table.name} t ON {same or '1 = 0'}"
            + (f" AND {self.scope}" if self.scope else "")
        )

    def _tests(self) -> list[str]:
        """Return the tests whether a row of the batch differs from its stored row."""
        return [self._differs(name, "r") for name in self.compared]

    def _database_default(self, field: AnyField) -> str:
        if not field.has_db_default():
            return "NULL"
        editor: Any = self.connection.schema_editor(collect_sql=True)
        sql, params = editor.db_default_sql(field)
        return str(sql % tuple(map(editor.quote_value, params)) if params else sql)

    def value(self, sql: str) -> int:
        [(value,)] = self.loader.rows(sql)
        return int(value or 0)

    # Counting.

    def count(
        self, outcome: Outcome, first_row: int = 0, last_row: int | None = None
    ) -> None:
        """Add the numbers of held rows, and examples of changes, to the outcome."""
        last_row = self._rows if last_row is None else last_row
        among = f"a.{ROW} BETWEEN {first_row} AND {last_row}"
        first = self.pks[0]
        [(rows, new, changed)] = self.loader.rows(
            f"SELECT COUNT(*), SUM(CASE WHEN {first} IS NULL THEN 1 ELSE 0 END), "
            f"SUM({CHANGED}) FROM {self.held} a WHERE {among}"
        )
        new, changed = int(new or 0), int(changed or 0)
        outcome.new += new
        outcome.changed += changed
        outcome.unchanged += rows - new - changed
        if not changed:
            return
        for names in batched(self.compared, AT_ONCE):
            sums = ", ".join(
                f"SUM(CASE WHEN {self._differs(name)} THEN 1 ELSE 0 END)"
                for name in names
            )
            [counts] = self.loader.rows(
                f"SELECT {sums} FROM {self._changed()} AND {among}"
            )
            found = zip(names, counts, strict=True)
            outcome.changed_by_field.update({n: int(c) for n, c in found if c})
        if len(outcome.examples) < EXAMPLES:
            outcome.add_examples(self._examples(among))

    def _differs(self, attname: str, row: str = "a") -> str:
        return self.loader.differ(self.table.column(attname), row)

    def _changed(self) -> str:
        pairs = zip(self.table.pk, self.pks, strict=True)
        same = " AND ".join(f"t.{column} = a.{name}" for column, name in pairs)
        return f"{self.held} a JOIN {self.table.name} t ON {same} WHERE a.{CHANGED} = 1"

    def _examples(self, among: str) -> list[Change]:
        """Return the first changes, in the order of the rows."""
        parts = [*batched(self.compared, AT_ONCE)]
        found = []
        for part in parts:
            names = [f"a.{self.table.column(name)}" for name in self.key]
            for name in part:
                column = self.table.column(name)
                names += [self._differs(name), f"t.{column}", f"a.{column}"]
            found.append(
                self.loader.rows(
                    f"SELECT {', '.join(names)} FROM {self._changed()} "
                    f"AND {among} ORDER BY a.{ROW} LIMIT {EXAMPLES}"
                )
            )
        width = len(self.key)
        return [
            Change(
                tuple(map(self._shown, self.key, values)),
                name,
                *(self._shown(name, value) for value in pair),
            )
            for row in zip(*found, strict=True)
            for part, values in zip(parts, row, strict=True)
            for name, start in zip(part, range(width, len(values), 3), strict=True)
            for differs, *pair in [values[start : start + 3]]
            if differs
        ]

    def _shown(self, attname: str, value: object) -> object:
        field = field_of(self.target.model, attname)
        return shown_value(field, self.table.python_value(attname, value))

    def planned(self) -> pl.DataFrame:
        """Return ``keeps`` of the new rows, for the rows that refer to them."""
        names = [name for name in self.target.keeps if name in self.full]
        columns = [f"{self.table.column(name)}" for name in names]
        rows = self.loader.rows(
            f"SELECT {', '.join([ROW, *columns])} FROM {self.held} "
            f"WHERE {self.pks[0]} IS NULL ORDER BY {ROW}"
        )
        _, *values = zip(*rows, strict=True) if rows else ((),) * (len(names) + 1)
        return pl.DataFrame(
            series_of(
                field_of(self.target.model, name),
                name,
                [self.table.python_value(name, value) for value in column],
            )
            for name, column in zip(names, values, strict=True)
        )

    def add_links(self, found: Mapping[str, Links]) -> None:
        """Add the foreign keys that the rows would have written, by attname."""
        for key in links_of(self.target, self.given):
            links, name = found[key.attname], key.attname
            column = self.table.column(name)
            rows = self.loader.rows(
                f"SELECT {', '.join(self.pks)}, {column} FROM {self.held} "
                f"WHERE {self.pks[0]} IS NULL OR {CHANGED} = 1"
            )
            for *pk, value in rows:
                parent = self.table.python_value(name, value)
                if pk[0] is None:
                    links.new[parent] += 1
                else:
                    links.moved[self.table.key(pk)] = parent

    # Writing.

    def write(self, first: int, last: int) -> tuple[int, int]:
        """Write held rows; return how many rows the database created and changed.

        Args:
            first: The number of the first row.
            last: The number of the last row.
        """
        among = f"a.{ROW} BETWEEN {first} AND {last}"
        changed = new = 0
        if self.key and self.compared:
            changed = self.loader.execute(self._update(among))
        if self.target.mode is not Mode.UPDATE:
            columns = [self.table.column(name) for name in self.full]
            new = self.loader.execute(
                f"{self.loader.insert_into} {self.table.name} "
                f"({', '.join(columns)}) {self.loader.given_keys} "
                f"SELECT {', '.join(columns)} FROM {self.held} a "
                f"WHERE a.{self.pks[0]} IS NULL AND {among} ORDER BY a.{ROW}"
            )
        return new, changed

    def _update(self, among: str) -> str:
        names = [self.table.column(n) for n in [*self.compared, *self.times]]
        values = ", ".join(f"a.{name} AS v{n}" for n, name in enumerate(names))
        pks = ", ".join(f"a.{name}" for name in self.pks)
        pairs = zip(self.table.pk, self.pks, strict=True)
        same = " AND ".join(f"t.{column} = n.{name}" for column, name in pairs)
        return (
            f"UPDATE {self.table.name} AS t "
            f"SET {', '.join(f'{name} = n.v{n}' for n, name in enumerate(names))} "
            f"FROM (SELECT {pks}, {values} FROM {self.held} a "
            f"WHERE a.{CHANGED} = 1 AND {among}) AS n WHERE {same}"
        )

    def mark_seen(self) -> None:
        """Add the primary keys of the held rows, once they are written, to those seen."""
        if not self.seen:
            return
        pks = ", ".join(self.pks)
        self.loader.execute(
            f"INSERT INTO {self.seen} SELECT {pks} FROM {self.held} "
            f"WHERE {self.pks[0]} IS NOT NULL"
        )
        columns = ", ".join(f"t.{column}" for column in self.table.pk)
        same = " AND ".join(
            f"t.{name} = a.{name}" for name in map(self.table.column, self.key)
        )
        self.loader.execute(
            f"INSERT INTO {self.seen} SELECT {columns} FROM {self.held} a "
            f"JOIN {self.table.name} t ON {same} WHERE a.{self.pks[0]} IS NULL"
        )
