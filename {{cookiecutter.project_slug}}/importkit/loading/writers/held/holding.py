"""Step 4, load: rows are held beside the table, as they will be, until all are known.

A dry run holds the rows of a frame, and a run holds them from the first batch on that the
database refuses. Rows that do not differ from the table are only counted: they are rows of
the table that stay as they are. At the end the database itself says, in SQL, which of the rows break a
constraint: each row is compared with the other rows and with the rows of the table that stay
as they are. So a plan and a run name the same rows, and values may move between rows.
"""

from collections.abc import Sequence
from itertools import batched
from typing import Any

import polars as pl
from django.db import connections, models

from importkit.loading.plan import TableTarget
from importkit.loading.writers.catalogue import Catalogue
from importkit.loading.writers.held.matching import (
    CHANGED,
    LINE_OF_ROW,
    ROW,
    after,
    matched,
)
from importkit.loading.writers.held.needs import Needs, needs_of
from importkit.loading.writers.interface import (
    AT_ONCE,
    Fields,
    Loader,
    Table,
    any_of,
)
from importkit.loading.writers.scope import scope_condition
from importkit.models import (
    AnyField,
    is_update_time,
    pk_fields,
    unique_sets,
    writable_fields,
)


def _counter(name: str) -> AnyField:
    field = models.BigIntegerField()
    field.set_attributes_from_name(name)
    return field


COUNTERS = {name: _counter(name) for name in (ROW, LINE_OF_ROW)}


class HeldRows:
    """The rows of a frame beside their table, with the columns that are needed.

    In all statements ``r`` is a row of the batch, ``a`` a held row, and ``t`` one of the
    table. Where nothing of new rows is needed they are only counted.

    Attributes:
        unchanged: The number of rows that are not held, since they do not differ.
        counted: The number of rows that are not held, since nothing of them is needed.
        needs: What has to be judged; known once there are rows.
        fields: The fields whose columns are held.
        number: The column in which the database numbers the rows of a batch.
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
        self.fields: list[AnyField] = []
        self.given: list[str] = []
        self.full: list[str] = []
        self.number = ""
        self.needs = Needs(Catalogue(), judges_key=False, columns=frozenset())
        self._end = 0
        self.unchanged = self.counted = 0
        self._holds_all = all_rows or not key
        self._has_index = set(key) in unique_sets(target.model)
        schema = loader.temporary
        self.batch = f"{schema}.importkit_batch"
        self.held = f"{schema}.importkit_held"
        self.bad = f"{schema}.importkit_bad"
        self.moves = f"{schema}.importkit_moves"
        self._temporary = (self.batch, self.held, self.bad, self.moves)

    def open(self, given: Sequence[str], rows: pl.DataFrame, known: Catalogue) -> None:
        """Choose what is held, and create the temporary tables, once.

        Args:
            given: The columns that the frame has.
            rows: These columns, and those that Django adds, in the types of their fields.
            known: What the table demands.
        """
        if self.full:
            return
        self.given, self.full = list(given), rows.columns
        self.needs = needs_of(
            self.target,
            self.loader,
            known,
            self.full,
            is_all_new=not self.key,
        )
        held = {*self.needs.columns, *self.key}
        held |= {*self.compared} if self.key else set()
        fields = writable_fields(self.target.model)
        self.fields = [field for field in fields if field.attname in held]
        if not self.only_counts:
            self._create(rows)

    @property
    def only_counts(self) -> bool:
        """Whether nothing of the rows is needed but their number."""
        return not self.fields

    def add(self, rows: pl.DataFrame, lines: pl.Series) -> None:
        """Hold the rows of a batch.

        Args:
            rows: The columns that ``open`` was given.
            lines: The line of each row.
        """
        if self.only_counts:
            self.counted += rows.height
            return
        kept = rows.select(self._batch_columns(rows))
        fields = self.table.fields(kept)
        straight = self._goes_straight
        start, end = self._end, self._end + rows.height
        if (
            kept.width
            and not straight
            and _follow_each_other(lines)
            and lines[0] >= start
        ):
            # The database numbers the rows, which saves two columns.
            start, end = lines[0], lines[0] + rows.height
        else:
            numbers = pl.Series(ROW, range(start, end), pl.Int64)
            numbered = [numbers, lines.cast(pl.Int64).alias(LINE_OF_ROW)]
            kept = pl.DataFrame([*kept, *numbered])
            fields |= COUNTERS
        encoded = self.loader.encode(fields, kept)
        if straight:
            self.loader.insert(self.held, fields, encoded)
        else:
            self._insert_batch(fields, encoded)
            self.unchanged += rows.height - self._hold_batch(start)
            if self._has_index:
                self.loader.join_as_planned()
        self._end = end

    def _insert_batch(self, fields: Fields, encoded: Any) -> None:
        restart = self.loader.restart
        self.loader.execute(f"{self.loader.empty} {self.batch}{restart}")
        if self._has_index:
            self.loader.join_by_index()
        self.loader.insert(self.batch, fields, encoded)

    def _hold_batch(self, start: int) -> int:
        """Hold the rows of the batch; return how many are held.

        Args:
            start: The number of the first row, if the database numbers the rows.
        """
        insert = f"INSERT INTO {self.held} {after(self, start)}"
        if self._holds_all:
            return self.loader.execute(insert)
        first = f"t.{self.table.pk[0]}"
        differs = any_of([f"{first} IS NULL", *self.tests()])
        held = self.loader.execute(f"{insert} WHERE {differs}")
        if self.seen:
            pk = ", ".join(f"t.{column}" for column in self.table.pk)
            self.loader.execute(
                f"INSERT INTO {self.seen} SELECT {pk} {matched(self)} "
                f"WHERE NOT ({differs})"
            )
        return held

    @property
    def height(self) -> int:
        """A number above those of all rows that were held."""
        return self._end

    @property
    def is_empty(self) -> bool:
        """Whether no row is held."""
        if not self.full or self.only_counts:
            return True
        return not self.value(f"SELECT COUNT(*) FROM {self.held}")

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
        if self.full and not self.only_counts:
            self._drop()
        self.full = []
        self._end = 0

    def _drop(self) -> None:
        self.loader.execute_all(
            [f"DROP TABLE IF EXISTS {name}" for name in self._temporary]
        )

    def _create(self, rows: pl.DataFrame) -> None:
        kept = self.table.fields(rows.select(self._batch_columns(rows)))
        fields = {**kept, **COUNTERS}
        # What is held may be a default of the table alone, without a column of the file.
        parts = [*kept, *(f"CAST(0 AS bigint) AS {name}" for name in COUNTERS)]
        query = f"SELECT {', '.join(parts)} FROM {self.table.name} WHERE 1 = 0"
        self._drop()
        self.loader.execute(self.loader.batch_table(self.batch, fields, query))
        self.number = self.loader.row_number(self.batch)
        pk = pk_fields(self.target.model)
        held = {
            ROW: COUNTERS[ROW],
            LINE_OF_ROW: COUNTERS[LINE_OF_ROW],
            CHANGED: COUNTERS[ROW],
            **dict(zip(self.pks, pk, strict=True)),
            **{self.table.column(f.attname): f for f in self.fields},
        }
        self.loader.execute(self.loader.held_table(self.held, held, after(self)))
        self.loader.execute(
            f"CREATE TABLE {self.bad} AS SELECT {ROW} FROM {self.held} WHERE 1 = 0"
        )
        same = ", ".join(self.pks)
        for place, columns in enumerate((same, ROW)):
            self.loader.execute(self.loader.index(self.held, place, columns))

    @property
    def _goes_straight(self) -> bool:
        """Whether the rows are held as they are: new ones, without values of the database."""
        absent = [f for f in self.fields if f.attname not in self.full]
        return not self.key and not any(f.has_db_default() for f in absent)

    def _batch_columns(self, rows: pl.DataFrame) -> list[str]:
        """Return the columns of a batch that are compared or held."""
        held = {field.attname for field in self.fields}
        return [name for name in rows.columns if name in held]

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

    def tests(self) -> list[str]:
        """Return the tests whether a row of the batch differs from its stored row."""
        return [self.differs(name, "r") for name in self.compared] if self.key else []

    def differs(self, attname: str, row: str = "a") -> str:
        """Return the test whether a row and its stored row differ in a column."""
        return self.loader.differ(self.table.column(attname), row)

    def value(self, sql: str) -> int:
        [(value,)] = self.loader.rows(sql)
        return int(value or 0)


def _follow_each_other(lines: pl.Series) -> bool:
    """Return whether each line is the one behind the line before."""
    steps = lines.cast(pl.Int64).diff().drop_nulls()
    return bool((steps == 1).all()) and not lines.is_empty()
