"""The rows of a sample that can be read, and how many cannot."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

import polars as pl

from importkit.cleaning import find_totals
from importkit.commands.bars import RowsBar
from importkit.source import LINE, PROBLEM, DelimitedFile, TableFile

DELAY = 1  # Seconds until a bar is shown; shorter samples need none.

# Receives the number of rows that were just read.
_watch: ContextVar[Callable[[int], object]] = ContextVar(
    "watch", default=lambda _: None
)


@contextmanager
def progress(*, is_shown: bool) -> Iterator[None]:
    """Show how many rows of a sample were read, if that takes longer than ``DELAY``."""
    bar = RowsBar("sample", DELAY, is_shown=is_shown)
    token = _watch.set(bar.update)
    try:
        yield
    finally:
        _watch.reset(token)
        bar.close()


class Readable:
    """The rows of a file that can be read, up to some number of them.

    Attributes:
        headers: The names of its columns.
        misfits: How many rows cannot be read.
        among: How many of these come before a row that can be read.
        first: The line of the first of these, and its problem.
        totals: The lines of the rows that look like totals, which are left out.
        last: The last row that can be read; an empty frame before there is one.
    """

    def __init__(self, file: DelimitedFile | TableFile, most: int | None) -> None:
        """Read from a file whose header has been read."""
        self._file, self._most = file, most
        # Taken here, because batches are read in another thread, which has no context.
        self._watch = _watch.get()
        self._empty = pl.DataFrame(schema=file.schema).drop(PROBLEM, strict=False)
        self.headers = [name for name in self._empty.columns if name != LINE]
        self._begin()

    def _begin(self) -> None:
        self.misfits = self.among = 0
        self.first: tuple[int, str] | None = None
        self.last = self._empty
        self.totals: list[int] = []

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows with their lines, from the first one on, and first an empty frame."""
        self._begin()
        yield self._empty
        left = self._most
        for df in self._file.batches():
            self._watch(df.height)
            rows = self._without_misfits(df) if PROBLEM in df.columns else df
            if left is not None:
                rows = rows.head(left)
                left -= rows.height
            if rows.height:
                self.last = rows.tail(1)
                yield self._without_totals(rows)
            if left == 0:
                return

    def _without_misfits(self, df: pl.DataFrame) -> pl.DataFrame:
        if df[PROBLEM].null_count() == df.height:  # Nearly always: nothing is copied.
            return df.drop(PROBLEM)
        is_good = pl.col(PROBLEM).is_null()
        rows = df.filter(is_good).drop(PROBLEM)
        misfits = df.filter(~is_good).select(LINE, PROBLEM)
        if self.first is None:
            line, problem = misfits.row(0)
            self.first = line, problem.partition(": ")[2]
        # The misfits of earlier batches come before any row of this one.
        before = misfits.filter(pl.col(LINE) < (rows[LINE].max() if rows.height else 0))
        self.among = self.misfits + before.height if rows.height else self.among
        self.misfits += misfits.height
        return rows

    def _without_totals(self, rows: pl.DataFrame) -> pl.DataFrame:
        # By place: to polars, a name such as "^x$" is a pattern.
        cells = rows.drop(LINE)
        cells.columns = [str(n) for n in range(cells.width)]
        searched = [name for name, dtype in cells.schema.items() if dtype == pl.String]
        is_total = find_totals(cells, searched)
        if not is_total.any():
            return rows
        self.totals.extend(rows[LINE].filter(is_total))
        return rows.filter(~is_total)


def head_of(
    batches: Iterator[pl.DataFrame], least: int
) -> tuple[pl.DataFrame, Iterator[pl.DataFrame]]:
    """Take the first batches of at least so many rows, and leave the others."""
    head = [next(batches)]
    while sum(df.height for df in head) < least:
        if (df := next(batches, None)) is None:
            break
        head.append(df)
    return pl.concat(head), batches


def ahead(batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield batches, each while the next one is read."""
    left = iter(batches)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, left, None)
        while (df := coming.result()) is not None:
            coming = pool.submit(next, left, None)
            yield df
