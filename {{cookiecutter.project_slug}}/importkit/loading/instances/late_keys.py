"""Step 4, load: foreign keys between models that refer to each other, written at the end.

Such a key may be null. A new row gets it once all rows exist; in a row that was found it is
compared, and only written if it differs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.db.models import Model

from importkit.errors import CleaningError
from importkit.loading.instances.links import Links, assigned
from importkit.loading.plan import Mode, TableTarget
from importkit.loading.through_django.changes import change_of
from importkit.loading.through_django.orm import ORMWriter, Written
from importkit.models import (
    AnyField,
    AnyForeignKey,
    all_rows,
    is_update_time,
    writable_fields,
)


@dataclass
class LateKey:
    """A foreign key of an instance whose parent is not settled yet.

    Attributes:
        row: The instance; in a dry run, a copy.
        key: The foreign key.
        parent: The instance that the row refers to.
        is_changed: Whether a row of the table gets another key than it has.
    """

    row: Model
    key: AnyForeignKey
    parent: Model
    is_changed: bool = False


@dataclass(frozen=True)
class _Batch:
    target: TableTarget
    writer: ORMWriter
    late: Sequence[LateKey]
    stored: Mapping[int, Model]
    changed: set[int]


class LateKeys:
    """The foreign keys of a run that are written at the end."""

    def __init__(self, links: Links) -> None:
        """Take the parents from the instances of a run."""
        self._links = links
        self._batches: list[_Batch] = []

    def take(
        self, rows: Sequence[Model], keys: Sequence[AnyForeignKey]
    ) -> list[LateKey]:
        """Take off the rows those foreign keys whose parents are not settled."""
        found = []
        for row in rows:
            for key in keys:
                parent = assigned(row, key)
                if parent is not None and self._links.is_open(parent):
                    found.append(LateKey(row, key, parent))
                    setattr(row, key.name, None)
        return found

    def add(
        self,
        target: TableTarget,
        writer: ORMWriter,
        late: Sequence[LateKey],
        written: Written,
    ) -> None:
        """Keep the keys of rows that are written without them."""
        if target.mode is Mode.UPDATE:
            absent = set(map(id, written.new))
            late = [each for each in late if id(each.row) not in absent]
        if not late:
            return
        rows = {id(each.row) for each in late}
        stored = {row: old for row, old in written.stored.items() if row in rows}
        changed = {row for row, old in stored.items() if id(old) in written.changed}
        self._batches.append(_Batch(target, writer, late, stored, changed))

    def settled(self) -> Iterator[tuple[TableTarget, list[LateKey]]]:
        """Give the rows their keys, count the changes, and yield what must be written."""
        for batch in self._batches:
            differing = []
            for late in batch.late:
                self._settle(batch.target, late)
                old = batch.stored.get(id(late.row))
                if old is None or self._differs(batch, late, old):
                    differing.append(late)
            if differing and not batch.target.dry_run:
                yield batch.target, differing

    def _settle(self, target: TableTarget, late: LateKey) -> None:
        row, key, parent = late.row, late.key, late.parent
        if target.dry_run:
            row.__dict__[key.attname] = self._links.value_of(parent, key)
        else:
            setattr(row, key.name, parent)
        self._links.refuse_without_row(target.model, key, parent)
        if name := self._links.absent_name(parent):
            raise CleaningError(
                f"{target.model._meta.label}.{key.name}: {name!r} is not in the table, and "
                "mode update creates no rows. Import it first, with --mode upsert."
            ).showing([key.name], repr(name))

    def _differs(self, batch: _Batch, late: LateKey, old: Model) -> bool:
        """Return whether a row of the table has another key, and count it then."""
        name = late.key.attname
        change = change_of(old, late.row, batch.target.key, name)
        if change is None:
            return False
        outcome = batch.writer.outcome
        if id(late.row) in batch.changed:
            outcome.changed -= 1
        else:
            outcome.unchanged -= 1
        batch.changed.add(id(late.row))
        batch.writer.count_change([change])
        late.is_changed = True
        return True


def withheld(
    late: Sequence[LateKey], others: Mapping[int, Collection[str]]
) -> dict[int, Collection[str]]:
    """Return by the id of a row the attnames of its late keys, and others."""
    names: dict[int, Collection[str]] = defaultdict(list, others)
    for each in late:
        names[id(each.row)] = [*names[id(each.row)], each.key.attname]
    return names


def write_late(target: TableTarget, late: Sequence[LateKey]) -> None:
    """Write foreign keys into rows of the table, and the time of the change."""
    times = [f for f in writable_fields(target.model) if is_update_time(f)]
    rows_by_fields: dict[tuple[AnyField, ...], list[Model]] = defaultdict(list)
    for each in late:
        fields = (each.key, *times) if each.is_changed else (each.key,)
        rows_by_fields[fields].append(each.row)
    for fields, rows in rows_by_fields.items():
        for row, field in product(rows, fields[1:]):
            field.pre_save(row, add=False)
        all_rows(target.model).bulk_update(rows, [field.name for field in fields])
