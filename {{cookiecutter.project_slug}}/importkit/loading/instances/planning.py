"""Step 4, load: what would become of instances is found out, and nothing is written.

A dry run plans all instances of a bulk. A run plans those that the database has refused and all
later ones, to name the instances that are to blame.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl
from django.db.models import Model

from importkit.loading.instances.checks import InstanceChecks
from importkit.loading.instances.defaults import not_given
from importkit.loading.instances.late_keys import LateKeys, withheld
from importkit.loading.instances.links import Links
from importkit.loading.plan import TableTarget
from importkit.loading.refusals import MOST_REFUSED
from importkit.loading.through_django.judge import Judge
from importkit.loading.through_django.orm import ORMWriter, Written
from importkit.loading.through_django.stored_rows import RepeatedKeyError
from importkit.models import (
    AnyForeignKey,
    PlannedKey,
    field_of,
    foreign_keys,
    is_given,
    series_of,
)


@dataclass
class InstancePlan:
    """The instances of one bulk in a dry run, or in what a run has to find out.

    Attributes:
        target: The table, for a dry run.
        writer: Counts the instances.
        links: The instances of the run; copies of those that are planned.
        late: The foreign keys that are written at the end.
        cut: The foreign keys that may wait for later bulks.
        checks: Collects the problems.
        judge: Finds the instances that break what the table demands.
    """

    target: TableTarget
    writer: ORMWriter
    links: Links
    late: LateKeys
    cut: Sequence[AnyForeignKey]
    checks: InstanceChecks
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        """Judge the instances by what their table demands."""
        self.judge = Judge(self.target)

    def add(self, originals: Sequence[Model], places: Sequence[int]) -> Sequence[Model]:
        """Plan a batch, and return the copies of its instances.

        Args:
            originals: The instances of the caller.
            places: The number of each instance in its bulk.
        """
        rows = self.links.rows_to_write(self.target, originals)
        late = self.late.take(rows, self.cut)
        own = not_given(self.target.model, rows)
        self.links.read_keys(rows, self._keys)
        self.links.refuse_unsaved(self.target.model, rows)
        self.checks.check(rows, places)
        names = withheld(late, own)
        written = self._written(rows, places, names)
        self.late.add(self.target, self.writer, late, written)
        self.links.add(self.target, originals, rows, written.new)
        # Others may refer to an instance with a problem; they are checked all the same.
        self.links.add_wrong(originals, rows, self.checks.are_wrong(places))
        if self.target.keeps:
            self.writer.planned.append(_kept_columns(self.target, written.new))
        return rows

    def finish(self) -> None:
        """Collect the problems of all instances."""
        self.checks.add(self.judge.judge(self.writer.has_written, MOST_REFUSED))

    @cached_property
    def _keys(self) -> Sequence[AnyForeignKey]:
        return list(foreign_keys(self.target.model))

    def _written(
        self,
        rows: Sequence[Model],
        places: Sequence[int],
        names: Mapping[int, Collection[str]],
    ) -> Written:
        """Count the instances without problems; collect those that repeat a natural key."""
        wrong = self.checks.are_wrong(places)
        good = [
            (row, place)
            for row, place, is_wrong in zip(rows, places, wrong, strict=True)
            if not is_wrong
        ]
        known, numbers = [row for row, _ in good], [place for _, place in good]

        def judge(stored: Sequence[Model | None], changing: Sequence[str]) -> None:
            self.judge.add(numbers, known, stored, changing)

        try:
            return self.writer.write_instances(known, withheld=names, judge=judge)
        except RepeatedKeyError as error:
            self.checks.add_repeated(known, numbers, error.places)
        return self._written(rows, places, names)


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
