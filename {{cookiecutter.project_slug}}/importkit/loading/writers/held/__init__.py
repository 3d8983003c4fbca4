"""Step 4, load: rows are held beside their table until all are known, as far as needed."""

from importkit.loading.writers.held.counting import add_links, count, planned
from importkit.loading.writers.held.holding import HeldRows
from importkit.loading.writers.held.matching import LINE_OF_ROW, ROW
from importkit.loading.writers.held.needs import compares_loosely
from importkit.loading.writers.held.writing import mark_seen, write

__all__ = [
    "LINE_OF_ROW",
    "ROW",
    "HeldRows",
    "add_links",
    "compares_loosely",
    "count",
    "mark_seen",
    "planned",
    "write",
]
