"""Steps 3 and 4: what a deletion takes along, for rows of several models together."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from operator import or_
from types import MappingProxyType
from typing import Any

from django.db import connections, router
from django.db.models import CASCADE, DO_NOTHING, Model, Q, QuerySet, deletion
from django.db.models.deletion import (
    PROTECT,
    RESTRICT,
    Collector,
    ProtectedError,
    get_candidate_relations_to_delete,
)

from importkit.models.ordering import ModelClass, concrete
from importkit.models.rows import CHUNK, all_rows, atomic_for

GUARDS = (PROTECT, RESTRICT)
# What the database does by itself; Django has these names since 6.1.
DB_CASCADE, DB_SET_DEFAULT, DB_SET_NULL = (
    getattr(deletion, name, None)
    for name in ("DB_CASCADE", "DB_SET_DEFAULT", "DB_SET_NULL")
)

# Primary keys by the model that has the table.
type Keys = defaultdict[ModelClass, set[Any]]
# Primary keys by the foreign key of these rows.
type References = defaultdict[Any, set[Any]]


@dataclass(frozen=True)
class Deletion:
    """What is gone or changed after a deletion.

    Attributes:
        rows: The primary keys of the rows that are deleted, by model.
        changed: By foreign key, how many other rows lose the row that they refer to.
    """

    rows: Mapping[ModelClass, Set[Any]]
    changed: Mapping[Any, int]


@dataclass
class Links:
    """The keys that a dry run would have written into one foreign key.

    Attributes:
        moved: The new keys of stored rows, by the primary key of the row.
        new: How many new rows refer to each key.
    """

    moved: dict[Any, Any] = field(default_factory=dict)
    new: Counter[Any] = field(default_factory=Counter)


class Together(Collector):
    """Collects the rows of several models that are deleted together, with cascades.

    Protected and restricted foreign keys are only noted: a row that is deleted as well
    protects no other row. No manager of a model takes part, for any of them may hide rows.

    Attributes:
        guards: The primary keys of rows that protect others, by foreign key.
    """

    def __init__(
        self, using: str, links: Mapping[Any, Links], *, follows_database: bool
    ) -> None:
        """Start without any rows.

        Args:
            using: The alias of the database.
            links: What a dry run would have written, by foreign key.
            follows_database: Whether to collect also what the database deletes by itself.
        """
        super().__init__(using)
        # An argument of Django's own since 6.1.
        self.force_collection = follows_database
        self._links = links
        self.guards: References = defaultdict(set)

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        """Return whether rows may go unseen: not if all are to be collected."""
        return not self.force_collection and super().can_fast_delete(objs, from_field)

    def related_objects(
        self, related_model: ModelClass, related_fields: Iterable[Any], objs: Any
    ) -> QuerySet[Any]:
        """Return the rows that refer to some rows, unless they only protect them."""
        fields = list(related_fields)
        rows = self._referring(related_model, fields, objs)
        for key in fields:
            if key.remote_field.on_delete in GUARDS:
                self._note_guards(key, rows)
                return rows.none()
        return rows

    def _note_guards(self, key: Any, rows: QuerySet[Any]) -> None:
        """Note rows that protect others, and have them deleted or cut off first."""
        self.guards[key].update(rows.values_list("pk", flat=True))
        parent = concrete(key.remote_field.model)
        if parent is not concrete(key.model):
            self.add_dependency(parent, key.model)
        if (
            key.null
            and not connections[self.using].features.can_defer_constraint_checks
        ):
            self.add_field_update(key, None, rows)

    def get_del_batches(self, objs: Any, fields: Iterable[Any]) -> list[Any]:
        """Return rows in parts that one query takes, also where nothing limits it."""
        return list(_parts(self.using, objs))

    def add_field_update(self, field: Any, value: Any, objs: Iterable[Any]) -> None:
        """Note rows whose foreign key is changed; Django would ask for all at once."""
        super().add_field_update(field, value, list(objs))

    def note_what_django_skips(self) -> None:
        """Note the rows that refer to deleted rows and that Django leaves alone."""
        for model, objs in list(self.data.items()):
            related: Any
            for related in get_candidate_relations_to_delete(model._meta):
                key = related.field
                on_delete = key.remote_field.on_delete
                is_guard = on_delete is DO_NOTHING and key.db_constraint
                if not (is_guard or on_delete in (DB_SET_NULL, DB_SET_DEFAULT)):
                    continue
                for part in _parts(self.using, list(objs)):
                    rows = self._referring(key.model, [key], part)
                    if is_guard:
                        self.guards[key].update(rows.values_list("pk", flat=True))
                    else:
                        self.add_field_update(key, None, rows)

    def _referring(
        self, model: ModelClass, fields: Sequence[Any], objs: Any
    ) -> QuerySet[Any]:
        """Return the rows that refer to some rows, or will do so after a dry run."""
        rows: QuerySet[Any] = QuerySet(model, using=self.using)
        tests = (Q(**{f"{field.name}__in": objs}) for field in fields)
        found = rows.filter(reduce(or_, tests))
        links = [self._links[field] for field in fields if field in self._links]
        if not any(each.moved for each in links):
            return found
        keys = set(found.values_list("pk", flat=True))
        wanted = {obj.pk for obj in objs}
        for each in links:
            keys -= each.moved.keys()
            keys |= {pk for pk, key in each.moved.items() if key in wanted}
        return rows.filter(pk__in=keys)


def collect_together(
    entries: Mapping[ModelClass, Iterable[Sequence[Model]]],
    links: Mapping[Any, Links] = MappingProxyType({}),
    *,
    follows_database: bool,
) -> dict[str, Together]:
    """Collect rows of several models, given in parts; return them by database."""
    collectors: dict[str, Together] = {}
    for model, parts in entries.items():
        using = router.db_for_write(model)
        if using not in collectors:
            made = Together(using, links, follows_database=follows_database)
            collectors[using] = made
        for part in parts:
            collectors[using].collect(part, fail_on_restricted=False)
    return collectors


def simulate_deletion(
    missing: Mapping[ModelClass, Collection[Any]],
    links: Mapping[Any, Links] = MappingProxyType({}),
) -> Deletion:
    """Return what deleting rows of several models would delete and change.

    Args:
        missing: The primary keys of the rows, by model.
        links: What a dry run would have written before, by foreign key.

    Raises:
        ProtectedError: A row that stays refers to one of them by a foreign key that
            protects the row.
    """
    gone: Keys = defaultdict(set)
    for model, keys in missing.items():
        gone[concrete(model)].update(keys)
    entries = {m: _rows_of(m, keys) for m, keys in missing.items() if not is_leaf(m)}
    guards: References = defaultdict(set)
    changed: References = defaultdict(set)
    for collector in collect_together(entries, links, follows_database=True).values():
        collector.note_what_django_skips()
        for model, objs in collector.data.items():
            gone[concrete(model)].update(obj.pk for obj in objs)
        guards.update(collector.guards)
        updates: Any = collector.field_updates
        for (key, _), lists in updates.items():
            changed[key].update(row.pk for row in chain.from_iterable(lists))
    _add_new_rows(links, gone, guards, changed)
    refuse_protected(guards, gone)
    left = {key: len(rows - gone[concrete(key.model)]) for key, rows in changed.items()}
    return Deletion(
        {model: keys for model, keys in gone.items() if keys},
        {key: number for key, number in left.items() if number},
    )


def _add_new_rows(
    links: Mapping[Any, Links], gone: Keys, guards: References, changed: References
) -> None:
    """Add the rows that are not in the table yet and refer to a row that is gone."""
    for key, linked in links.items():
        if not key.target_field.primary_key:
            continue
        lost = linked.new.keys() & gone[concrete(key.related_model)]
        # Each with a key of its own, since it has none yet.
        rows = {(value, n) for value in lost for n in range(linked.new[value])}
        on_delete = key.remote_field.on_delete
        if on_delete in (CASCADE, DB_CASCADE):
            gone[concrete(key.model)] |= rows
        elif on_delete in (*GUARDS, DO_NOTHING):
            guards[key] |= rows
        else:
            changed[key] |= rows


def delete_together(missing: Mapping[ModelClass, Collection[Any]]) -> None:
    """Delete rows of several models, with their cascades and signals.

    Args:
        missing: The primary keys of the rows, by model.
    """
    with atomic_for(missing):
        for model, keys in missing.items():
            if is_leaf(model):
                for part in _parts(router.db_for_write(model), list(keys)):
                    rows = all_rows(model).filter(pk__in=part)
                    rows._raw_delete(rows.db)
        entries = {m: _rows_of(m, k) for m, k in missing.items() if not is_leaf(m)}
        for collector in collect_together(entries, follows_database=False).values():
            collector.delete()


def refuse_protected(
    guards: Mapping[Any, Set[Any]], gone: Mapping[ModelClass, Set[Any]]
) -> None:
    """Raise if rows that stay protect rows that are to go.

    Args:
        guards: The primary keys of rows that protect others, by foreign key.
        gone: The primary keys of the rows that are to go, by model.
    """
    for key, keys in guards.items():
        if not (left := keys - gone[concrete(key.model)]):
            continue
        meta = key.model._meta
        noun = meta.verbose_name if len(left) == 1 else meta.verbose_name_plural
        raise ProtectedError(
            f"{len(left):,} {noun} of the table, which stay, refer to rows of "
            f"{key.remote_field.model._meta.label} that would be deleted, and are "
            f'protected: "{key.name}" allows no deletion. Change or delete the '
            f"{meta.verbose_name_plural} first.",
            set(),
        )


def is_leaf(model: ModelClass) -> bool:
    """Return whether a row can be deleted without looking at any other row."""
    rows = all_rows(model)
    return Collector(rows.db).can_fast_delete(rows) and not any(
        get_candidate_relations_to_delete(model._meta)
    )


def _rows_of(model: ModelClass, keys: Collection[Any]) -> Iterator[list[Model]]:
    """Yield the rows with some primary keys, in parts."""
    for part in _parts(router.db_for_write(model), list(keys)):
        if rows := list(all_rows(model).filter(pk__in=part)):
            yield rows


def _parts[T](using: str, items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield items in parts of which a statement of the database takes all."""
    step = min(connections[using].features.max_query_params or CHUNK, CHUNK)
    return (items[first : first + step] for first in range(0, len(items), step))
