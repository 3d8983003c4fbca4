"""Step 4, load: unique values move between rows that Django writes.

A database checks each row as it is written, so that two rows cannot swap a unique value. The
values that other rows take over are therefore got out of the way first.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import batched, islice, product
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Max, Min, Model

from importkit.loading.plan import TableTarget
from importkit.loading.through_django.demands import Unique
from importkit.loading.writers.databases.mariadb import statements
from importkit.models import (
    INTEGERS,
    TEXTS,
    AnyField,
    Comparison,
    Unread,
    all_rows,
    field_of,
    is_given,
    natural_key,
    unique_sets,
    value_field,
)

PARKED = 200  # Rows in one statement.
PRIVATE = range(0xE000, 0xF800)  # The characters of Unicode that mean nothing.
# The length from which on a random text can be taken to be free.
LONG = 12
STEPS = {
    "DecimalField": Decimal(1),
    "FloatField": 1.0,
    "DateField": datetime.timedelta(days=1),
    "DateTimeField": datetime.timedelta(seconds=1),
    "DurationField": datetime.timedelta(seconds=1),
}

type Names = tuple[str, ...]
type Values = tuple[object, ...]


class Moves:
    """Knows which rows of a table give up unique values that other rows take over."""

    def __init__(
        self,
        target: TableTarget,
        compared: Iterable[str],
        computed: Sequence[Unique] = (),
    ) -> None:
        """Watch the unique sets that rows may change.

        Args:
            target: The table.
            compared: The attnames of the fields that rows may change.
            computed: What else is unique: each row that changes a field of it gives its
                values up.
        """
        model, changing = target.model, set(compared)
        tables = [model, *model._meta.all_parents]
        found = {tuple(sorted(s)) for table in tables for s in unique_sets(table)}
        self._target = target
        self._fields = changing
        self._free = {
            names: [n for n in names if n in changing]
            for names in sorted(found)
            if changing & set(names)
        }
        self._computed = [
            unique
            for unique in computed
            if unique.names not in found or not unique.nulls_differ or unique.parts
            if changing & set(unique.reads)
        ]
        self._changing: dict[Unique, list[Any]] = defaultdict(list)
        self._old: dict[Names, dict[Any, Values]] = defaultdict(dict)
        self._new: dict[Names, list[Values]] = defaultdict(list)
        self._given: dict[str, set[Any]] = defaultdict(set)

    def add(self, row: Model, old: Model | None) -> None:
        """Add a row that is to be written, and the row of the table that it becomes."""
        for names, free in self._free.items():
            now = self._values(row, old, names)
            before = None if old is None else natural_key(old, names)
            if before == now:
                continue
            if old is not None and before and None not in before:
                self._old[names][old.pk] = before
            if None not in now:
                self._new[names].append(now)
            for name in free:
                self._given[name].add(self._values(row, old, (name,))[0])
        for unique in self._computed:
            if old is not None:
                names = unique.reads
                if natural_key(old, names) != self._values(row, old, names):
                    self._changing[unique].append(old.pk)
            for name in unique.names:
                self._given[name].add(self._values(row, old, (name,))[0])

    def _values(self, row: Model, old: Model | None, names: Sequence[str]) -> Values:
        """Return the values that a row will have."""
        found: list[object] = []
        for name in names:
            is_new = old is None or (name in self._fields and is_given(row, name))
            found += natural_key(row if old is None or is_new else old, [name])
        return tuple(found)

    def park(self) -> dict[Any, dict[str, object]]:
        """Get the values that other rows take over out of the way.

        Returns:
            By primary key and attname the values that the rows had.
        """
        parked: dict[Any, dict[str, object]] = defaultdict(dict)
        moving = [(free, self._moving(names)) for names, free in self._free.items()]
        key = self._target.key
        moving += [
            ([name for name in unique.names if name not in key], pks)
            for unique, pks in self._changing.items()
        ]
        for free, pks in moving:
            for name in free if pks else ():
                before = self._stored(name, pks)
                if self._park(name, pks):
                    for pk, value in before.items():
                        parked[pk].setdefault(name, value)
                    break
        return parked

    @property
    def _rows(self) -> Any:
        return all_rows(self._target.model).using(self._target.using)

    def _stored(self, attname: str, pks: Sequence[Any]) -> dict[Any, object]:
        found: dict[Any, object] = {}
        for part in batched(pks, PARKED):
            found.update(self._rows.filter(pk__in=part).values_list("pk", attname))
        return found

    def _moving(self, names: Names) -> list[Any]:
        """Return the keys of the rows whose values another row takes over."""
        old = self._old[names]
        if not old or not self._new[names]:
            return []
        forms = Comparison(self._target.model, names)
        taken = set(forms.of_rows(names, self._new[names]))
        before = forms.of_rows(names, list(old.values()))
        return [pk for pk, own in zip(old, before, strict=True) if own in taken]

    def _park(self, attname: str, pks: Sequence[Any]) -> bool:
        """Give rows values of one field that no row has; return whether that was possible."""
        field = field_of(self._target.model, attname)
        for values in self._free_values(field, pks):
            rows = []
            for pk, value in zip(pks, values, strict=False):
                row = self._target.model(**{attname: value})
                row.pk = pk
                rows.append(row)
            if len(rows) < len(pks):
                continue
            with (
                suppress(DatabaseError, ArithmeticError, ValueError),
                transaction.atomic(using=self._target.using),
            ):
                for part in statements(self._target.using, rows, PARKED):
                    self._rows.bulk_update(part, [field.name])
                return True
        return False

    def _free_values(
        self, field: AnyField, pks: Sequence[Any]
    ) -> Iterator[Sequence[object]]:
        """Yield values that no row has or gets, as many as there are rows, or fewer."""
        if field.null:
            yield [None] * len(pks)
        stored, number = value_field(field), len(pks)
        if field is not stored:
            return
        kind = stored.get_internal_type()
        if kind == "UUIDField":
            yield [uuid.uuid4() for _ in pks]
        elif kind in TEXTS:
            yield self._texts(field, number)
        elif step := _step(stored):
            name = field.attname
            ends = self._rows.aggregate(high=Max(name), low=Min(name))
            is_none = (type(None), Unread)
            new = [v for v in self._given[name] if not isinstance(v, is_none)]
            given = [stored.to_python(value) for value in new]
            for end, sign in ((max, 1), (min, -1)):
                known = [*given, *ends.values()]
                known = [v for v in known if not isinstance(v, is_none)]
                with suppress(ArithmeticError, ValueError):
                    first = end(known)
                    yield [first + sign * step * n for n in range(1, number + 1)]

    def _texts(self, field: AnyField, number: int) -> Sequence[str]:
        """Return texts that no row has; one character each where no more fit."""
        length = getattr(field, "max_length", None) or 32
        if length >= LONG:
            return [uuid.uuid4().hex[:length] for _ in range(number)]
        given = {str(value) for value in self._given[field.attname]}
        free = (text for text in _private_texts(length) if text not in given)
        return list(islice(free, number))


def _private_texts(length: int) -> Iterator[str]:
    """Yield texts of one or two private characters, which sources do not have."""
    private = [chr(code) for code in PRIVATE]
    yield from private
    if length > 1:
        yield from map("".join, product(private, repeat=2))


def _step(field: AnyField) -> Any:
    """Return what lies between two values of a field; None if they have no order."""
    kind = field.get_internal_type()
    return 1 if kind in INTEGERS else STEPS.get(kind)
