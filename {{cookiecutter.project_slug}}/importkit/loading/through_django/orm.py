"""Step 4, load: rows are written as instances, through Django, on any database."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as with_default
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import Any

import polars as pl
from django.db import connections
from django.db.models import Model

from importkit.loading.plan import Change, Mode, Outcome, TableTarget, links_of
from importkit.loading.through_django.changes import changes_of, differing, given
from importkit.loading.through_django.demands import demands_of, tables_of
from importkit.loading.through_django.frames import python_rows
from importkit.loading.through_django.inserts import insert_instances
from importkit.loading.through_django.moves import Moves
from importkit.loading.through_django.stored_rows import StoredRows
from importkit.loading.writers.catalogue import catalogue
from importkit.loading.writers.choice import loader_for, reason_for_orm
from importkit.loading.writers.databases.mariadb import statements
from importkit.loading.writers.interface import Loader, defaults
from importkit.models import (
    AnyField,
    Links,
    all_rows,
    inherited_pk_fields,
    is_given,
    is_update_time,
    natural_key,
    sets_itself,
    writable_fields,
)

# Rows in one update: it compares each row with each key, so that more take longer.
UPDATED = 200


@dataclass(frozen=True)
class Written:
    """What became of some instances.

    Attributes:
        new: Those that were not in the table.
        stored: By the id of an instance the row of the table that it was compared with.
        changed: The ids of those rows of the table that differ.
    """

    new: Sequence[Model]
    stored: Mapping[int, Model] = with_default(default_factory=dict)
    changed: Collection[int] = ()


class ORMWriter:
    """Creates and changes instances; each field is written as Django writes it.

    Attributes:
        outcome: The numbers of rows written, or in a dry run of rows to be written.
        missing: With ``Mode.SYNC``, at the end: the keys of the rows that no batch had.
        planned: In a dry run, ``keeps`` of the rows that would be created.
        links: In a dry run with ``Mode.SYNC``, what would be written into foreign keys.
    """

    def __init__(self, target: TableTarget) -> None:
        """Write to the table of a target."""
        self._target = target
        self._rows = all_rows(target.model)
        self._stored = StoredRows(target)
        self._seen: dict[Any, None] = {}
        self._parked: Mapping[Any, Mapping[str, object]] = {}
        self.outcome = Outcome()
        self.missing: list[Any] = []
        self.planned: list[pl.DataFrame] = []
        self.links: dict[str, Links] = defaultdict(Links)

    def added_columns(self, _columns: Sequence[str], _height: int) -> list[pl.Series]:
        """Return nothing: Django sets the defaults of instances."""
        return []

    def prepare(self, df: pl.DataFrame, _added: list[pl.Series]) -> pl.DataFrame:
        """Return the rows unchanged."""
        return df

    def open(self, df: pl.DataFrame) -> None:
        """Do nothing: no temporary tables are needed."""

    def write(self, df: pl.DataFrame) -> None:
        """Write the rows of a checked frame."""
        model = self._target.model
        rows = self.instances(df)
        new = {id(row) for row in self.write_instances(rows, df.columns).new}
        if self._target.dry_run and self._target.keeps:
            is_new = pl.Series([id(row) in new for row in rows], dtype=pl.Boolean)
            full = df.hstack(defaults(model, df.columns, df.height))
            keeps = [name for name in self._target.keeps if name in full.columns]
            self.planned.append(full.filter(is_new).select(keeps))

    def make_way(
        self, parts: Iterable[Sequence[Model]], attnames: Sequence[str] = ()
    ) -> None:
        """Get stored values that other rows take over out of the way.

        ``write`` and ``write_instances`` give the rows their final values afterwards.

        Args:
            parts: All rows that are to be written.
            attnames: The fields that they have values for; if empty, all.
        """
        self._parked = {}
        if self._target.mode is Mode.INSERT or not self._target.key:
            return
        computed = demands_of(self._target, ()).uniques
        moves = Moves(self._target, self.compared(attnames), computed)
        for rows in parts:
            for row, old in zip(rows, self.stored_of(rows), strict=True):
                if old is not None or self._target.mode is not Mode.UPDATE:
                    moves.add(row, old)
        self._parked = moves.park()

    def for_plan(self) -> "ORMWriter":
        """Return a writer of a dry run that goes on where this one is."""
        other = ORMWriter(replace(self._target, dry_run=True))
        other._stored = self._stored.as_known()
        other._seen = self._seen
        return other

    def instances(self, df: pl.DataFrame) -> list[Model]:
        """Return the rows of a checked frame."""
        model = self._target.model
        return [model(**row) for row in python_rows(model, df)]

    def stored_of(self, rows: Sequence[Model]) -> list[Model | None]:
        """Return for each instance its row of the table; None if it is new."""
        if self._target.mode is Mode.INSERT or not self._target.key:
            return [None] * len(rows)
        found = self._stored.find(rows)
        return [found.get(own) for own in self._stored.keys_of(rows)]

    def has_written(self, identity: tuple[object, ...]) -> bool:
        """Return whether the run has written the row with a primary key."""
        return (identity if len(identity) > 1 else identity[0]) in self._seen

    def mark(self) -> tuple[int, int]:
        """Return what ``forget`` takes, to forget the rows that are written from now on."""
        return self._stored.mark(), len(self._seen)

    def forget(self, mark: tuple[int, int]) -> None:
        """Forget the rows that were written since the mark, for they were undone."""
        self._stored.forget(mark[0])
        while len(self._seen) > mark[1]:
            self._seen.popitem()

    def write_instances(
        self,
        rows: Sequence[Model],
        attnames: Iterable[str] = (),
        withheld: Mapping[int, Collection[str]] = MappingProxyType({}),
        columns: pl.DataFrame | None = None,
        judge: Callable[[Sequence[Model | None], Sequence[str]], None] | None = None,
    ) -> Written:
        """Write instances, and return what became of them.

        Args:
            rows: Instances of the model, not saved.
            attnames: The fields to compare with stored rows of the same natural key; if
                empty, all fields but the times that set themselves. Values that an
                instance does not have are not compared.
            withheld: By the id of an instance the fields that are written later.
            columns: The values of the instances; None if only Django can write them.
            judge: Receives the row of the table of each instance, before it is changed,
                and the fields that may change.
        """
        key = self._target.key
        if self._target.mode is Mode.INSERT or not key:
            if judge is not None:
                judge([None] * len(rows), ())
            self._create(rows, columns)
            self._check_now()
            return Written(rows)
        compared = self.compared(attnames)
        found = self._stored.find(rows)
        keys = self._stored.keys_of(rows)
        self._stored.refuse_repeated(rows, keys)
        if judge is not None:
            judge([found.get(own) for own in keys], compared)
        new: list[Model] = []
        places: list[int] = []
        changed: list[Model] = []
        stored: dict[int, Model] = {}
        moves = Moves(self._target, compared)
        for place, (row, own) in enumerate(zip(rows, keys, strict=True)):
            old = found.get(own)
            if old is None:
                new.append(row)
                places.append(place)
                continue
            for name, value in self._parked.get(old.pk, {}).items():
                setattr(old, name, value)
            self._seen[old.pk] = None
            self._identify(row, old)
            stored[id(row)] = old
            names = differing(old, row, compared)
            if not names:
                continue
            compared_here = given(row, names, withheld.get(id(row), ()))
            if changes := changes_of(old, row, key, compared_here):
                changed.append(old)
                self.count_change(changes)
                if not self._target.dry_run:
                    moves.add(row, old)
                for change in changes:
                    setattr(old, change.field, getattr(row, change.field))
        self.outcome.unchanged += len(rows) - len(new) - len(changed)
        if not (self._target.dry_run or self._parked):
            moves.park()
        self._save_changed(changed, compared)
        self._restore(stored.values())
        self._create(new, None if columns is None else columns[places])
        self._check_now()
        self._stored.remember(keys)
        self._link(new, changed, compared)
        return Written(new, stored, set(map(id, changed)))

    def _identify(self, row: Model, old: Model) -> None:
        """Give an instance the key of its row, for the instances that refer to it."""
        for field in self._key_fields:
            row.__dict__[field.attname] = getattr(old, field.attname)
        row._state.adding, row._state.db = False, self._target.using
        # Others may refer to a value that the database has set.
        for field in self._database_sets:
            if not is_given(row, field.attname):
                row.__dict__[field.attname] = getattr(old, field.attname)

    def identify(self, rows: Sequence[Model]) -> None:
        """Give those instances their keys whose rows are in the table already."""
        key = self._target.key
        known = [row for row in rows if None not in natural_key(row, key)]
        found = self._stored.find(known)
        for row, place in zip(known, self._stored.keys_of(known), strict=True):
            if (old := found.get(place)) is not None:
                self._identify(row, old)

    def look_again(self, *, undone: bool) -> None:
        """Look for rows of others also in a table that was empty."""
        self._stored.look_again()

    def finish(self) -> None:
        """Find the rows that are missing."""
        if self._target.mode is Mode.SYNC:
            keys = self._target.rows.order_by("pk").values_list("pk", flat=True)
            self.missing = [key for key in keys.iterator() if key not in self._seen]
            self.outcome.missing = len(self.missing)

    @cached_property
    def _key_fields(self) -> list[AnyField]:
        return inherited_pk_fields(self._target.model)

    @cached_property
    def _database_sets(self) -> list[AnyField]:
        fields = writable_fields(self._target.model)
        return [field for field in fields if field.has_db_default()]

    @cached_property
    def _loader(self) -> Loader | None:
        return None if reason_for_orm(self._target) else loader_for(self._target)

    def compared(self, attnames: Iterable[str]) -> list[str]:
        """Return the fields that may change: neither natural nor primary keys."""
        fields = writable_fields(self._target.model)
        # With inheritance the links to the parents are primary keys as well.
        fixed = {*self._target.key, *(f.attname for f in self._key_fields)}
        given = attnames or [f.attname for f in fields if not sets_itself(f)]
        return [name for name in given if name not in fixed]

    def count_change(self, changes: Sequence[Change]) -> None:
        """Count the changes of one row."""
        self.outcome.add_examples(changes)
        self.outcome.changed_by_field.update(change.field for change in changes)
        self.outcome.changed += 1

    def _link(
        self, new: Sequence[Model], changed: Sequence[Model], attnames: Sequence[str]
    ) -> None:
        """Keep the foreign keys of rows that a dry run would have written."""
        for key in links_of(self._target, attnames):
            links = self.links[key.attname]
            links.new.update(getattr(row, key.attname) for row in new)
            links.moved |= {row.pk: getattr(row, key.attname) for row in changed}

    def _save_changed(self, rows: Sequence[Model], compared: Sequence[str]) -> None:
        if self._target.dry_run or not rows:
            return
        if self._target.signals:
            for row in rows:
                row.save(using=self._target.using)
            return
        fields = writable_fields(self._target.model)
        times = [field for field in fields if is_update_time(field)]
        for row, field in product(rows, times):
            field.pre_save(row, add=False)
        names = {field.attname: field.name for field in fields}
        changing = [names[name] for name in compared]
        changing += [field.name for field in times]
        for part in statements(self._target.using, rows, UPDATED):
            self._rows.bulk_update(part, changing)

    def _check_now(self) -> None:
        """Check what the database would check at the end, when nobody knows the rows."""
        if self._deferred and not self._target.dry_run:
            loader_for(self._target).check_now(self._deferred)

    @cached_property
    def _deferred(self) -> list[str]:
        if connections[self._target.using].vendor != "postgresql":
            return []
        tables = tables_of(self._target.model)
        known = (catalogue(replace(self._target, model=table)) for table in tables)
        return [key.name for each in known for key in each.keys if key.is_deferred]

    def _restore(self, rows: Iterable[Model]) -> None:
        """Give parked values back that no row of the source sets."""
        parked = [row for row in rows if row.pk in self._parked]
        if not self._target.dry_run and parked:
            names = sorted({n for row in parked for n in self._parked[row.pk]})
            self._rows.bulk_update(parked, names, batch_size=UPDATED)

    def _create(self, rows: Sequence[Model], columns: pl.DataFrame | None) -> None:
        self.outcome.new += len(rows)
        if self._target.dry_run or self._target.mode is Mode.UPDATE or not rows:
            return
        written = insert_instances(self._target, rows, columns, self._loader)
        self.outcome.new -= len(rows) - written
        self.outcome.lost += len(rows) - written
        self._seen.update(dict.fromkeys(row.pk for row in rows))
