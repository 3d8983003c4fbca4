"""Step 4, load: what a run does to rows is noted in the same transaction, so that it can be undone."""

from importkit.loading.journal.images import (
    Column,
    Images,
    exact_texts,
    images_of,
)
from importkit.loading.journal.noting import (
    Changes,
    Journal,
    noted,
    noted_at_once,
    refuse_to_note,
)
from importkit.loading.journal.tables import touched_by_deletion

__all__ = [
    "Changes",
    "Column",
    "Images",
    "Journal",
    "exact_texts",
    "images_of",
    "noted",
    "noted_at_once",
    "refuse_to_note",
    "touched_by_deletion",
]
