"""Step 2, clean: what a class may say about columns and rows that are not as they should be."""

from enum import StrEnum


class Policy(StrEnum):
    """What to do about a column that is new in a file or missing from it."""

    ERROR = "error"
    WARN = "warn"
    IGNORE = "ignore"


class Contradiction(StrEnum):
    """What to do about rows with the same key and different values."""

    ERROR = "error"
    KEEP_FIRST = "first"
    KEEP_LAST = "last"


class TotalRows(StrEnum):
    """What to do about rows that look like totals or balances."""

    ERROR = "error"
    WARN = "warn"
    LEAVE_OUT = "leave out"
    IGNORE = "ignore"
