"""Step 2, clean: what all values of a column show together: that they are written otherwise."""

from importkit.cleaning.whole_columns.evidence import (
    Evidence,
    Evidences,
    find_evidence,
)
from importkit.cleaning.whole_columns.refusal import check_notations, is_beyond_doubt
from importkit.cleaning.whole_columns.wrapping import (
    Wrappings,
    both_wrapped,
    find_wrapped,
    warn_of_wrapped,
)

__all__ = [
    "Evidence",
    "Evidences",
    "Wrappings",
    "both_wrapped",
    "check_notations",
    "find_evidence",
    "find_wrapped",
    "is_beyond_doubt",
    "warn_of_wrapped",
]
