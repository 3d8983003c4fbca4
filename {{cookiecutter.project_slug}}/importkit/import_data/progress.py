"""Step 4, load: how many rows are done, counted on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Never

from tqdm import tqdm

from importkit.loading import Watch
from importkit.models import ModelClass

DELAY = 1  # Seconds; what is done by then needs no bar.


@contextmanager
def progress(*, is_shown: bool) -> Iterator[Watch]:
    """Count the rows of each model, once it takes longer than a second."""
    bars: dict[ModelClass, tqdm[Never]] = {}

    def watch(model: ModelClass, rows: int) -> None:
        if model not in bars:
            bars[model] = tqdm(
                desc=str(model._meta.verbose_name_plural),
                unit=" rows",
                delay=DELAY,
                leave=False,
                disable=not is_shown,
            )
        bars[model].update(rows)

    try:
        yield watch
    finally:
        for bar in bars.values():
            bar.close()
