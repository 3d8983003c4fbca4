"""Step 2, clean: rules about whole rows: those that repeat or contradict others, and totals."""

from importkit.cleaning.whole_rows.duplicates import without_repeats
from importkit.cleaning.whole_rows.seen_keys import SeenKeys
from importkit.cleaning.whole_rows.taken_keys import find_taken_keys, problems_of
from importkit.cleaning.whole_rows.totals import find_totals

__all__ = [
    "SeenKeys",
    "find_taken_keys",
    "find_totals",
    "problems_of",
    "without_repeats",
]
