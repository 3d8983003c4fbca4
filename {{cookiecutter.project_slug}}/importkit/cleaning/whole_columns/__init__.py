"""Step 2, clean: what all values of a column show together: that they are written otherwise."""

from importkit.cleaning.whole_columns.evidence import (
    Evidences,
    added_up,
    find_evidence,
)
from importkit.cleaning.whole_columns.refusal import check_notations, is_beyond_doubt

__all__ = [
    "Evidences",
    "added_up",
    "check_notations",
    "find_evidence",
    "is_beyond_doubt",
]
