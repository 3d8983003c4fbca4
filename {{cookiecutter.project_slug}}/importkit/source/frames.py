"""Step 1, import: frames as all steps know them, eager or made batch by batch."""

import atexit
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import polars as pl
from polars.io.plugins import register_io_source

from importkit.problems import Code

# The columns that reading adds to those of a file: the line on which a row starts (in a
# sheet its row, in Parquet and JSON its number), and what is wrong with a row that cannot
# be read, as "code: reason"; null where nothing is.
LINE, PROBLEM = "_line", "_problem"
# The codes of rows that cannot be read.
MISFITS = (
    Code.ENCODING,
    Code.FIELDS,
    Code.LINE_END,
    Code.QUOTE,
    Code.UNCALCULATED,
)
MADE_BY = "importkit_made_by"  # What ``lazily`` notes in its frames, not in those made of them.
EXIT_SECONDS = 10  # How long the end of the process waits for the batch in the making.

type Frame = pl.DataFrame | pl.LazyFrame

# How many batches are in the making, in all threads of this process.
_is_idle = threading.Condition()
_steps = 0
_is_exiting = False


def lazily(
    make: Callable[[], Iterator[pl.DataFrame]], schema: Mapping[str, pl.DataType]
) -> pl.LazyFrame:
    """Return a lazy frame whose batches are made when it is collected.

    Args:
        make: Returns the batches; called once each time that the frame is collected. An
            error in it is raised where the frame is collected.
        schema: The columns of the batches.
    """

    def batches(
        columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        _batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        left = n_rows
        for df in _until_exit(make()):
            part = df if left is None else df.head(left)
            if left is not None:
                left -= part.height
            part = part if predicate is None else part.filter(predicate)
            # Series, not names: to polars, a header such as "^x$" is a pattern.
            yield (
                part
                if columns is None
                else pl.DataFrame(list(map(part.get_column, columns)))
            )
            if left == 0:
                return

    frame = register_io_source(batches, schema=dict(schema))
    vars(frame)[MADE_BY] = make
    return frame


def batches_of(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Return the rows of a lazy frame in order, batch by batch.

    polars makes several batches before the first one is taken. Those of ``lazily`` do not
    have to go through polars: each is made when it is asked for.
    """
    make: Callable[[], Iterator[pl.DataFrame]] | None = vars(frame).get(MADE_BY)
    return make() if make else iter(frame.collect_batches(maintain_order=True))


def _until_exit(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield batches until the interpreter begins to exit."""
    while True:
        with _step() as is_allowed:
            df = next(batches, None) if is_allowed else None
        if df is None:
            return
        yield df


@contextmanager
def _step() -> Iterator[bool]:
    global _steps  # noqa: PLW0603  one for the process, as its end is
    with _is_idle:
        is_allowed = not _is_exiting
        _steps += 1
    try:
        yield is_allowed
    finally:
        with _is_idle:
            _steps -= 1
            _is_idle.notify_all()


@atexit.register
def _wait_for_batches() -> None:
    """Wait for the batch in the making: Python crashes if polars' threads run on."""
    global _is_exiting  # noqa: PLW0603
    with _is_idle:
        _is_exiting = True
        _is_idle.wait_for(lambda: not _steps, EXIT_SECONDS)


def column_names(fields: list[str]) -> list[str]:
    """Return a name for each field of a header, none twice.

    A repeated name is numbered, an empty one becomes ``column_3``, and one that reading
    uses itself, such as ``_line``, is numbered, too.
    """
    headers = [field.strip() for field in fields]
    given, taken = set(headers), {LINE, PROBLEM}
    numbers: Counter[str] = Counter()
    names = []
    for position, header in enumerate(headers):
        name = base = header or f"column_{position + 1}"
        while name in taken or (name != header and name in given):
            numbers[base] += 1
            name = f"{base}_{numbers[base] + 1}"
        taken.add(name)
        names.append(name)
    return names
