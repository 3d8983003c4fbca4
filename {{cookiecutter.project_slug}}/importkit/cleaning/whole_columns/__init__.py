"""Step 2, clean: what all values of a column show together: a notation, numbers."""

from importkit.cleaning.whole_columns.evidence import (
    Evidence,
    Evidences,
    find_evidence,
)
from importkit.cleaning.whole_columns.measures import (
    MOST_DISTINCT,
    Asked,
    Measure,
    Measured,
    Number,
    Value,
)
from importkit.cleaning.whole_columns.refusal import check_notations, is_beyond_doubt
from importkit.cleaning.whole_columns.wrapping import (
    Wrappings,
    both_wrapped,
    find_wrapped,
    warn_of_wrapped,
)

__all__ = [
    "MOST_DISTINCT",
    "Asked",
    "Evidence",
    "Evidences",
    "Measure",
    "Measured",
    "Number",
    "Value",
    "Wrappings",
    "both_wrapped",
    "check_notations",
    "find_evidence",
    "find_wrapped",
    "is_beyond_doubt",
    "warn_of_wrapped",
]
