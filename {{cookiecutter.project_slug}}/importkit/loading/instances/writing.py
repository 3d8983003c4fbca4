"""Step 4, load: the instances of a bulk are written batch by batch, parents first."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import polars as pl
from django.db import DatabaseError, transaction
from django.db.models import Model

from importkit.loading.database_errors import blames_rows
from importkit.loading.instances.checks import InstanceChecks
from importkit.loading.instances.columns import Columns, columns_of
from importkit.loading.instances.defaults import not_given
from importkit.loading.instances.late_keys import LateKeys, withheld
from importkit.loading.instances.links import Links
from importkit.loading.plan import TableTarget
from importkit.loading.writers.orm import ORMWriter, Written
from importkit.models import (
    ModelClass,
    PlannedKey,
    field_of,
    foreign_keys,
    in_steps,
    instance_levels,
    instances_of,
    is_given,
    refers_to,
    series_of,
)


@dataclass(frozen=True)
class InstanceWriting:
    """The way of one bulk of instances into its table.

    Attributes:
        target: The table.
        writer: Writes the instances.
        links: The instances of the run.
        late: The foreign keys of the run that are written at the end.
        later: The models whose bulks are still to come, and the model itself.
        planned: The models whose rows a dry run would have created by now.
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
    planned: set[ModelClass]
    step: int
    names_rows: bool
    stops_at: Callable[[], int | None]
    transaction: Callable[[], AbstractContextManager[None]]
    watch: Callable[[int], None]

    def write(self, bulk: Iterable[Model]) -> None:
        """Write the instances of a bulk.

        Raises:
            CleaningError: The table would refuse instances. The error names all of them.
            ConfigurationError: An instance refers to one that has no row.
        """
        checks = InstanceChecks(self.target, self.links, self.planned)
        for rows, places in self._batches(bulk):
            if self.stops_at() is not None:
                continue  # Read the rest of the source, to find all its problems.
            self._write_batch(rows, places, checks)
            self.watch(len(rows))
            # Free these instances before the next step is read.
            del rows
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

    def _write_batch(
        self, originals: Sequence[Model], places: Sequence[int], checks: InstanceChecks
    ) -> None:
        target, model = self.target, self.target.model
        keys = list(foreign_keys(model))
        cut = [
            key
            for key in keys
            if key.null and any(refers_to(key, other) for other in self.later)
        ]
        rows = self.links.rows_to_write(target, originals)
        late = self.late.take(rows, cut)
        own = not_given(model, rows)
        self.links.read_keys(rows, keys)
        self.links.refuse_unsaved(model, rows)
        if self.names_rows:
            columns = checks.check(rows, places)
        else:
            columns = columns_of(target, rows, places)
        untouched = withheld(late, own)
        written = self._written(rows, columns, untouched, checks, places)
        if written is None:
            return
        self.late.add(target, self.writer, late, written)
        self.links.add(target, originals, rows, written.new)
        if target.dry_run and target.keeps:
            self.writer.planned.append(_kept_columns(target, written.new))

    def _written(
        self,
        rows: Sequence[Model],
        columns: Columns,
        untouched: Mapping[int, Collection[str]],
        checks: InstanceChecks,
        places: Sequence[int],
    ) -> Written | None:
        """Write checked instances; None if there are problems, whose rows are collected."""
        if checks.problems:
            return None
        try:
            with self.transaction(), transaction.atomic(using=self.target.using):
                return self.writer.write_instances(
                    rows, withheld=untouched, columns=columns.frame
                )
        except DatabaseError as error:
            if not (self.names_rows and blames_rows(error)):
                raise
            checks.find_refused(columns, places, written=True)
            if not checks.problems:
                raise
            return None


def _kept_columns(target: TableTarget, rows: Sequence[Model]) -> pl.DataFrame:
    """Return the values of instances by which rows of frames refer to them."""
    return pl.DataFrame(
        series_of(field_of(target.model, name), name, [_known(r, name) for r in rows])
        for name in target.keeps
    )


def _known(row: Model, attname: str) -> object:
    """Return a value of an instance; None if only the real run will know it."""
    if not is_given(row, attname):
        return None
    value = getattr(row, attname)
    return None if isinstance(value, PlannedKey) else value
