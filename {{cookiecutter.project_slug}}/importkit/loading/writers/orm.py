"""Step 4, load: rows as instances, through Django, on any database."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Any

import polars as pl
from django.db.models import Model, Q

from importkit.errors import CleaningError
from importkit.loading.plan import (
    Change,
    Mode,
    Outcome,
    Target,
)
from importkit.loading.writers.choice import is_empty, loader_for, reason_for_orm
from importkit.loading.writers.instances import insert_instances
from importkit.loading.writers.interface import Loader, defaults, repeated_key
from importkit.models import (
    comparison_key,
    is_update_time,
    sets_itself,
    shown_value,
    value_field,
    writable_fields,
)

LOOK_UP = 500  # Keys in one query, below every database's limit.


class ORMWriter:
    """Creates and changes instances; what Django does with a field, it does here.

    Attributes:
        outcome: What has been done, or in a dry run would be.
        missing: The keys of the rows that no batch had; with ``Mode.SYNC``, at the end.
        planned: In a dry run, ``keeps`` of the rows that would be created.
    """

    def __init__(self, target: Target) -> None:
        """Write to the table of a target."""
        self._target = target
        self._rows = target.model._base_manager.using(target.using)
        self._seen: set[Any] = set()
        self._keys: set[tuple[object, ...]] = set()
        self.outcome = Outcome()
        self.missing: list[Any] = []
        self.planned: list[pl.DataFrame] = []

    def added(self, _columns: Sequence[str], _height: int) -> list[pl.Series]:
        """Return nothing: instances have their defaults."""
        return []

    def prepared(self, df: pl.DataFrame, _added: list[pl.Series]) -> pl.DataFrame:
        """Return the rows as they are."""
        return df

    def open(self, df: pl.DataFrame) -> None:
        """Do nothing: the table is there."""

    def write(self, df: pl.DataFrame) -> None:
        """Write the rows of a frame that fits."""
        model = self._target.model
        rows = [model(**row) for row in python_rows(model, df)]
        new = {id(row) for row in self.write_instances(rows, df.columns)}
        if self._target.dry_run and self._target.keeps:
            is_new = pl.Series([id(row) in new for row in rows], dtype=pl.Boolean)
            full = df.hstack(defaults(model, df.columns, df.height))
            keeps = [name for name in self._target.keeps if name in full.columns]
            self.planned.append(full.filter(is_new).select(keeps))

    def write_instances(
        self, rows: Sequence[Model], attnames: Iterable[str] = ()
    ) -> Sequence[Model]:
        """Write instances, and return those that are new.

        Args:
            rows: Instances of the model, not saved.
            attnames: The fields to compare with rows of the same natural key; all but
                those that set themselves if there are none.
        """
        key = self._target.key
        if self._target.mode is Mode.INSERT or not key:
            self._create(rows)
            return rows
        fixed = {*key, *self._primary_keys()}
        compared = [name for name in attnames or self._attnames() if name not in fixed]
        found = self._find(rows)
        keys = self._new_keys(rows)
        new: list[Model] = []
        changed: list[Model] = []
        for row in rows:
            old = found.get(comparison_key(row, key)) if found else None
            if old is None:
                new.append(row)
                continue
            self._seen.add(old.pk)
            row.pk = old.pk
            if self._change(old, row, compared):
                changed.append(old)
        self.outcome.unchanged += len(rows) - len(new) - len(changed)
        self._save_changed(changed, compared)
        self._create(new)
        self._keys |= keys
        return new

    def finish(self) -> None:
        """Find the rows that are missing."""
        if self._target.mode is Mode.SYNC:
            keys = self._rows.order_by("pk").values_list("pk", flat=True)
            self.missing = [key for key in keys.iterator() if key not in self._seen]
            self.outcome.missing = len(self.missing)

    @cached_property
    def _loader(self) -> Loader | None:
        return None if reason_for_orm(self._target) else loader_for(self._target)

    @cached_property
    def _was_empty(self) -> bool:
        # A receiver of signals may write to the table as well.
        return not self._target.signals and is_empty(self._target)

    def _attnames(self) -> list[str]:
        fields = writable_fields(self._target.model)
        return [field.attname for field in fields if not sets_itself(field)]

    def _primary_keys(self) -> list[str]:
        """Return what holds the row's own key, and with inheritance its parents'."""
        fields = writable_fields(self._target.model)
        return [field.attname for field in fields if field.primary_key]

    def _find(self, rows: Sequence[Model]) -> dict[tuple[object, ...], Model]:
        """Return the rows of the table with the natural keys of some rows."""
        if self._was_empty:
            return {}  # It has none but those of this run, and they must not repeat.
        key = self._target.key
        found: dict[tuple[object, ...], Model] = {}
        for first in range(0, len(rows), LOOK_UP // len(key)):
            part = rows[first : first + LOOK_UP // len(key)]
            wanted = [{name: getattr(row, name) for name in key} for row in part]
            alike = Q(*(Q(**values) for values in wanted), _connector=Q.OR)
            if len(key) == 1:
                alike = Q(**{f"{key[0]}__in": [values[key[0]] for values in wanted]})
            for old in self._rows.filter(alike):
                place = comparison_key(old, key)
                if place in found:
                    raise repeated_key(self._target, place)
                found[place] = old
        return found

    def _new_keys(self, rows: Sequence[Model]) -> set[tuple[object, ...]]:
        """Return the natural keys of rows; refuse one that an earlier row has."""
        keys: set[tuple[object, ...]] = set()
        for row in rows:
            key = comparison_key(row, self._target.key)
            if key in self._keys or key in keys:
                shown = ", ".join(map(str, key))
                raise CleaningError(
                    f"{self._target.model._meta.label}: more than one row has the "
                    f"natural key {shown!r}."
                )
            keys.add(key)
        return keys

    def _change(self, old: Model, row: Model, compared: Sequence[str]) -> bool:
        """Give an old row the values of a new one; say whether any differs."""
        before, after = comparison_key(old, compared), comparison_key(row, compared)
        differing = [
            place
            for place, values in enumerate(zip(before, after, strict=True))
            if values[0] != values[1]
        ]
        key = tuple(getattr(old, name) for name in self._target.key)
        changes = [
            Change(key, compared[n], *(_shown(row, compared[n]) for row in (old, row)))
            for n in differing
        ]
        self.outcome.add_examples(changes)
        self.outcome.changed_by_field.update(change.field for change in changes)
        self.outcome.changed += bool(changes)
        for change in changes:
            setattr(old, change.field, getattr(row, change.field))
        return bool(changes)

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
        self._rows.bulk_update(rows, [*changing, *(field.name for field in times)])

    def _create(self, rows: Sequence[Model]) -> None:
        self.outcome.new += len(rows)
        if self._target.dry_run or self._target.mode is Mode.UPDATE or not rows:
            return
        insert_instances(self._target, rows, self._loader)
        self._seen.update(row.pk for row in rows)


def _shown(row: Model, attname: str) -> object:
    """Return a value of an instance as a person reads it."""
    field: Any = row._meta.get_field(attname)
    return shown_value(field, field.to_python(field.value_from_object(row)))


def python_rows(model: type[Model], df: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of a frame that fits, with the values that instances hold."""
    texts = {
        field.attname
        for field in writable_fields(model)
        if value_field(field).get_internal_type() == "JSONField"
    }
    for row in df.iter_rows(named=True):
        for name in texts & row.keys():
            row[name] = None if row[name] is None else json.loads(row[name])
        yield row
