"""Step 2, clean: a source that is read batch by batch is cleaned batch by batch."""

from collections.abc import Iterator

import polars as pl

from importkit import problems
from importkit.cleaning.cleaner import CleaningDF
from importkit.cleaning.seen_keys import SeenKeys
from importkit.errors import CleaningError
from importkit.source import LINE, Frame, lazily


def clean(
    rules: type[CleaningDF], source: Frame, *, skip: bool = False
) -> "CleaningDF | CleanStream":
    """Clean a frame; a lazy one when its rows are asked for.

    Args:
        rules: The class that cleans.
        source: The frame.
        skip: Whether to go on without the rows that do not fit.
    """
    if isinstance(source, pl.LazyFrame):
        return CleanStream(rules, source, skip=skip)
    return rules(source, skip=skip) if skip else rules(source)


class CleanStream:
    """A lazy source and the rules that clean it whenever its rows are asked for.

    Batches are cleaned one by one, so that a converter sees one batch at a time, and
    of the rows before only the unique columns are kept. To sort, or to add up rows
    alike, takes all rows at once: with such rules the source is one batch.

    Attributes:
        df: The clean rows: the columns of ``get_col_dtype_map`` and ``_line``, the line
            of the file (or, without lines, the row from 1). Collecting it raises what
            cleaning a whole frame raises, once all rows have been looked at.
        left_out: ``line`` and ``reason`` of the rows that rules left out, complete
            once all rows have been read.
        problems: What is wrong with the rows that are not in ``df`` for it, of
            ``problems.SCHEMA``, complete once all rows have been read.
        place: What the lines count.
        rows: How many rows have been read.
        stops_at: The first line of the first batch with a problem, if there is one.
        warnings: What is to be said of the columns of the source, a sentence each, once
            rows have been read.
    """

    def __init__(
        self, rules: type[CleaningDF], source: pl.LazyFrame, *, skip: bool = False
    ) -> None:
        """Prepare to clean; nothing is read yet."""
        self._skip = skip
        self._rules = rules
        self._source = source
        self._has_lines = LINE in source.collect_schema()
        self.place = problems.LINES if self._has_lines else problems.ROWS
        self._forget()
        rules.check_rules()
        self.df = lazily(self._batches, {**rules.dtypes(), LINE: pl.Int64()})

    def _forget(self) -> None:
        self.left_out = pl.DataFrame(schema={"line": pl.Int64, "reason": pl.String})
        self._problems: list[pl.DataFrame] = []
        self.rows = 0
        self.stops_at: int | None = None
        self.warnings: tuple[str, ...] = ()

    @property
    def problems(self) -> pl.DataFrame:
        """What is wrong with the rows that are not in ``df`` for it."""
        return pl.concat([pl.DataFrame(schema=problems.SCHEMA), *self._problems])

    def _batches(self) -> Iterator[pl.DataFrame]:
        self._forget()
        seen = tuple(SeenKeys() for _ in self._rules.get_unique_subsets())
        for batch in self._source_batches():
            numbered = batch if self._has_lines else _numbered(batch, self.rows + 1)
            self.rows += batch.height
            clean = self._rules(numbered, seen=seen, skip=True)
            self.warnings = clean.warnings  # Of each batch the same.
            if not clean.problems.is_empty():
                self._problems.append(clean.problems)
                if self.stops_at is None:
                    self.stops_at = numbered[LINE][0]
            self.left_out = pl.concat([self.left_out, clean.left_out])
            if self._skip or not self._problems:
                yield clean.df.with_columns(clean.lines)
        if self._problems and not self._skip:
            found = self.problems
            text = problems.describe(found, self.place)
            raise CleaningError(text, found, self.place)

    def _source_batches(self) -> Iterator[pl.DataFrame]:
        """Yield the source, as a whole where a rule looks at all rows at once."""
        if self._rules.needs_all_rows():
            yield self._source.collect()
            return
        yield from self._source.collect_batches(maintain_order=True)


def _numbered(df: pl.DataFrame, first: int) -> pl.DataFrame:
    return df.with_row_index(LINE, offset=first).cast({LINE: pl.Int64})
