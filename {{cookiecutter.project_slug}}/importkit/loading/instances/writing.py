"""Step 4, load: the instances of a bulk are written batch by batch, parents first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass, replace

from django.db import DatabaseError, transaction
from django.db.models import Model

from importkit.loading.database_errors import blames_rows
from importkit.loading.instances.checks import InstanceChecks, ToCome
from importkit.loading.instances.columns import columns_of
from importkit.loading.instances.defaults import not_given
from importkit.loading.instances.late_keys import LateKeys, withheld
from importkit.loading.instances.links import Links
from importkit.loading.instances.planning import InstancePlan
from importkit.loading.plan import TableTarget
from importkit.loading.refusals import reason_of, refused
from importkit.loading.through_django.orm import ORMWriter
from importkit.loading.through_django.stored_rows import RepeatedKeyError
from importkit.models import (
    AnyForeignKey,
    ModelClass,
    foreign_keys,
    in_steps,
    inherited_pk_fields,
    instance_levels,
    instances_of,
    refers_to,
)

type Numbered = tuple[Sequence[Model], Sequence[int]]


@dataclass(frozen=True)
class InstanceWriting:
    """The way of one bulk of instances into its table.

    Attributes:
        target: The table.
        writer: Writes the instances.
        links: The instances of the run.
        late: The foreign keys of the run that are written at the end.
        later: The models whose bulks are still to come, and the model itself.
        to_come: Returns the keys of parents that a dry run would have created by now.
        step: The number of instances in a batch.
        names_rows: Whether the instances that the table would refuse are named; if not,
            Django or the database raises its own error.
        stops_at: Returns the line of the first problem of the source, or None.
        transaction: Opens the transaction of a batch.
        watch: Receives the number of instances after each batch.
    """

    target: TableTarget
    writer: ORMWriter
    links: Links
    late: LateKeys
    later: Sequence[ModelClass]
    to_come: ToCome
    step: int
    names_rows: bool
    stops_at: Callable[[], int | None]
    transaction: Callable[[], AbstractContextManager[None]]
    watch: Callable[[int], None]

    def write(self, bulk: Iterable[Model]) -> None:
        """Write the instances of a bulk.

        From a batch on that the database refuses, instances are held until all are known:
        unique values may move between any of them. With a scope all are held, since the
        database does not judge it.

        Raises:
            CleaningError: The table would refuse instances. The error names all of them.
            ConfigurationError: An instance refers to one that has no row.
        """
        checks = InstanceChecks(self.target, self.links, self.to_come)
        plan = self._plan(checks) if self.target.dry_run else None
        held: list[Numbered] = []
        has_scope = self.target.scope is not None
        for rows, places in self._batches(bulk):
            if self.stops_at() is not None:
                continue  # Read the rest of the source, to find all its problems.
            if plan is not None:
                plan.add(rows, places)
            elif has_scope or held or not self._is_written(rows, places, checks):
                held.append((rows, places))
            self.watch(len(rows))
            # Free these instances before the next step is read.
            del rows
        if plan is not None:
            plan.finish()
        if held:
            with self.transaction():
                self._settle(held)
        checks.finish()

    def _batches(
        self, bulk: Iterable[Model]
    ) -> Iterator[tuple[Sequence[Model], Sequence[int]]]:
        """Yield instances, and the number of each in its bulk, parents first."""
        model = self.target.model
        own = [key for key in foreign_keys(model) if refers_to(key, model)]
        rows = instances_of(model, bulk)
        if not own:
            start = 1
            for chunk in in_steps(rows, self.step):
                number = len(chunk)
                yield chunk, range(start, start + number)
                start += number
                del chunk
            return
        known = list(rows)
        places = {id(row): place for place, row in enumerate(known, start=1)}
        if self.target.key and not all(key.null for key in own):
            self._find_rows(known)
        for level in instance_levels(model, known, self.links.is_open):
            for chunk in in_steps(level, self.step):
                yield chunk, [places[id(row)] for row in chunk]

    def _find_rows(self, originals: Sequence[Model]) -> None:
        """Find the rows that are in the table: only those may need each other."""
        rows = self.links.rows_to_write(self.target, originals)
        self.links.read_keys(rows, list(foreign_keys(self.target.model)))
        self.writer.identify(rows)
        self.links.add(self.target, originals, rows, ())

    @property
    def _keys(self) -> list[AnyForeignKey]:
        return list(foreign_keys(self.target.model))

    @property
    def _cut(self) -> list[AnyForeignKey]:
        """The foreign keys that may wait for later bulks."""
        return [
            key
            for key in self._keys
            if key.null and any(refers_to(key, other) for other in self.later)
        ]

    def _plan(self, checks: InstanceChecks) -> InstancePlan:
        cut = self._cut
        return InstancePlan(
            self.target, self.writer, self.links, self.late, cut, checks
        )

    def _is_written(
        self, rows: Sequence[Model], places: Sequence[int], checks: InstanceChecks
    ) -> bool:
        """Write a batch; return False if a check or the database refuses it."""
        try:
            with self.transaction(), transaction.atomic(using=self.target.using):
                self._write(rows, places, checks)
        except (DatabaseError, RepeatedKeyError, _WrongError) as error:
            if not self.names_rows:
                raise
            if isinstance(error, DatabaseError) and not blames_rows(error):
                raise
            return False
        return True

    def _write(
        self,
        rows: Sequence[Model],
        places: Sequence[int],
        checks: InstanceChecks | None = None,
    ) -> None:
        """Write a batch; if that fails, the instances are as they were before."""
        before = _State(self.target.model, rows)
        own = not_given(self.target.model, rows)
        late = self.late.take(rows, self._cut)
        mark, outcome = self.writer.mark(), deepcopy(self.writer.outcome)
        try:
            self.links.read_keys(rows, self._keys)
            self.links.refuse_unsaved(self.target.model, rows)
            if checks is None or not self.names_rows:
                columns = columns_of(self.target, rows, places)
            else:
                columns = checks.check(rows, places)
                if checks.problems:
                    raise _WrongError
            written = self.writer.write_instances(
                rows, withheld=withheld(late, own), columns=columns.frame
            )
        except (DatabaseError, RepeatedKeyError, _WrongError):
            self.writer.outcome = outcome
            self.writer.forget(mark)
            before.restore()
            for each in late:
                setattr(each.row, each.key.name, each.parent)
            raise
        self.late.add(self.target, self.writer, late, written)
        self.links.add(self.target, rows, rows, written.new)

    def _settle(self, held: Sequence[Numbered]) -> None:
        """Find the held instances that cannot be written, or write all.

        Raises:
            CleaningError: There are such instances.
        """
        target = replace(self.target, dry_run=True)
        links = self.links.for_plan()
        checks = InstanceChecks(target, links, self.to_come)
        plan = replace(
            self,
            target=target,
            writer=self.writer.for_plan(),
            links=links,
            late=LateKeys(links),
        )._plan(checks)
        copies = [plan.add(rows, places) for rows, places in held]
        plan.finish()
        checks.finish()
        self.writer.make_way(copies)
        for rows, places in held:
            self._write_by_halves(rows, places, checks)
        checks.finish()

    def _write_by_halves(
        self, rows: Sequence[Model], places: Sequence[int], checks: InstanceChecks
    ) -> None:
        """Write instances in ever smaller parts; collect those that are refused."""
        try:
            with transaction.atomic(using=self.target.using):
                self._write(rows, places)
        except DatabaseError as error:
            if not blames_rows(error):
                raise
            if len(rows) == 1:
                checks.add([refused(places, reason_of(error))])
                return
            middle = len(rows) // 2
            self._write_by_halves(rows[:middle], places[:middle], checks)
            self._write_by_halves(rows[middle:], places[middle:], checks)


class _WrongError(Exception):
    """Instances have problems; nobody else sees this error."""


class _State:
    """What writing changes in instances."""

    def __init__(self, model: ModelClass, rows: Sequence[Model]) -> None:
        """Look at the keys, and at what is new."""
        self._rows = rows
        names = [field.attname for field in inherited_pk_fields(model)]
        self._keys = {n: [row.__dict__.get(n) for row in rows] for n in names}
        self._adding = [row._state.adding for row in rows]

    def restore(self) -> None:
        """Give the instances back what they had."""
        for name, keys in self._keys.items():
            for row, key in zip(self._rows, keys, strict=True):
                row.__dict__[name] = key
        for row, adding in zip(self._rows, self._adding, strict=True):
            row._state.adding = adding
