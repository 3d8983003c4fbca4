"""Step 4, load: a progress bar on a terminal for the rows of each model."""

from collections.abc import Iterator
from contextlib import contextmanager

from importkit.commands.bars import RowsBar
from importkit.loading import Watch
from importkit.models import ModelClass

DELAY = 1  # Seconds until a bar is shown; shorter runs need none.


@contextmanager
def progress(*, is_shown: bool) -> Iterator[Watch]:
    """Show a bar for each model that takes longer than ``DELAY``.

    Yields:
        A function that takes a model and the number of its rows that were just done.
    """
    bars: dict[ModelClass, RowsBar] = {}

    def watch(model: ModelClass, rows: int) -> None:
        if model not in bars:
            noun = str(model._meta.verbose_name_plural)
            bars[model] = RowsBar(noun, DELAY, is_shown=is_shown)
        bars[model].update(rows)

    try:
        yield watch
    finally:
        for bar in bars.values():
            bar.close()
