"""Step 4, load: the rows of a frame, checked batch by batch on their way to a writer."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

import polars as pl

from importkit.loading.plan import Target
from importkit.loading.refusals import Judge
from importkit.loading.row_checks import Batch, Vetting
from importkit.loading.uniqueness import Uniqueness
from importkit.loading.writers.interface import Writer
from importkit.models import Parents, Relation, concrete, frame_levels
from importkit.source import LINE, Frame

ROWS = 50_000  # Where COPY and multi-row inserts are fast, and memory is small.


@dataclass(frozen=True)
class FrameLoad:
    """How the rows of one frame get into their table.

    Attributes:
        target: Where they go.
        relations: The foreign keys that the frame gives by natural keys.
        parents: Where those are looked up.
        step: How many rows are written at a time.
        is_distinct: Whether the frame is known to hold each natural key once.
        skip: Whether to go on without the rows that do not fit.
        stops_at: Returns the line from which on rows are only looked at, if there is one.
        transaction: Opens what a batch is written in.
        watch: Is told the number of rows after each batch.
    """

    target: Target
    relations: Sequence[Relation]
    parents: Parents
    step: int
    is_distinct: bool
    skip: bool
    stops_at: Callable[[], int | None]
    transaction: Callable[[], AbstractContextManager[None]]
    watch: Callable[[int], None]

    def write(self, frame: Frame, writer: Writer) -> pl.DataFrame:
        """Write the rows of a frame; none behind one that does not fit, unless skipped.

        Returns:
            What is wrong with the rows that were skipped, of ``problems.SCHEMA``.

        Raises:
            CleaningError: Rows do not fit the model, have no parent, repeat what is
                unique, or are refused by the database; names them all. Of rows to be
                skipped only those that refer to a row of their own table that is not
                there.
        """
        own = [r for r in self.relations if concrete(r.parent) is self._model]
        levels = frame_levels(own, frame.lazy().collect()) if own else [frame]
        vetting = Vetting(
            self.target,
            self.relations,
            self.parents,
            is_distinct=self.is_distinct,
            skip=self.skip,
        )
        columns = frame.collect_schema().names()
        judge = Judge(self.target, Uniqueness(self.target, columns), vetting, writer)
        for level in levels:
            for batch in self._prepared(level, vetting, writer):
                with self.transaction():
                    judge.write(batch)
                self.watch(batch.height)
            if own:
                self.parents.add_planned(self.target.model, writer.planned)
        return vetting.ended()

    def _prepared(
        self, frame: Frame, vetting: Vetting, writer: Writer
    ) -> Iterator[Batch]:
        """Yield batches ready to be written.

        The next one is prepared in another thread while the last one is written; what
        asks the database, or the project, is done here.
        """
        with ThreadPoolExecutor(1) as pool:
            coming: list[Future[Batch]] = []
            for batch in _batches(frame, self.step):
                rows, found = vetting.resolved(batch)
                added = writer.added(rows.columns, batch.height)
                prepare = partial(
                    vetting.prepared, is_written=not self._is_behind(batch)
                )
                coming.append(pool.submit(prepare, rows, found, added, writer))
                if len(coming) > 1:
                    yield coming.pop(0).result()
            for done in coming:
                yield done.result()

    def _is_behind(self, batch: pl.DataFrame) -> bool:
        """Say whether a batch ends behind a problem of the source."""
        first = self.stops_at()
        if first is None or LINE not in batch.columns:
            return first is not None
        return bool((batch[LINE] >= first).any())

    @property
    def _model(self) -> type:
        return concrete(self.target.model)


def _batches(frame: Frame, step: int) -> Iterator[pl.DataFrame]:
    """Yield a frame in batches of at most so many rows."""
    if isinstance(frame, pl.DataFrame):
        yield from frame.iter_slices(step)
        return
    for batch in frame.collect_batches(maintain_order=True):
        yield from batch.iter_slices(step)
