"""Step 4, load: the SQL that finds rows with one key, among held rows and in their table."""

import re
from itertools import product
from typing import Any

from django.db.models import Q

from importkit.loading.plan import Mode
from importkit.loading.writers.catalogue import UniqueKey
from importkit.loading.writers.held import ROW, HeldRows
from importkit.loading.writers.scope import composed, in_scope
from importkit.models import AnyForeignKey, column_of, foreign_keys


class KeyStatements:
    """The SQL of unique keys, for the rows of one table that are held.

    In all statements ``a`` is a held row, and ``s`` another one or one of the table.
    """

    def __init__(self, rows: HeldRows) -> None:
        """Read the columns of some held rows."""
        self._rows = rows

    def attnames(self, key: UniqueKey) -> list[str]:
        """Return the fields of a key, those in its expressions included."""
        texts = [*key.columns] or [*key.parts]
        names = {
            field.attname
            for field, text in product(self._rows.fields, texts)
            if names_column(column_of(field), text)
        }
        return sorted(names)

    def is_known(self, key: UniqueKey) -> bool:
        """Return whether the held rows have the columns of a key."""
        texts = [*key.parts, key.condition]
        return all(map(self.names_are_known, texts)) and bool(key.parts)

    def names_are_known(self, sql: str) -> bool:
        # SQLite makes a value of a quoted name that is no column.
        known = {f.column for f in self._rows.target.model._meta.concrete_fields}
        return set(re.findall(r'"([^"]+)"(?!\s*\()', sql)) <= known | {"C", "NOCASE"}

    def source(self, rows: str = "") -> str:
        """Return the held rows, with the columns that the database computes."""
        fields: list[Any] = list(self._rows.target.model._meta.concrete_fields)
        computed = [field for field in fields if field.generated]
        rows = rows or f"{self._rows.held} a"
        if not computed:
            return rows
        made = []
        for field in computed:
            sql, params = field.generated_sql(self._rows.connection)
            editor: Any = self._rows.connection.schema_editor(collect_sql=True)
            text = sql % tuple(map(editor.quote_value, params)) if params else sql
            made.append(
                f"({text}) AS {self._rows.connection.ops.quote_name(field.column)}"
            )
        return f"(SELECT a.*, {', '.join(made)} FROM {self._rows.held} a) AS a"

    def _refers(self, key: AnyForeignKey) -> str:
        """Return the test that the parent of a row is in its table, or that it has none."""
        quote = self._rows.connection.ops.quote_name
        name, parent = quote(column_of(key)), quote(key.related_model._meta.db_table)
        same = f"p.{quote(column_of(key.target_field))} = {self._rows.held}.{name}"
        return (
            f" AND ({name} IS NULL OR EXISTS (SELECT 1 FROM {parent} p WHERE {same}))"
        )

    def _all(self) -> str:
        return f"SELECT a.* FROM {self.source()}"

    def values(self, key: UniqueKey) -> str:
        parts = zip(key.parts, key.collations, strict=True)
        return ", ".join(
            f"({part}){collation} AS importkit_e{place}"
            for place, (part, collation) in enumerate(parts)
        )

    def keys(self, key: UniqueKey) -> str:
        """Select the values of a key of the held rows that it counts for."""
        tests = [f"({key.condition})"] if key.condition else []
        where = " AND ".join([*tests, "1 = 1"])
        return (
            f"SELECT {ROW}, {self.values(key)} FROM {self.source()} WHERE {where}"
            f"{self.only_written()}"
        )

    def only_written(self) -> str:
        """Return the test that leaves out the rows that an update does not write."""
        if self._rows.target.mode is not Mode.UPDATE:
            return ""
        return f" AND {self._rows.pks[0]} IS NOT NULL"

    def repeated(self, key: UniqueKey) -> str:
        """Select the rows that repeat an earlier held row."""
        if key.excludes:
            return self.excluded(key, f"({self.keys(key)})", f"s.{ROW} < a.{ROW}")
        places = range(len(key.parts))
        columns = [f"importkit_e{place}{key.collations[place]}" for place in places]
        numbered = (
            f"SELECT k.*, ROW_NUMBER() OVER (PARTITION BY {', '.join(columns)} "
            f"ORDER BY {ROW}) AS importkit_n FROM ({self.keys(key)}) AS k"
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

    def stored(self, key: UniqueKey, rows: str = "") -> str:
        """Select the values of a key of the rows of the table that stay as they are.

        Args:
            key: The key.
            rows: A query of the rows; all rows of the table if left out.
        """
        pairs = zip(self._rows.pks, self._rows.table.pk, strict=True)
        same = " AND ".join(
            f"h.{name} = {self._rows.table.name}.{column}" for name, column in pairs
        )
        condition = f" AND ({key.condition})" if key.condition else ""
        return (
            f"SELECT {self.values(key)} "
            f"FROM {f'({rows}) AS ' if rows else ''}{self._rows.table.name} "
            "WHERE NOT EXISTS "
            f"(SELECT 1 FROM {self._rows.held} h WHERE {same}){condition}"
        )

    def outside_scope(self) -> str:
        """Select the rows that would not be in the scope of the import."""
        target = self._rows.target
        # Nothing in the SQL of the rows stands for a parameter.
        rows = self._all().replace("%", "%%")
        found = in_scope(target.model, target.scope or Q(), rows, ROW)
        known = composed(target.model, *found)
        among = f" AND {ROW} NOT IN ({known})" if known else ""
        if target.dry_run:
            # Nobody knows of a parent that is to come whether it is in the scope.
            among += "".join(map(self._refers, foreign_keys(target.model)))
        return f"SELECT {ROW} FROM {self._rows.held} WHERE 1 = 1{among}{self.only_written()}"

    def taken(self, key: UniqueKey) -> str:
        """Select the rows that repeat a row of the table which stays as it is."""
        table, rows = self._rows.table.name, ""
        if self._deletes:
            rows = f"SELECT t.* FROM {table} t WHERE NOT {self._is_missing('t')}"
        return self.excluded(key, f"({self.stored(key, rows)})", "")

    @property
    def _deletes(self) -> bool:
        """Whether rows of the table that no row of the source has are deleted later."""
        return bool(self._rows.target.deletes and self._rows.seen)

    def _is_missing(self, row: str) -> str:
        """Return the test that no row so far had a row of the table, which is in the scope."""
        pairs = zip(self._rows.pks, self._rows.table.pk, strict=True)
        held = " AND ".join(f"h.{name} = {row}.{column}" for name, column in pairs)
        seen = " AND ".join(
            f"e.pk{place} = {row}.{column}"
            for place, column in enumerate(self._rows.table.pk)
        )
        scope = f" AND {self._rows.scope}" if self._rows.scope else ""
        return (
            f"(NOT EXISTS (SELECT 1 FROM {self._rows.seen} e WHERE {seen}) AND "
            f"NOT EXISTS (SELECT 1 FROM {self._rows.held} h WHERE {held}){scope})"
        )

    def taken_outside(self, key: UniqueKey) -> str:
        """Select the rows that repeat a row of the table which is not in the scope."""
        table = self._rows.table.name
        rows = f"SELECT t.* FROM {table} t WHERE NOT {self._rows.scope}"
        return self.excluded(key, f"({self.stored(key, rows)})", "")

    def excluded(self, key: UniqueKey, others: str, order: str) -> str:
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
            f"SELECT a.{ROW} FROM ({self.keys(key)}) AS a JOIN {others} AS s "
            f"ON {' AND '.join([*choice, *extra])}"
            for choice in choices
        )

    def moving(self, key: UniqueKey) -> str:
        """Select the rows of the table whose values of a key another held row takes."""
        pks = ", ".join(
            f"t.{column} AS {name}"
            for column, name in zip(self._rows.table.pk, self._rows.pks, strict=True)
        )
        stored = (
            f"SELECT {pks.replace('t.', self._rows.table.name + '.')}, {self.values(key)} "
            f"FROM {self._rows.table.name}"
        )
        places = range(len(key.parts))
        equal = " AND ".join(
            f"(s.importkit_e{n}{key.collations[n]}) {'=' if key.nulls_differ else self._rows.loader.same} "
            f"a.importkit_e{n}"
            for n in places
        )
        columns = ", ".join(f"s.{name}" for name in self._rows.pks)
        own = " AND ".join(f"h.{name} = s.{name}" for name in self._rows.pks)
        found = (
            f"SELECT DISTINCT {columns} FROM ({stored}) AS s "
            f"JOIN ({self.keys(key)}) AS a ON {equal} "
            f"JOIN {self._rows.held} h ON {own} AND h.{ROW} <> a.{ROW}"
        )
        if self._deletes:
            keys = zip(self._rows.pks, self._rows.table.pk, strict=True)
            same = " AND ".join(f"t.{column} = s.{name}" for name, column in keys)
            found += (
                f" UNION SELECT {columns} FROM ({stored}) AS s "
                f"JOIN ({self.keys(key)}) AS a ON {equal} "
                f"JOIN {self._rows.table.name} t ON {same} AND {self._is_missing('t')}"
            )
        return f"SELECT m.*, ROW_NUMBER() OVER () AS importkit_n FROM ({found}) AS m"


def names_column(column: str, text: str) -> bool:
    """Return whether SQL names a column."""
    if text == column:
        return True
    return (
        re.search(
            rf'(?<![\w"]){re.escape(column)}(?![\w"])|"{re.escape(column)}"', text
        )
        is not None
    )
