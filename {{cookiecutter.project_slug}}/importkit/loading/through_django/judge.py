"""Step 4, load: the rows that Django could not write are named, before it writes any.

Rows are judged as they would be in their tables: a field that the source does not give has the
value of the stored row, or its default. The values are kept until all rows are known, so that
unique values may move between any of them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import polars as pl
from django.db import DatabaseError, connections, transaction
from django.db.models import Model, Value

from importkit import problems
from importkit.loading.database_errors import blames_rows
from importkit.loading.plan import Mode, TableTarget
from importkit.loading.refusals import reason_of, refused
from importkit.loading.through_django.demands import (
    Demands,
    Unique,
    demands_of,
    tables_of,
)
from importkit.loading.through_django.evaluation import NUMBER, ROWS, Evaluation
from importkit.loading.through_django.search import (
    Known,
    Search,
    Values,
    comparison,
    identity_of,
    shown,
)
from importkit.loading.writers.judging import LEAVES, REFUSED_BY
from importkit.loading.writers.scope import in_scope
from importkit.models import (
    INTEGERS,
    PlannedKey,
    is_given,
    natural_key,
    pk_fields,
    value_field,
    words_of_check,
)

LOOK_UP = 500  # Values in one query, below the limit of every database.
# What a database says of a row that breaks a check.
CHECK_FAILED = {
    "mysql": "CONSTRAINT `{name}` failed for `{database}`.`{table}`",
    "postgresql": 'new row for relation "{table}" violates check constraint "{name}"',
    "sqlite": "CHECK constraint failed: {name}",
}


@dataclass(frozen=True)
class _Row:
    """A row as it would be in the table.

    Attributes:
        number: Its line, or its number in its bulk.
        new: The values of the source.
        old: The row of the table that it changes; None if it is new.
    """

    number: int
    new: Model
    old: Model | None

    def holder(self, attname: str, changing: Collection[str]) -> Model:
        """Return the instance that has the value of a field."""
        if self.old is None or (attname in changing and is_given(self.new, attname)):
            return self.new
        return self.old

    def value(self, attname: str, changing: Collection[str]) -> Any:
        """Return the value of a field, as the source or the table has it."""
        value = self.holder(attname, changing).__dict__.get(attname)
        if not hasattr(value, "resolve_expression"):
            return value
        # The default of a database may be a constant, or known to the database only.
        default: Any = getattr(value, "expression", value)
        return default.value if isinstance(default, Value) else None

    def form(self, names: Sequence[str], changing: Collection[str]) -> Values:
        """Return the values of fields as the table has them."""
        found: list[object] = []
        for name in names:
            holder = self.holder(name, changing)
            if is_given(holder, name):
                found += natural_key(holder, [name])
            else:
                found.append(self.value(name, changing))
        return tuple(found)


class Judge:
    """Finds the rows that break what their tables demand."""

    def __init__(self, target: TableTarget, columns: Collection[str] = ()) -> None:
        """Ask what the tables demand.

        Args:
            target: The table.
            columns: The columns in which ``broken_constraints`` has judged the rows.
        """
        self._target = target
        self._columns = columns
        self._refused: dict[str, list[int]] = defaultdict(list)
        self._broken: dict[Any, list[tuple[int, Values]]] = defaultdict(list)
        self._outside: list[_Row] = []
        self._known = Known()

    @cached_property
    def demands(self) -> Demands:
        """What the tables demand; most runs need not ask."""
        return demands_of(self._target, self._columns)

    def add(
        self,
        numbers: Sequence[int],
        new: Sequence[Model],
        old: Sequence[Model | None],
        changing: Collection[str],
    ) -> None:
        """Add rows; those that break a check are named at once.

        Args:
            numbers: Their lines, or their numbers in their bulk.
            new: The rows of the source.
            old: For each the row of the table that it changes; None if it is new.
            changing: The fields that may change in a row of the table.
        """
        rows = [_Row(*each) for each in zip(numbers, new, old, strict=True)]
        if self._target.mode is Mode.UPDATE:
            rows = [row for row in rows if row.old is not None]
        for table in tables_of(self._target.model):
            rows = self._without_broken(table, rows, changing)
        forms = {}
        rows = self._without_outside(rows, changing)
        for unique in self.demands.uniques:
            rows, forms[unique] = self._formed(unique, rows, changing)
        self._keep(rows, forms, changing)

    def _keep(
        self,
        rows: Sequence[_Row],
        forms: dict[Unique, dict[int, Values | None]],
        changing: Collection[str],
    ) -> None:
        self._known.numbers.extend(row.number for row in rows)
        for table in tables_of(self._target.model):
            keys = [field.attname for field in pk_fields(table)]
            self._known.own[table] += [
                None if row.old is None else identity_of(row.old, keys) for row in rows
            ]
        for unique, known in forms.items():
            self._known.forms[unique] += [known[id(row)] for row in rows]
            self._known.raw[unique] += [
                tuple(row.value(name, changing) for name in unique.names)
                for row in rows
            ]

    # The scope.

    def _without_outside(
        self, rows: list[_Row], changing: Collection[str]
    ) -> list[_Row]:
        """Return the rows that would be in the scope of the import; name the others.

        Nobody knows it of a row with a parent that is to come, or with two tables.
        """
        model, scope = self._target.model, self._target.scope
        if scope is None or len(tables_of(model)) > 1 or not rows:
            return rows
        query, params = in_scope(model, scope, ROWS, NUMBER)
        evaluation = Evaluation(model, self._target.using, [query])
        names = [field.attname for field in evaluation.fields]
        known = [
            (row, values)
            for row in rows
            for values in [[row.value(name, changing) for name in names]]
            if not any(isinstance(value, PlannedKey) for value in values)
        ]
        selected = evaluation.selected(query, params, [values for _, values in known])
        inside = set(selected) if query else set()
        outside = [row for place, (row, _) in enumerate(known) if place not in inside]
        self._outside += outside
        left_out = set(map(id, outside))
        return [row for row in rows if id(row) not in left_out]

    def _problems_of_scope(self) -> Iterator[pl.DataFrame]:
        key = self._target.key
        rows = [row.form(key, ()) for row in self._outside]
        columns = [
            shown(self._target.model, name, values)
            for name, values in zip(key, zip(*rows, strict=True), strict=False)
        ]
        numbers = pl.Series([row.number for row in self._outside], dtype=pl.Int64)
        wrong = pl.Series([True]).new_from_index(0, len(numbers))
        nothing = pl.DataFrame({"": pl.Series([None] * len(numbers), dtype=pl.String)})
        yield problems.of_rows(
            pl.DataFrame(columns) if columns else nothing,
            numbers,
            wrong,
            problems.Code.SCOPE,
            LEAVES,
        )

    # Checks and computed values.

    def _without_broken(
        self, table: type[Model], rows: list[_Row], changing: Collection[str]
    ) -> list[_Row]:
        """Return the rows that break no check of a table; name the others."""
        checks = [check for model, check in self.demands.checks if model is table]
        if not checks or not rows:
            return rows
        wanted = [f"CASE WHEN NOT ({c.condition}) THEN 1 ELSE 0 END" for c in checks]
        good = []
        for row, flags in self._evaluated(table, wanted, rows, changing):
            names = [c.name for c, flag in zip(checks, flags, strict=True) if flag]
            if not names:
                good.append(row)
                continue
            self._add_broken(table, names[0], row, changing)
        return good

    def _add_broken(
        self, table: type[Model], name: str, row: _Row, changing: Collection[str]
    ) -> None:
        """Name a row that breaks a check: by the model's message, if values show it."""
        known = words_of_check(table, name)
        if known is not None:
            columns, reason = known
            values = tuple(row.value(column, changing) for column in columns)
            self._broken[table, tuple(columns), reason].append((row.number, values))
            return
        connection = connections[self._target.using]
        said = CHECK_FAILED[connection.vendor].format(
            name=name,
            table=table._meta.db_table,
            database=connection.settings_dict["NAME"],
        )
        self._refused[f"{REFUSED_BY}{said}"].append(row.number)

    def _broken_checks(self) -> Iterator[pl.DataFrame]:
        for (table, names, reason), rows in self._broken.items():
            numbers, values = zip(*rows, strict=True)
            columns = zip(*values, strict=True)
            yield problems.of_rows(
                pl.DataFrame(
                    [shown(table, *each) for each in zip(names, columns, strict=True)]
                ),
                pl.Series(numbers, dtype=pl.Int64),
                pl.Series([True]).new_from_index(0, len(numbers)),
                problems.Code.CONSTRAINT,
                reason,
            )

    def _formed(
        self, unique: Unique, rows: list[_Row], changing: Collection[str]
    ) -> tuple[list[_Row], dict[int, Values | None]]:
        """Return by ``id`` what is unique of rows; None where it counts for nothing."""
        found: dict[int, Values | None]
        if not unique.parts:
            own = [row.form(unique.names, changing) for row in rows]
            forms = comparison(unique).of_rows(unique.names, own)
            found = {id(r): form for r, form in zip(rows, forms, strict=True)}
        else:
            condition = unique.condition or "1 = 1"
            wanted = [*unique.parts, f"CASE WHEN {condition} THEN 1 ELSE 0 END"]
            evaluated = list(self._evaluated(unique.table, wanted, rows, changing))
            rows = [row for row, _ in evaluated]
            found = {id(r): f[:-1] if f[-1] else None for r, f in evaluated}
        if unique.nulls_differ:
            found = {
                n: form if form and None not in form else None
                for n, form in found.items()
            }
        return rows, found

    def _evaluated(
        self,
        table: type[Model],
        wanted: Sequence[str],
        rows: Sequence[_Row],
        changing: Collection[str],
    ) -> Iterator[tuple[_Row, Values]]:
        """Yield rows with what the database makes of their values; name those it refuses."""
        evaluation = Evaluation(table, self._target.using, wanted)
        yield from self._by_halves(evaluation, rows, changing)

    def _by_halves(
        self, evaluation: Evaluation, rows: Sequence[_Row], changing: Collection[str]
    ) -> Iterator[tuple[_Row, Values]]:
        values = [
            [
                _param(field, row.value(field.attname, changing))
                for field in evaluation.fields
            ]
            for row in rows
        ]
        try:
            with transaction.atomic(using=self._target.using):
                results = list(evaluation.of(values))
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            if len(rows) == 1:
                self._refused[reason_of(error)].append(rows[0].number)
                return
            middle = len(rows) // 2
            yield from self._by_halves(evaluation, rows[:middle], changing)
            yield from self._by_halves(evaluation, rows[middle:], changing)
            return
        yield from zip(rows, results, strict=True)

    # What is unique.

    def judge(
        self, is_written: Callable[[tuple[object, ...]], bool], most: int | None
    ) -> Iterator[pl.DataFrame]:
        """Yield the problems of the rows that were added, and forget the rows.

        Args:
            is_written: Returns whether the run has written the row of the table with a
                primary key.
            most: The most rows to name that the database refuses for one reason; None
                for all.
        """
        yield from self._broken_checks()
        if self._outside:
            yield from self._problems_of_scope()
        for reason, numbers in self._refused.items():
            yield refused(numbers[:most], reason)
        wrong = set(chain.from_iterable(self._refused.values()))
        wrong |= {row.number for row in self._outside}
        wrong |= {number for rows in self._broken.values() for number, _ in rows}
        search = Search(self._target, self.demands.uniques, self._known, is_written)
        search.drop(wrong)
        yield from search.problems()
        self._refused.clear()
        self._broken.clear()
        self._outside.clear()
        self._known = Known()


def _param(field: Any, value: object) -> object:
    """Return a value as a parameter; the key of a row to come is a number of none."""
    if not isinstance(value, PlannedKey):
        return value
    is_number = value_field(field).get_internal_type() in INTEGERS
    return value.number if is_number else None
