"""Problems, which are what is wrong in the rows of a source: codes, frame and texts."""

from importkit.problems.codes import Code
from importkit.problems.frame import (
    LINES,
    ROWS,
    SCHEMA,
    Cause,
    Example,
    Place,
    as_texts,
    causes,
    of_rows,
)
from importkit.problems.personal import MASK, Masking
from importkit.problems.reasons import (
    Reason,
    remedy_for_sender,
    remedy_of,
)
from importkit.problems.words import (
    Excerpts,
    ReadExcerpts,
    describe,
    describe_left_out,
    describe_noted,
    explain,
    listed,
)

__all__ = [
    "LINES",
    "MASK",
    "ROWS",
    "SCHEMA",
    "Cause",
    "Code",
    "Example",
    "Excerpts",
    "Masking",
    "Place",
    "ReadExcerpts",
    "Reason",
    "as_texts",
    "causes",
    "describe",
    "describe_left_out",
    "describe_noted",
    "explain",
    "listed",
    "of_rows",
    "remedy_for_sender",
    "remedy_of",
]
