"""Step 1, import: a frame that is made batch by batch, when polars asks for it."""

import atexit
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import polars as pl
from polars.io.plugins import register_io_source

from importkit.problems import Code

LINE, PROBLEM = "_line", "_problem"
MISFITS = (Code.ENCODING, Code.FIELDS, Code.LINE_END, Code.QUOTE)  # Of such rows.
EXIT_SECONDS = 10

type Frame = pl.DataFrame | pl.LazyFrame

_is_idle = threading.Condition()
_steps = 0
_is_exiting = False


def lazily(
    make: Callable[[], Iterator[pl.DataFrame]], schema: Mapping[str, pl.DataType]
) -> pl.LazyFrame:
    """Return a lazy frame of the batches that a function makes anew for each run.

    Args:
        make: Returns the batches; what it raises, collecting the frame raises.
        schema: Their columns.
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

    return register_io_source(batches, schema=dict(schema))


def _until_exit(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield batches as long as the interpreter is not on its way out."""
    while True:
        with _step() as is_allowed:
            df = next(batches, None) if is_allowed else None
        if df is None:
            return
        yield df


@contextmanager
def _step() -> Iterator[bool]:
    global _steps  # noqa: PLW0603  of all threads of this process, as its end is
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
def _settle() -> None:
    """Wait for the batch that is being made: Python ends no thread of polars' well."""
    global _is_exiting  # noqa: PLW0603
    with _is_idle:
        _is_exiting = True
        _is_idle.wait_for(lambda: not _steps, EXIT_SECONDS)


def column_names(fields: list[str]) -> list[str]:
    """Number what repeats and name what is empty, so that every column has one name."""
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
