"""Step 2, clean: a source that is read batch by batch is cleaned batch by batch."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from importkit import problems
from importkit.cleaning import steps
from importkit.cleaning.cleaner import CleaningDF
from importkit.cleaning.results import HasResults, Results
from importkit.cleaning.whole_columns import Asked, Measured, is_beyond_doubt
from importkit.cleaning.whole_rows import SeenKeys
from importkit.source import LINE, Frame, batches_of, lazily


def clean(
    rules: type[CleaningDF],
    source: Frame,
    *,
    skip: bool = False,
    by_batch: bool = False,
) -> "CleaningDF | CleanStream":
    """Clean a frame at once, and a lazy frame when its rows are asked for.

    Args:
        rules: The class that cleans.
        source: The frame.
        skip: Whether to go on without the rows that do not fit.
        by_batch: Whether the rows of a batch are committed before the next is read.

    Raises:
        SourceError: The values prove another notation than the class says; of a lazy
            frame, once its rows have been read.
    """
    if isinstance(source, pl.LazyFrame):
        return CleanStream(rules, source, skip=skip, by_batch=by_batch)
    if not skip:
        return rules(source)
    cleaned = rules(source, skip=True)
    rules.check_notations(cleaned.results)
    return cleaned


class CleanStream(HasResults):
    """A lazy source and the rules that clean it whenever its rows are asked for.

    Each batch is cleaned by itself: a converter sees one batch at a time, and of
    earlier rows only the unique columns are kept. Sorting, and adding up rows alike,
    need all rows at once: with such rules the whole source is one batch.

    Attributes:
        df: The clean rows: the columns of ``get_col_dtype_map`` and ``_line``, the line
            of the file (or, without lines, the row from 1). Collecting it raises what
            cleaning a whole frame raises, once all rows have been read.
        left_out: ``line`` and ``reason`` of the rows that rules left out, complete
            once all rows have been read.
        problems: What is wrong with the rows that are therefore not in ``df``, of
            ``problems.SCHEMA``, complete once all rows have been read.
        place: What the lines count.
        rows: How many rows have been read.
        stops_at: The first line of the first batch with a problem, if there is one.
        warnings: What people should know about the columns of the source, a sentence
            each, once rows have been read.
        headers: The header of each column, once rows have been read.
        measured: What ``measure`` asks for, once all rows have been read.
    """

    def __init__(
        self,
        rules: type[CleaningDF],
        source: pl.LazyFrame,
        *,
        skip: bool = False,
        by_batch: bool = False,
    ) -> None:
        """Prepare to clean; nothing is read yet. The arguments are those of ``clean``."""
        self._skip = skip
        self._by_batch = by_batch
        self._rules = rules
        self._source = source
        has_lines = LINE in source.collect_schema()
        self._forget(problems.LINES if has_lines else problems.ROWS)
        rules.check_rules()
        self.measure(())
        self.df = lazily(self._batches, {**rules.dtypes(), LINE: pl.Int64()})

    def _forget(self, place: problems.Place) -> None:
        self._results = Results(place)
        # A list: to concatenate them at each batch takes time that grows with its square.
        self._problems: list[pl.DataFrame] = []
        self.stops_at: int | None = None

    @property
    def problems(self) -> pl.DataFrame:
        """What is wrong with rows, of ``problems.SCHEMA``."""
        return pl.concat([self._results.problems, *self._problems])

    @problems.setter
    def problems(self, found: pl.DataFrame) -> None:
        self._results = replace(self._results, problems=found)
        self._problems = []

    def measure(self, asked: Asked) -> None:
        """Have numbers of columns added up while the rows are read."""
        self._asked = asked
        self.measured = Measured(asked)

    def _batches(self) -> Iterator[pl.DataFrame]:
        self._forget(self.place)
        # Where several models are made of the rows, these are read several times, and a
        # frame of their first rows is not read to its end.
        is_known = self.measured.is_whole
        measured = Measured(self._asked)
        if not is_known:
            self.measured = measured
        seen = tuple(SeenKeys() for _ in self._rules.get_unique_subsets())
        for batch in self._source_batches():
            numbered = steps.numbered(batch, first=self.rows + 1)
            self._results = replace(self._results, rows=self.rows + batch.height)
            clean = self._rules(numbered, seen=seen, skip=True)
            self._results = self._results.with_batch(clean)
            if not is_known:
                measured.add(batch.height, clean.df)
            if self._by_batch or is_beyond_doubt(self._results.evidences):
                self._rules.check_notations(self._results)
            if not clean.problems.is_empty():
                self._problems.append(clean.problems)
                if self.stops_at is None:
                    self.stops_at = numbered[LINE][0]
            if self._skip or not self._problems:
                yield clean.df.with_columns(clean.lines)
        if not is_known:
            measured.is_whole = True
            self.measured = measured
        self._rules.check_notations(self._results)
        if not self._skip:
            replace(self._results, problems=self.problems).raise_problems()

    def _source_batches(self) -> Iterator[pl.DataFrame]:
        """Yield the source, as a whole where a rule looks at all rows at once.

        Without rows, one batch has the columns, since those have to fit all the same.
        """
        if self._rules.needs_all_rows():
            yield self._source.collect()
            return
        has_rows = False
        for batch in batches_of(self._source):
            has_rows = True
            yield batch
        if not has_rows:
            yield self._source.collect_schema().to_frame()
