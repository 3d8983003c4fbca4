"""Step 4, load: rows are held beside the table, as they will be, until all are known.

A dry run holds the rows of a frame, and a run holds them from the first batch on that the
database refuses. At the end the database itself says, in SQL, which of the rows break a
constraint: each row is compared with the other rows and with the rows of the table that stay
as they are. So a plan and a run name the same rows, and values may move between rows.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import batched, product
from typing import Any

import polars as pl
from django.db import connections, models

from importkit import problems
from importkit.loading.plan import (
    EXAMPLES,
    Change,
    Mode,
    Outcome,
    TableTarget,
    links_of,
)
from importkit.loading.writers.catalogue import Catalogue, UniqueKey
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
    column_of,
    field_of,
    is_update_time,
    pk_fields,
    series_of,
    shown_value,
    value_field,
    writable_fields,
)

ROW, LINE_OF_ROW, CHANGED = "importkit_row", "importkit_line", "importkit_changed"
AGAIN = "as in an earlier row"
TAKEN = "in the table already"
TAKEN_BY_ANOTHER = "in another row of the table"
OUTSIDE = "in a row of the table that is outside of the scope of the import (get_scope)"
REFUSED_BY = "refused by the database: "
SAME_KEY = "has the natural key of an earlier row"


def _counter(name: str) -> AnyField:
    field = models.BigIntegerField()
    field.set_attributes_from_name(name)
    return field


COUNTERS = {name: _counter(name) for name in (ROW, LINE_OF_ROW)}


type WasWritten = Callable[[Sequence[str], pl.DataFrame], pl.Series]


class HeldRows:
    """The rows of a frame beside their table.

    Attributes:
        was_written: Returns which values of some columns earlier batches have written.

    In all statements ``r`` is a row of the batch, ``a`` a held row, and ``t`` one of the
    table.
    """

    def __init__(
        self, loader: Loader, target: TableTarget, key: Sequence[str], seen: str = ""
    ) -> None:
        """Hold no rows yet.

        Args:
            loader: The loader of the database.
            target: The table.
            key: The attnames by which rows of the table are found; empty if all rows
                are new.
            seen: The table that gets the primary keys of rows that were found.
        """
        self._loader = loader
        self._target = target
        self._key = key
        self._seen = seen
        self._table = Table(target.model, target.using)
        self._scope = scope_condition(target.model, target.scope)
        self._connection = connections[target.using]
        self._fields = writable_fields(target.model)
        self._given: list[str] = []
        self._full: list[str] = []
        self._rows = 0
        self.was_written: WasWritten | None = None
        schema = loader.temporary
        self._batch = f"{schema}.importkit_batch"
        self._held = f"{schema}.importkit_held"
        self._bad = f"{schema}.importkit_bad"
        self._moves = f"{schema}.importkit_moves"
        self._temporary = (self._batch, self._held, self._bad, self._moves)

    # Holding.

    def open(self, given: Sequence[str], rows: pl.DataFrame) -> None:
        """Create the temporary tables, once.

        Args:
            given: The columns that the frame has.
            rows: These columns, and those that Django adds, in the types of their fields.
        """
        if self._full:
            return
        self._given, self._full = list(given), rows.columns
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
        encoded = self._loader.encode(fields, full)
        self._loader.execute(f"{self._loader.empty} {self._batch}")
        self._loader.insert(self._batch, fields, encoded)
        self._loader.execute(f"INSERT INTO {self._held} {self._after()}")
        self._rows += rows.height

    def execute(self, sql: str) -> None:
        """Run a statement of ``make_way``."""
        self._loader.execute(sql)

    @property
    def height(self) -> int:
        """The number of rows that were held, those included that are no longer."""
        return self._rows

    @property
    def is_empty(self) -> bool:
        """Whether no row is held."""
        return not self._full or not self._value(f"SELECT COUNT(*) FROM {self._held}")

    def numbers(self) -> list[tuple[int, int]]:
        """Return the number and the line of each held row, in order."""
        return self._loader.rows(
            f"SELECT {ROW}, {LINE_OF_ROW} FROM {self._held} ORDER BY {ROW}"
        )

    def drop_lines(self, lines: pl.Series) -> None:
        """Hold the rows of these lines no longer."""
        for part in batched(lines.unique(), AT_ONCE):
            among = ", ".join(map(str, part))
            self._loader.execute(
                f"DELETE FROM {self._held} WHERE {LINE_OF_ROW} IN ({among})"
            )

    def close(self) -> None:
        """Remove the temporary tables."""
        if self._full:
            for name in self._temporary:
                self._loader.execute(f"DROP TABLE IF EXISTS {name}")
        self._full = []
        self._rows = 0

    def _create(self, rows: pl.DataFrame) -> None:
        fields = self._batch_fields(rows)
        zero = ", ".join(f"CAST(0 AS bigint) AS {name}" for name in COUNTERS)
        columns = ", ".join(self._table.fields(rows))
        query = f"SELECT {columns}, {zero} FROM {self._table.name} WHERE 1 = 0"
        for name in self._temporary:
            self._loader.execute(f"DROP TABLE IF EXISTS {name}")
        self._loader.execute(self._loader.batch_table(self._batch, fields, query))
        pk = pk_fields(self._target.model)
        kept = {
            ROW: COUNTERS[ROW],
            LINE_OF_ROW: COUNTERS[LINE_OF_ROW],
            CHANGED: COUNTERS[ROW],
            **dict(zip(self._pks, pk, strict=True)),
            **{self._table.column(f.attname): f for f in self._fields},
        }
        self._loader.execute(self._loader.held_table(self._held, kept, self._after()))
        self._loader.execute(
            f"CREATE TABLE {self._bad} AS SELECT {ROW} FROM {self._held} WHERE 1 = 0"
        )
        same = ", ".join(self._pks)
        for place, columns in enumerate((same, ROW)):
            self._loader.execute(self._loader.index(self._held, place, columns))

    def _batch_fields(self, rows: pl.DataFrame) -> dict[str, AnyField]:
        return {**self._table.fields(rows), **COUNTERS}

    @property
    def _pks(self) -> list[str]:
        return [f"importkit_pk{place}" for place in range(len(self._table.pk))]

    @property
    def _compared(self) -> list[str]:
        """The attnames of the columns that rows may change."""
        pk = (field.attname for field in pk_fields(self._target.model))
        fixed = {*self._key, *pk}
        return [name for name in self._given if name not in fixed]

    @property
    def _times(self) -> list[str]:
        return [f.attname for f in self._fields if is_update_time(f)]

    def _after(self) -> str:
        """Select the rows of the batch as they will be in the table."""
        first = f"t.{self._table.pk[0]}"
        tests = [self._differs(name, "r") for name in self._compared]
        differs = f"{first} IS NOT NULL AND ({any_of(tests)})" if tests else "1 = 0"
        pairs = zip(self._table.pk, self._pks, strict=True)
        pk = [f"t.{column} AS {name}" for column, name in pairs]
        changing = {*self._compared, *self._times}
        columns = []
        for field in self._fields:
            name = self._table.column(field.attname)
            stored = f"t.{name}"
            if field.attname not in self._full:
                default = self._database_default(field)
                value = f"CASE WHEN {first} IS NULL THEN {default} ELSE {stored} END"
            elif field.attname in changing:
                value = f"r.{name}"
            else:
                value = f"CASE WHEN {first} IS NULL THEN r.{name} ELSE {stored} END"
            columns.append(f"{value} AS {name}")
        number = f"CASE WHEN {differs} THEN 1 ELSE 0 END AS {CHANGED}"
        same = " AND ".join(
            f"t.{name} = r.{name}" for name in map(self._table.column, self._key)
        )
        return (
            f"SELECT r.{ROW}, r.{LINE_OF_ROW}, {', '.join([number, *pk, *columns])} "
            f"FROM {self._batch} r LEFT JOIN {self._table.name} t ON {same or '1 = 0'}"
            + (f" AND {self._scope}" if self._scope else "")
        )

    def _database_default(self, field: AnyField) -> str:
        if not field.has_db_default():
            return "NULL"
        editor: Any = self._connection.schema_editor(collect_sql=True)
        sql, params = editor.db_default_sql(field)
        return str(sql % tuple(map(editor.quote_value, params)) if params else sql)

    def _value(self, sql: str) -> int:
        [(value,)] = self._loader.rows(sql)
        return int(value or 0)

    # Judging.

    def judge(self, known: Catalogue, most: int | None) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows that break a constraint; hold these no longer.

        Args:
            known: What the table demands.
            most: The most rows that break a check to name; None for all.
        """
        self._loader.analyze(self._held)
        for check in known.checks:
            yield from self._broken(check.name, check.condition, most)
        if self._target.key and self._target.mode is not Mode.INSERT:
            key = self._natural_key(known)
            yield from self._found(
                self._repeated(key), key, problems.Code.DUPLICATE, SAME_KEY
            )
        keys = [key for key in known.keys if self._is_known(key)]
        keys.sort(key=self._attnames)
        if self._scope:
            for key in sorted(keys, key=self._attnames):
                taken = self._taken_outside(key)
                yield from self._found(taken, key, problems.Code.UNIQUE, OUTSIDE)
        upserts = self._target.key and self._target.mode is not Mode.INSERT
        reason = TAKEN_BY_ANOTHER if upserts else TAKEN
        found = True
        # A row with a problem does not give up its stored values, so that a row which
        # takes these over is found in the next turn. Key by key: whether an earlier row
        # is held or written already must not decide which key of a row is named.
        while found:
            found = False
            for key, (rows, why) in product(
                keys, ((self._repeated, AGAIN), (self._taken, reason))
            ):
                for wrong in self._found(rows(key), key, problems.Code.UNIQUE, why):
                    found = True
                    yield wrong

    def _broken(
        self, name: str, condition: str, most: int | None
    ) -> Iterator[pl.DataFrame]:
        if not self._names_are_known(condition):
            return
        limit = "" if most is None else f" ORDER BY {ROW} LIMIT {most}"
        rows = f"SELECT {ROW} FROM {self._source()} WHERE NOT ({condition})"
        rows += f"{self._only_written()}{limit}"
        reason = self._loader.check_failed.format(
            name=name, table=self._target.model._meta.db_table
        )
        reason = f"{REFUSED_BY}{reason}"
        yield from self._found(rows, None, problems.Code.REFUSED, reason)

    def _found(
        self, rows: str, key: UniqueKey | None, code: problems.Code, reason: str
    ) -> Iterator[pl.DataFrame]:
        """Yield the problems of the rows that a query selects; hold these no longer."""
        self._loader.execute(f"DELETE FROM {self._bad}")
        if not self._loader.execute(f"INSERT INTO {self._bad} {rows}"):
            return
        names = self._attnames(key) if key else []
        if key and (not key.columns or key.condition):
            reason = f'breaks the unique constraint "{key.name}"'
        columns = [f"a.{self._table.column(name)}" for name in names]
        found = self._loader.rows(
            f"SELECT {', '.join([f'a.{LINE_OF_ROW}', *columns])} FROM {self._held} a "
            f"JOIN {self._bad} b ON b.{ROW} = a.{ROW} ORDER BY a.{ROW}"
        )
        lines, *values = zip(*found, strict=True)
        frame = pl.DataFrame(
            series_of(
                field_of(self._target.model, name),
                name,
                [self._table.python_value(name, value) for value in column],
            )
            for name, column in zip(names, values, strict=True)
        )
        if not names:
            frame = pl.DataFrame({"": pl.Series([None] * len(lines), dtype=pl.String)})
        wrong = pl.Series([True]).new_from_index(0, len(lines))
        reasons = pl.Series([reason]).new_from_index(0, len(lines))
        if reason in (TAKEN, TAKEN_BY_ANOTHER) and self.was_written:
            again = pl.Series([AGAIN]).new_from_index(0, len(lines))
            reasons = again.zip_with(self.was_written(names, frame), reasons)
        yield problems.of_rows(
            frame, pl.Series(lines, dtype=pl.Int64), wrong, code, reasons
        )
        self._loader.execute(
            f"DELETE FROM {self._held} WHERE {LINE_OF_ROW} IN (SELECT a.{LINE_OF_ROW} "
            f"FROM {self._held} a JOIN {self._bad} b ON b.{ROW} = a.{ROW})"
        )

    def _natural_key(self, known: Catalogue) -> UniqueKey:
        """Return the natural key, with the collations of its index if it has one."""
        columns = {column_of(field_of(self._target.model, n)) for n in self._target.key}
        for key in known.keys:
            if set(key.columns) == columns and not key.condition and not key.excludes:
                return key
        names = [self._table.column(name) for name in self._target.key]
        own = tuple(
            column_of(field_of(self._target.model, n)) for n in self._target.key
        )
        equal = ("=",) * len(names)
        return UniqueKey("", tuple(names), own, "", True, equal, ("",) * len(names))

    def _attnames(self, key: UniqueKey) -> list[str]:
        """Return the fields of a key, those in its expressions included."""
        texts = [*key.columns] or [*key.parts]
        names = {
            field.attname
            for field, text in product(self._fields, texts)
            if _names(column_of(field), text)
        }
        return sorted(names)

    def _is_known(self, key: UniqueKey) -> bool:
        """Return whether the held rows have the columns of a key."""
        texts = [*key.parts, key.condition]
        return all(map(self._names_are_known, texts)) and bool(key.parts)

    def _names_are_known(self, sql: str) -> bool:
        # SQLite makes a value of a quoted name that is no column.
        known = {f.column for f in self._target.model._meta.concrete_fields}
        return set(re.findall(r'"([^"]+)"(?!\s*\()', sql)) <= known | {"C", "NOCASE"}

    def _source(self, rows: str = "") -> str:
        """Return the held rows, with the columns that the database computes."""
        fields: list[Any] = list(self._target.model._meta.concrete_fields)
        computed = [field for field in fields if field.generated]
        rows = rows or f"{self._held} a"
        if not computed:
            return rows
        made = []
        for field in computed:
            sql, params = field.generated_sql(self._connection)
            editor: Any = self._connection.schema_editor(collect_sql=True)
            text = sql % tuple(map(editor.quote_value, params)) if params else sql
            made.append(f"({text}) AS {self._connection.ops.quote_name(field.column)}")
        return f"(SELECT a.*, {', '.join(made)} FROM {self._held} a) AS a"

    def _values(self, key: UniqueKey) -> str:
        parts = zip(key.parts, key.collations, strict=True)
        return ", ".join(
            f"({part}){collation} AS importkit_e{place}"
            for place, (part, collation) in enumerate(parts)
        )

    def _keys(self, key: UniqueKey) -> str:
        """Select the values of a key of the held rows that it counts for."""
        tests = [f"({key.condition})"] if key.condition else []
        where = " AND ".join([*tests, "1 = 1"])
        return (
            f"SELECT {ROW}, {self._values(key)} FROM {self._source()} WHERE {where}"
            f"{self._only_written()}"
        )

    def _only_written(self) -> str:
        """Return the test that leaves out the rows that an update does not write."""
        if self._target.mode is not Mode.UPDATE:
            return ""
        return f" AND {self._pks[0]} IS NOT NULL"

    def _repeated(self, key: UniqueKey) -> str:
        """Select the rows that repeat an earlier held row."""
        if key.excludes:
            return self._excluded(key, f"({self._keys(key)})", f"s.{ROW} < a.{ROW}")
        places = range(len(key.parts))
        columns = [f"importkit_e{place}{key.collations[place]}" for place in places]
        numbered = (
            f"SELECT k.*, ROW_NUMBER() OVER (PARTITION BY {', '.join(columns)} "
            f"ORDER BY {ROW}) AS importkit_n FROM ({self._keys(key)}) AS k"
        )
        return (
            f"SELECT {ROW} FROM ({numbered}) AS n WHERE importkit_n > 1"
            f"{self._without_nulls(key)}"
        )

    def _without_nulls(self, key: UniqueKey) -> str:
        if not key.nulls_differ:
            return ""
        return "".join(
            f" AND importkit_e{place} IS NOT NULL" for place in range(len(key.parts))
        )

    def _stored(self, key: UniqueKey, rows: str = "") -> str:
        """Select the values of a key of the rows of the table that stay as they are.

        Args:
            key: The key.
            rows: A query of the rows; all rows of the table if left out.
        """
        pairs = zip(self._pks, self._table.pk, strict=True)
        same = " AND ".join(
            f"h.{name} = {self._table.name}.{column}" for name, column in pairs
        )
        condition = f" AND ({key.condition})" if key.condition else ""
        return (
            f"SELECT {self._values(key)} "
            f"FROM {f'({rows}) AS ' if rows else ''}{self._table.name} WHERE NOT EXISTS "
            f"(SELECT 1 FROM {self._held} h WHERE {same}){condition}"
        )

    def _taken(self, key: UniqueKey) -> str:
        """Select the rows that repeat a row of the table which stays as it is."""
        return self._excluded(key, f"({self._stored(key)})", "")

    def _taken_outside(self, key: UniqueKey) -> str:
        """Select the rows that repeat a row of the table which is not in the scope."""
        rows = f"SELECT t.* FROM {self._table.name} t WHERE NOT {self._scope}"
        return self._excluded(key, f"({self._stored(key, rows)})", "")

    def _excluded(self, key: UniqueKey, others: str, order: str) -> str:
        """Select the rows for which all operators of a key hold with another row."""
        places = range(len(key.parts))
        equal = [
            f"(s.importkit_e{place}{key.collations[place]}) {key.operators[place]} "
            f"a.importkit_e{place}"
            for place in places
        ]
        choices = [equal]
        if not key.nulls_differ:
            null = [
                f"s.importkit_e{place} IS NULL AND a.importkit_e{place} IS NULL"
                for place in places
            ]
            choices = [list(c) for c in product(*zip(equal, null, strict=True))]
        extra = [order] if order else []
        return " UNION ".join(
            f"SELECT a.{ROW} FROM ({self._keys(key)}) AS a JOIN {others} AS s "
            f"ON {' AND '.join([*choice, *extra])}"
            for choice in choices
        )

    # Counting.

    def count(
        self, outcome: Outcome, first_row: int = 0, last_row: int | None = None
    ) -> None:
        """Add the numbers of held rows, and examples of changes, to the outcome."""
        last_row = self._rows if last_row is None else last_row
        among = f"a.{ROW} BETWEEN {first_row} AND {last_row}"
        first = self._pks[0]
        [(rows, new, changed)] = self._loader.rows(
            f"SELECT COUNT(*), SUM(CASE WHEN {first} IS NULL THEN 1 ELSE 0 END), "
            f"SUM({CHANGED}) FROM {self._held} a WHERE {among}"
        )
        new, changed = int(new or 0), int(changed or 0)
        outcome.new += new
        outcome.changed += changed
        outcome.unchanged += rows - new - changed
        if not changed:
            return
        for names in batched(self._compared, AT_ONCE):
            sums = ", ".join(
                f"SUM(CASE WHEN {self._differs(name)} THEN 1 ELSE 0 END)"
                for name in names
            )
            [counts] = self._loader.rows(
                f"SELECT {sums} FROM {self._changed()} AND {among}"
            )
            found = zip(names, counts, strict=True)
            outcome.changed_by_field.update({n: int(c) for n, c in found if c})
        if len(outcome.examples) < EXAMPLES:
            outcome.add_examples(self._examples(among))

    def _differs(self, attname: str, row: str = "a") -> str:
        return self._loader.differ(self._table.column(attname), row)

    def _changed(self) -> str:
        pairs = zip(self._table.pk, self._pks, strict=True)
        same = " AND ".join(f"t.{column} = a.{name}" for column, name in pairs)
        return (
            f"{self._held} a JOIN {self._table.name} t ON {same} WHERE a.{CHANGED} = 1"
        )

    def _examples(self, among: str) -> list[Change]:
        """Return the first changes, in the order of the rows."""
        parts = [*batched(self._compared, AT_ONCE)]
        found = []
        for part in parts:
            names = [f"a.{self._table.column(name)}" for name in self._key]
            for name in part:
                column = self._table.column(name)
                names += [self._differs(name), f"t.{column}", f"a.{column}"]
            found.append(
                self._loader.rows(
                    f"SELECT {', '.join(names)} FROM {self._changed()} "
                    f"AND {among} ORDER BY a.{ROW} LIMIT {EXAMPLES}"
                )
            )
        width = len(self._key)
        return [
            Change(
                tuple(map(self._shown, self._key, values)),
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
        field = field_of(self._target.model, attname)
        return shown_value(field, self._table.python_value(attname, value))

    def planned(self) -> pl.DataFrame:
        """Return ``keeps`` of the new rows, for the rows that refer to them."""
        names = [name for name in self._target.keeps if name in self._full]
        columns = [f"{self._table.column(name)}" for name in names]
        rows = self._loader.rows(
            f"SELECT {', '.join([ROW, *columns])} FROM {self._held} "
            f"WHERE {self._pks[0]} IS NULL ORDER BY {ROW}"
        )
        _, *values = zip(*rows, strict=True) if rows else ((),) * (len(names) + 1)
        return pl.DataFrame(
            series_of(
                field_of(self._target.model, name),
                name,
                [self._table.python_value(name, value) for value in column],
            )
            for name, column in zip(names, values, strict=True)
        )

    def links(self) -> Iterator[tuple[str, Links]]:
        """Yield the attname of each foreign key that a sync follows, and its new values."""
        for key in links_of(self._target, self._given):
            links, name = Links(), key.attname
            column = self._table.column(name)
            rows = self._loader.rows(
                f"SELECT {', '.join(self._pks)}, {column} FROM {self._held} "
                f"WHERE {CHANGED} = 1 OR {self._pks[0]} IS NULL"
            )
            for *pk, value in rows:
                parent = self._table.python_value(name, value)
                if pk[0] is None:
                    links.new[parent] += 1
                else:
                    links.moved[self._table.key(pk)] = parent
            yield name, links

    # Writing.

    def write(self, first: int, last: int) -> tuple[int, int]:
        """Write held rows; return how many rows the database created and changed.

        Args:
            first: The number of the first row.
            last: The number of the last row.
        """
        among = f"a.{ROW} BETWEEN {first} AND {last}"
        changed = new = 0
        if self._key and self._compared:
            changed = self._loader.execute(self._update(among))
        if self._target.mode is not Mode.UPDATE:
            columns = [self._table.column(name) for name in self._full]
            new = self._loader.execute(
                f"{self._loader.insert_into} {self._table.name} "
                f"({', '.join(columns)}) {self._loader.given_keys} "
                f"SELECT {', '.join(columns)} FROM {self._held} a "
                f"WHERE a.{self._pks[0]} IS NULL AND {among} ORDER BY a.{ROW}"
            )
        return new, changed

    def _update(self, among: str) -> str:
        names = [self._table.column(n) for n in [*self._compared, *self._times]]
        values = ", ".join(f"a.{name} AS v{n}" for n, name in enumerate(names))
        pks = ", ".join(f"a.{name}" for name in self._pks)
        pairs = zip(self._table.pk, self._pks, strict=True)
        same = " AND ".join(f"t.{column} = n.{name}" for column, name in pairs)
        return (
            f"UPDATE {self._table.name} AS t "
            f"SET {', '.join(f'{name} = n.v{n}' for n, name in enumerate(names))} "
            f"FROM (SELECT {pks}, {values} FROM {self._held} a "
            f"WHERE a.{CHANGED} = 1 AND {among}) AS n WHERE {same}"
        )

    def mark_seen(self) -> None:
        """Add the primary keys of the held rows, once they are written, to those seen."""
        if not self._seen:
            return
        pks = ", ".join(self._pks)
        self._loader.execute(
            f"INSERT INTO {self._seen} SELECT {pks} FROM {self._held} "
            f"WHERE {self._pks[0]} IS NOT NULL"
        )
        columns = ", ".join(f"t.{column}" for column in self._table.pk)
        same = " AND ".join(
            f"t.{name} = a.{name}" for name in map(self._table.column, self._key)
        )
        self._loader.execute(
            f"INSERT INTO {self._seen} SELECT {columns} FROM {self._held} a "
            f"JOIN {self._table.name} t ON {same} WHERE a.{self._pks[0]} IS NULL"
        )

    # Moving.

    def make_way(self, known: Catalogue) -> Iterator[list[str]]:
        """Yield, for each key whose values move, statements that get stored values out of the way.

        The first statement that the database takes is enough. The rows get their final
        values afterwards.

        Args:
            known: What the table demands.
        """
        for key in known.keys:
            if key.is_deferred or key.excludes or not self._is_known(key):
                continue
            names = [n for n in self._attnames(key) if n in self._compared]
            if not names or not self._key:
                continue
            self._loader.execute(f"DROP TABLE IF EXISTS {self._moves}")
            self._loader.execute(f"CREATE TABLE {self._moves} AS {self._moving(key)}")
            if self._value(f"SELECT COUNT(*) FROM {self._moves}"):
                yield [
                    self._parked(name, value)
                    for name in names
                    for value in self._free_values(name, key)
                ]

    def _moving(self, key: UniqueKey) -> str:
        """Select the rows of the table whose values of a key another held row takes."""
        pks = ", ".join(
            f"t.{column} AS {name}"
            for column, name in zip(self._table.pk, self._pks, strict=True)
        )
        stored = (
            f"SELECT {pks.replace('t.', self._table.name + '.')}, {self._values(key)} "
            f"FROM {self._table.name}"
        )
        places = range(len(key.parts))
        equal = " AND ".join(
            f"(s.importkit_e{n}{key.collations[n]}) {'=' if key.nulls_differ else self._loader.same} "
            f"a.importkit_e{n}"
            for n in places
        )
        columns = ", ".join(f"s.{name}" for name in self._pks)
        own = " AND ".join(f"h.{name} = s.{name}" for name in self._pks)
        found = (
            f"SELECT DISTINCT {columns} FROM ({stored}) AS s "
            f"JOIN ({self._keys(key)}) AS a ON {equal} "
            f"JOIN {self._held} h ON {own} AND h.{ROW} <> a.{ROW}"
        )
        return f"SELECT m.*, ROW_NUMBER() OVER () AS importkit_n FROM ({found}) AS m"

    def _parked(self, attname: str, value: str) -> str:
        pairs = zip(self._table.pk, self._pks, strict=True)
        same = " AND ".join(f"t.{column} = m.{name}" for column, name in pairs)
        return (
            f"UPDATE {self._table.name} AS t SET {self._table.column(attname)} = {value} "
            f"FROM {self._moves} m WHERE {same}"
        )

    def _free_values(self, attname: str, key: UniqueKey) -> Iterator[str]:
        """Yield the SQL of values that no row has."""
        field = field_of(self._target.model, attname)
        if field.null and key.nulls_differ:
            yield "NULL"
        column, stored = self._table.column(attname), value_field(field)
        highest = f"(SELECT MAX({column}) FROM {self._table.name})"
        yield from self._loader.free_values(stored, highest)


def _names(column: str, text: str) -> bool:
    """Return whether SQL names a column."""
    if text == column:
        return True
    return (
        re.search(
            rf'(?<![\w"]){re.escape(column)}(?![\w"])|"{re.escape(column)}"', text
        )
        is not None
    )
