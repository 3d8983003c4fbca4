"""Step 4, load: which held rows break a constraint, and how values move between them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import polars as pl

from importkit import problems
from importkit.loading.plan import Mode
from importkit.loading.writers.catalogue import Catalogue, UniqueKey
from importkit.loading.writers.held import LINE_OF_ROW, ROW, HeldRows
from importkit.loading.writers.keys import KeyStatements
from importkit.models import column_of, field_of, series_of, value_field

AGAIN = "as in an earlier row"
TAKEN = "in the table already"
TAKEN_BY_ANOTHER = "in another row of the table"
LEAVES = "the row would be outside of the scope of the import (get_scope)"
OUTSIDE = "in a row of the table that is outside of the scope of the import (get_scope)"
REFUSED_BY = "refused by the database: "
SAME_KEY = "has the natural key of an earlier row"

type HaveEarlier = Callable[[Sequence[str], pl.DataFrame, pl.Series], pl.Series]


class Judgement:
    """Finds the held rows that break a constraint, with the SQL of ``keys``."""

    def __init__(self, rows: HeldRows, have_earlier: HaveEarlier) -> None:
        """Judge held rows.

        Args:
            rows: The held rows.
            have_earlier: Returns which values of some columns an earlier row has, for
                rows with lines.
        """
        self._rows = rows
        self._sql = KeyStatements(rows)
        self._have_earlier = have_earlier

    def judge(self, most: int | None) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows that break a constraint; hold these no longer.

        Args:
            most: The most rows that break a check to name; None for all.
        """
        if self._rows.is_empty:
            return
        known = self._rows.needs.known
        self._rows.loader.analyze(self._rows.held)
        for check in known.checks:
            yield from self._broken(check.name, check.condition, most)
        key = self._natural_key(known) if self._rows.target.key else None
        if key and self._rows.needs.judges_key:
            yield from self._found(
                self._sql.repeated(key), key, problems.Code.DUPLICATE, SAME_KEY
            )
        if self._rows.scope:
            outside = self._sql.outside_scope()
            yield from self._found(outside, key, problems.Code.SCOPE, LEAVES)
        yield from self._repeated(known)

    def _repeated(self, known: Catalogue) -> Iterator[pl.DataFrame]:
        """Yield the rows with what must be in one row only and is in another one, too."""
        keys = [key for key in known.keys if self._sql.is_known(key)]
        keys.sort(key=self._sql.attnames)
        if self._rows.scope:
            for key in keys:
                outside = self._sql.taken_outside(key)
                yield from self._found(outside, key, problems.Code.UNIQUE, OUTSIDE)
        upserts = self._rows.target.key and self._rows.target.mode is not Mode.INSERT
        reason = TAKEN_BY_ANOTHER if upserts else TAKEN
        found = True
        # A row with a problem does not give up its stored values, so that a row which
        # takes these over is found in the next turn. Key by key: whether an earlier row
        # is held or written already must not decide which key of a row is named.
        while found:
            found = False
            for key, (rows, why) in product(
                keys, ((self._sql.repeated, AGAIN), (self._sql.taken, reason))
            ):
                for wrong in self._found(rows(key), key, problems.Code.UNIQUE, why):
                    found = True
                    yield wrong

    def _broken(
        self, name: str, condition: str, most: int | None
    ) -> Iterator[pl.DataFrame]:
        if not self._sql.names_are_known(condition):
            return
        limit = "" if most is None else f" ORDER BY {ROW} LIMIT {most}"
        rows = f"SELECT {ROW} FROM {self._sql.source()} WHERE NOT ({condition})"
        rows += f"{self._sql.only_written()}{limit}"
        reason = self._rows.loader.check_failed.format(
            name=name, table=self._rows.target.model._meta.db_table
        )
        reason = f"{REFUSED_BY}{reason}"
        yield from self._found(rows, None, problems.Code.REFUSED, reason)

    def _found(
        self, rows: str, key: UniqueKey | None, code: problems.Code, reason: str
    ) -> Iterator[pl.DataFrame]:
        """Yield the problems of the rows that a query selects; hold these no longer."""
        self._rows.loader.execute(f"DELETE FROM {self._rows.bad}")
        if not self._rows.loader.execute(f"INSERT INTO {self._rows.bad} {rows}"):
            return
        names = self._sql.attnames(key) if key else []
        if key and (not key.columns or key.condition):
            reason = f'breaks the unique constraint "{key.name}"'
        elif key and len(names) < len(key.columns):
            reason = computed_twice(key.columns)
        columns = [f"a.{self._rows.table.column(name)}" for name in names]
        found = self._rows.loader.rows(
            f"SELECT {', '.join([f'a.{LINE_OF_ROW}', *columns])} FROM {self._rows.held} a "
            f"JOIN {self._rows.bad} b ON b.{ROW} = a.{ROW} ORDER BY a.{ROW}"
        )
        lines, *values = zip(*found, strict=True)
        frame = pl.DataFrame(
            series_of(
                field_of(self._rows.target.model, name),
                name,
                [self._rows.table.python_value(name, value) for value in column],
            )
            for name, column in zip(names, values, strict=True)
        )
        if not names:
            frame = pl.DataFrame({"": pl.Series([None] * len(lines), dtype=pl.String)})
        wrong = pl.Series([True]).new_from_index(0, len(lines))
        numbers = pl.Series(lines, dtype=pl.Int64)
        reasons = pl.Series([reason]).new_from_index(0, len(lines))
        if reason in (TAKEN, TAKEN_BY_ANOTHER):
            again = pl.Series([AGAIN]).new_from_index(0, len(lines))
            reasons = again.zip_with(self._have_earlier(names, frame, numbers), reasons)
        yield problems.of_rows(frame, numbers, wrong, code, reasons)
        self._rows.loader.execute(
            f"DELETE FROM {self._rows.held} WHERE {LINE_OF_ROW} IN (SELECT a.{LINE_OF_ROW} "
            f"FROM {self._rows.held} a JOIN {self._rows.bad} b ON b.{ROW} = a.{ROW})"
        )

    def _natural_key(self, known: Catalogue) -> UniqueKey:
        """Return the natural key, with the collations of its index if it has one."""
        columns = {
            column_of(field_of(self._rows.target.model, n))
            for n in self._rows.target.key
        }
        for key in known.keys:
            if set(key.columns) == columns and not key.condition and not key.excludes:
                return key
        names = [self._rows.table.column(name) for name in self._rows.target.key]
        own = tuple(
            column_of(field_of(self._rows.target.model, n))
            for n in self._rows.target.key
        )
        equal = ("=",) * len(names)
        return UniqueKey("", tuple(names), own, "", True, equal, ("",) * len(names))

    def make_way(self) -> Iterator[list[str]]:
        """Yield, for each key whose values move, statements that get stored values out of the way.

        The first statement that the database takes is enough. The rows get their final
        values afterwards.
        """
        for key in self._rows.needs.known.keys:
            if key.is_deferred or key.excludes or not self._sql.is_known(key):
                continue
            names = [n for n in self._sql.attnames(key) if n in self._rows.compared]
            if not names or not self._rows.key:
                continue
            self._rows.loader.execute(f"DROP TABLE IF EXISTS {self._rows.moves}")
            self._rows.loader.execute(
                f"CREATE TABLE {self._rows.moves} AS {self._sql.moving(key)}"
            )
            if self._rows.value(f"SELECT COUNT(*) FROM {self._rows.moves}"):
                yield [
                    self._parked(name, value)
                    for name in names
                    for value in self._free_values(name, key)
                ]

    def _parked(self, attname: str, value: str) -> str:
        pairs = zip(self._rows.table.pk, self._rows.pks, strict=True)
        same = " AND ".join(f"t.{column} = m.{name}" for column, name in pairs)
        return (
            f"UPDATE {self._rows.table.name} AS t SET {self._rows.table.column(attname)} = {value} "
            f"FROM {self._rows.moves} m WHERE {same}"
        )

    def _free_values(self, attname: str, key: UniqueKey) -> Iterator[str]:
        """Yield the SQL of values that no row has."""
        field = field_of(self._rows.target.model, attname)
        if field.null and key.nulls_differ:
            yield "NULL"
        column, stored = self._rows.table.column(attname), value_field(field)
        highest = f"(SELECT MAX({column}) FROM {self._rows.table.name})"
        yield from self._rows.loader.free_values(stored, highest)


def computed_twice(columns: Sequence[str]) -> str:
    """Return why a row is refused that repeats what the database computes."""
    return f"{', '.join(columns)}, as the database computes it, is in another row"
