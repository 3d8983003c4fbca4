"""Step 4, load: the rows of a frame, checked batch by batch on their way to a writer."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import polars as pl

from importkit import problems
from importkit.checks import fit, fit_values
from importkit.delimited import LINE
from importkit.errors import CleaningError
from importkit.model_fields import field_of
from importkit.ordering import concrete
from importkit.plan import Mode, Target
from importkit.relations import Parents, Relation
from importkit.repeats import SeenKeys
from importkit.writers.table import Writer

ROWS = 50_000  # Where COPY and multi-row inserts are fast, and memory is small.

type Frame = pl.DataFrame | pl.LazyFrame


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
        transaction: Opens what a batch is written in.
        watch: Is told the number of rows after each batch.
    """

    target: Target
    relations: Sequence[Relation]
    parents: Parents
    step: int
    is_distinct: bool
    skip: bool
    transaction: Callable[[], AbstractContextManager[None]]
    watch: Callable[[int], None]

    def write(self, frame: Frame, writer: Writer) -> pl.DataFrame:
        """Write the rows of a frame; none behind one that does not fit, unless skipped.

        Returns:
            What is wrong with the rows that were skipped, of ``problems.SCHEMA``.

        Raises:
            CleaningError: Rows do not fit the model, have no parent, or repeat a
                natural key; names them all. Not with ``skip``.
        """
        own = [r for r in self.relations if concrete(r.parent) is self._model]
        levels = _in_levels(own, frame.lazy().collect()) if own else [frame]
        checked = _Checked(self)
        for level in levels:
            for rows, height in self._prepared(level, checked, writer):
                if rows is not None:
                    with self.transaction():
                        writer.write(rows)
                self.watch(height)
            if own:
                self.parents.add_planned(self.target.model, writer.planned)
        return checked.ended()

    def _prepared(
        self, frame: Frame, checked: "_Checked", writer: Writer
    ) -> Iterator[tuple[Any, int]]:
        """Yield batches ready to be written, None behind a problem, and their heights.

        The next one is prepared in another thread while the last one is written; what
        asks the database, or the project, is done here.
        """
        with ThreadPoolExecutor(1) as pool:
            coming: list[tuple[Future[Any], int]] = []
            for batch in _batches(frame, self.step):
                resolved = checked.resolved(batch)
                added = writer.added(resolved.columns, resolved.height)
                preparing = pool.submit(checked.prepared, resolved, added, writer)
                coming.append((preparing, batch.height))
                if len(coming) > 1:
                    done, height = coming.pop(0)
                    yield done.result(), height
            for done, height in coming:
                yield done.result(), height

    @property
    def _model(self) -> type:
        return concrete(self.target.model)


class _Checked:
    """What is wrong with the rows so far."""

    def __init__(self, load: FrameLoad) -> None:
        self._load = load
        self._seen = SeenKeys()
        self._rows = 0
        self._place = problems.ROWS
        self.problems: list[pl.DataFrame] = []

    def resolved(self, df: pl.DataFrame) -> pl.DataFrame:
        """Return a batch with lines, and with the keys of its parents."""
        if LINE in df.columns:
            self._place = problems.LINES
        else:
            df = df.with_row_index(LINE, offset=self._rows + 1).cast({LINE: pl.Int64})
        self._rows += df.height
        for relation in self._load.relations:
            df, wrong = self._load.parents.resolve(relation, df)
            self._add(wrong)
        return df

    def prepared(self, df: pl.DataFrame, added: list[pl.Series], writer: Writer) -> Any:
        """Return a batch ready to be written, or None if anything is wrong so far."""
        looked_up = {relation.field.attname for relation in self._load.relations}
        fitting, wrong = fit(self._load.target.model, df, looked_up)
        self._add(wrong)
        # What does not fit leaves its natural key to a later row.
        rows = self._good(fitting.hstack([df[LINE], *added]))
        for repeated in self._keys(rows.select(fitting.columns), rows[LINE]):
            self._add(repeated)
        if self.problems and not self._load.skip:
            return None
        rows = self._good(rows)
        names = [values.name for values in added]
        return writer.prepared(
            rows.select(fitting.columns), [rows[name] for name in names]
        )

    def _good(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a batch that nothing is wrong with, so far."""
        if not self.problems:
            return rows
        bad = pl.concat([found["line"] for found in self.problems]).unique()
        return rows.filter(~pl.col(LINE).is_in(bad.implode()))

    def _add(self, wrong: pl.DataFrame) -> None:
        if not wrong.is_empty():
            self.problems.append(wrong)

    def ended(self) -> pl.DataFrame:
        """Return what is wrong; raise it unless it is to be skipped."""
        found = pl.concat([pl.DataFrame(schema=problems.SCHEMA), *self.problems])
        if self.problems and not self._load.skip:
            raise CleaningError(problems.describe(found, self._place), found)
        return found

    def _keys(self, df: pl.DataFrame, lines: pl.Series) -> Iterator[pl.DataFrame]:
        """Yield the rows whose natural key is not whole, or was there before."""
        key = list(self._load.target.key)
        if not key or self._load.target.mode is Mode.INSERT:
            return
        keys = df.select(key)
        whole = keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        yield _described(
            keys, lines, ~whole, "empty", "a natural key must not be empty"
        )
        if self._load.is_distinct:
            return
        again = ~keys.select(pl.struct(key).is_first_distinct()).to_series()
        again |= self._seen.repeats(keys)
        reason = "has the natural key of an earlier row"
        yield _described(keys, lines, whole & again, "duplicate", reason)


def _batches(frame: Frame, step: int) -> Iterator[pl.DataFrame]:
    """Yield a frame in batches of at most so many rows."""
    if isinstance(frame, pl.DataFrame):
        yield from frame.iter_slices(step)
        return
    for batch in frame.collect_batches(maintain_order=True):
        yield from batch.iter_slices(step)


def _in_levels(own: Sequence[Relation], df: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield rows that refer to each other, each behind those that it refers to.

    Raises:
        CleaningError: Some refer to each other in a circle.
    """
    place = problems.LINES if LINE in df.columns else problems.ROWS
    waiting = df if LINE in df.columns else df.with_row_index(LINE, offset=1)
    while not waiting.is_empty():
        blocked = pl.Series([False]).new_from_index(0, waiting.height)
        for relation in own:
            blocked |= _refers_to_waiting(relation, waiting)
        if blocked.all():
            lines = problems.listed(waiting[LINE].to_list(), place)
            names = ", ".join(relation.field.name for relation in own)
            raise CleaningError(
                f"{names}: rows refer to each other in a circle: {lines}."
            )
        yield waiting.filter(~blocked).select(df.columns)
        waiting = waiting.filter(blocked)


def _refers_to_waiting(relation: Relation, df: pl.DataFrame) -> pl.Series:
    if not set(relation.lookups) <= set(df.columns):
        return pl.Series([False]).new_from_index(0, df.height)
    fields = [field_of(relation.parent, name) for name in relation.lookups]
    names = [f"_{place}" for place in range(len(fields))]

    def keys(columns: Sequence[str]) -> pl.DataFrame:
        return pl.DataFrame(
            fit_values(field, df[column]).alias(name)
            for field, column, name in zip(fields, columns, names, strict=True)
        )

    parents = keys(relation.columns).with_row_index("row")
    found = parents.join(keys(relation.lookups), on=names, how="semi")["row"]
    return pl.Series([False]).new_from_index(0, df.height).scatter(found, values=True)


def _described(
    keys: pl.DataFrame, lines: pl.Series, wrong: pl.Series, code: str, reason: str
) -> pl.DataFrame:
    rows = keys.filter(wrong)
    return rows.select(
        line=lines.filter(wrong),
        column=pl.lit(", ".join(keys.columns)),
        value=pl.concat_str(
            pl.all().cast(pl.String), separator=", ", ignore_nulls=True
        ),
        code=pl.lit(code),
        reason=pl.lit(reason),
    )
