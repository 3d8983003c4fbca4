"""Step 4, load: rows that repeat what is unique are found, among them and in their tables."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

import polars as pl
from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import Model, Q

from importkit import problems
from importkit.loading.plan import Mode, TableTarget
from importkit.loading.through_django.demands import Unique
from importkit.loading.writers.interface import Table
from importkit.loading.writers.judging import (
    AGAIN,
    OUTSIDE,
    TAKEN,
    TAKEN_BY_ANOTHER,
    computed_twice,
)
from importkit.models import (
    Comparison,
    PlannedKey,
    all_rows,
    field_of,
    natural_key,
    pk_fields,
    series_of,
)

LOOK_UP = 500  # Values in one query, below the limit of every database.

type Identity = tuple[Hashable, ...]
type Values = tuple[object, ...]


@dataclass(frozen=True)
class Known:
    """Rows as they would be in their tables.

    Attributes:
        numbers: The line of each row, or its number in its bulk.
        own: By table the primary key of the row that each one changes; None if it is new.
        raw: The values of what is unique, as the source or the table has them.
        forms: The same as the database compares them; None where a row does not count.
    """

    numbers: list[int] = field(default_factory=list)
    own: dict[type[Model], list[Identity | None]] = field(
        default_factory=lambda: defaultdict(list)
    )
    raw: dict[Unique, list[Values]] = field(default_factory=lambda: defaultdict(list))
    forms: dict[Unique, list[Values | None]] = field(
        default_factory=lambda: defaultdict(list)
    )


class Search:
    """Finds the rows that repeat another one, among those that a judge knows."""

    def __init__(
        self,
        target: TableTarget,
        uniques: Sequence[Unique],
        known: Known,
        is_written: Callable[[Identity], bool],
    ) -> None:
        """Search the rows of a table.

        Args:
            target: The table.
            uniques: What may stand in one row only.
            known: The rows.
            is_written: Returns whether the run has written the row of the table with a
                primary key.
        """
        self._target = target
        self._known = known
        self._is_written = is_written
        self._good = dict.fromkeys(range(len(known.numbers)))
        self._uniques = [
            unique
            for unique in uniques
            if any(form is not None for form in known.forms[unique])
        ]
        self._own = {table: set(owns) - {None} for table, owns in known.own.items()}

    def problems(self) -> Iterator[pl.DataFrame]:
        """Yield the problems, and drop their rows."""
        stored = {unique: self._stored(unique) for unique in self._uniques}
        if self._target.scope is not None:
            for unique, known in stored.items():
                outside = self._outside(unique, known)
                places = [p for p in self._good if self._form(unique, p) in outside]
                yield from self._problems(unique, dict.fromkeys(places, OUTSIDE))
        found = True
        # A row with a problem does not give up its stored values, so that a row which
        # takes these over is found in the next turn. Key by key: whether an earlier row
        # is written already must not decide which key of a row is named.
        while found:
            found = False
            for unique, known in stored.items():
                for wrong in self._of(unique, known):
                    found = True
                    yield wrong

    def _of(
        self, unique: Unique, known: dict[Values, list[Identity]]
    ) -> Iterator[pl.DataFrame]:
        if not self._is_natural_key(unique):
            yield from self._problems(unique, dict.fromkeys(self._again(unique), AGAIN))
        own = self._own[unique.table]
        taken: dict[int, str] = {}
        for place in self._good:
            form = self._form(unique, place)
            others = [] if form is None else known.get(form, [])
            others = [other for other in others if other not in own]
            if others:
                is_again = any(map(self._is_written, others))
                taken[place] = AGAIN if is_again else self._reason
        yield from self._problems(unique, taken)

    def _again(self, unique: Unique) -> list[int]:
        seen: set[Values] = set()
        found = []
        for place in self._good:
            form = self._form(unique, place)
            if form is None:
                continue
            if form in seen:
                found.append(place)
            seen.add(form)
        return found

    def _form(self, unique: Unique, place: int) -> Values | None:
        return self._known.forms[unique][place]

    def _is_natural_key(self, unique: Unique) -> bool:
        """Return whether rows with the same values are one row, which is checked before."""
        if self._target.mode is Mode.INSERT or unique.parts:
            return False
        return set(unique.names) == set(self._target.key)

    @property
    def _reason(self) -> str:
        has_key = self._target.key and self._target.mode is not Mode.INSERT
        return TAKEN_BY_ANOTHER if has_key else TAKEN

    def _problems(
        self, unique: Unique, found: dict[int, str]
    ) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows, and drop these."""
        if not found:
            return
        reasons = list(found.values())
        if unique.parts:
            reason = f'breaks the unique constraint "{unique.name}"'
            if unique.columns:
                reason = computed_twice(unique.columns)
            reasons = [reason] * len(found)
        raw = [self._known.raw[unique][place] for place in found]
        columns = {
            name: shown(unique.table, name, [values[place] for values in raw])
            for place, name in enumerate(unique.names)
        } or {"": pl.Series([None] * len(found), dtype=pl.String)}
        numbers = pl.Series([self._known.numbers[p] for p in found], dtype=pl.Int64)
        wrong = pl.Series([True]).new_from_index(0, len(found))
        code = problems.Code.UNIQUE
        yield problems.of_rows(
            pl.DataFrame(columns), numbers, wrong, code, pl.Series(reasons)
        )
        self.drop(set(numbers))

    def drop(self, numbers: set[int]) -> None:
        """Drop the rows of lines: of one line there may be several."""
        places = [p for p in self._good if self._known.numbers[p] in numbers]
        for place in places:
            del self._good[place]
            for table, owns in self._known.own.items():
                self._own[table].discard(owns[place])

    # Rows of the tables.

    def _stored(self, unique: Unique) -> dict[Values, list[Identity]]:
        """Return the rows of a table that may have a value which is unique."""
        is_own = unique.table is self._target.model
        if self._is_natural_key(unique) and is_own and self._target.scope is None:
            return {}
        found: dict[Values, list[Identity]] = defaultdict(list)
        if unique.parts:
            for form, identity in self._computed(unique):
                found[form].append(identity)
            return found
        keys = [field.attname for field in pk_fields(unique.table)]
        rows = list(self._same(unique))
        forms = comparison(unique).of_rows(
            unique.names, [natural_key(row, unique.names) for row in rows]
        )
        for row, form in zip(rows, forms, strict=True):
            found[form].append(identity_of(row, keys))
        return found

    def _same(self, unique: Unique) -> Iterator[Model]:
        """Yield the rows of a table that share the most distinctive value with a row."""
        raw = [
            values
            for values, form in zip(
                self._known.raw[unique], self._known.forms[unique], strict=True
            )
            if form is not None
        ]
        columns = [
            dict.fromkeys(v for v in values if not isinstance(v, PlannedKey))
            for values in map(_hashable, zip(*raw, strict=True))
        ]
        widest = max(range(len(columns)), key=lambda place: len(columns[place]))
        name, values = unique.names[widest], columns[widest]
        rows = all_rows(unique.table).using(self._target.using)
        if None in values:
            yield from rows.filter(**{f"{name}__isnull": True})
        for part in batched((v for v in values if v is not None), LOOK_UP):
            yield from rows.filter(Q(**{f"{name}__in": part}))

    def _computed(self, unique: Unique) -> Iterator[tuple[Values, Identity]]:
        """Yield what is unique of rows of a table, where it is computed."""
        table = Table(unique.table, self._target.using)
        forms = [form for form in self._known.forms[unique] if form is not None]
        first = list(dict.fromkeys(form[0] for form in forms if form[0] is not None))
        parts = [part.replace("%", "%%") for part in unique.parts]
        where = (unique.condition or "1 = 1").replace("%", "%%")
        query = (
            f"SELECT {', '.join([*table.pk, *parts])} FROM {table.name} WHERE ({where})"
        )
        known = [
            (f" AND {parts[0]} IN ({{}})", part) for part in batched(first, LOOK_UP)
        ]
        if not unique.nulls_differ:
            known.append((f" AND {parts[0]} IS NULL", ()))
        connection: Any = connections[self._target.using]
        with connection.cursor() as cursor:
            for test, values in known:
                places = ", ".join(["%s"] * len(values))
                cursor.execute(query + test.replace("{}", places), values)
                for row in cursor.fetchall():
                    key = table.key(row[: len(table.pk)])
                    yield (
                        tuple(row[len(table.pk) :]),
                        key if isinstance(key, tuple) else (key,),
                    )

    def _outside(
        self, unique: Unique, known: dict[Values, list[Identity]]
    ) -> set[Values | None]:
        """Return what rows of the table have that are out of the scope."""
        if unique.table is not self._target.model:
            return set()
        keys = {
            key if len(key) > 1 else key[0] for keys in known.values() for key in keys
        }
        seen: set[Any] = set()
        for part in batched(keys, LOOK_UP):
            seen.update(
                self._target.rows.filter(pk__in=part).values_list("pk", flat=True)
            )
        return {
            form
            for form, identities in known.items()
            if any((k if len(k) > 1 else k[0]) not in seen for k in identities)
        }


def comparison(unique: Unique) -> Comparison:
    """Return how the database compares what is unique."""
    return Comparison(unique.table, unique.names)


def identity_of(row: Model, keys: Sequence[str]) -> Identity:
    """Return the primary key of a row, given the attnames of its fields."""
    return tuple(getattr(row, name) for name in keys)


def _hashable(values: Sequence[object]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in values]


def shown(table: type[Model], attname: str, values: Sequence[object]) -> pl.Series:
    """Return values as a column that can be shown."""
    try:
        return series_of(field_of(table, attname), attname, values)
    except (TypeError, ValueError, ValidationError, pl.exceptions.PolarsError):
        texts = [None if value is None else str(value) for value in values]
        return pl.Series(attname, texts, pl.String)
