"""What a delivery should show as a whole: stated by the command, judged before a commit."""

from importkit.import_data.expectations.checks import (
    check_columns,
    check_models,
    check_options,
    checked,
)
from importkit.import_data.expectations.judging import (
    FindLastRun,
    Recorded,
    Verdict,
    judge,
    numbers_of,
)
from importkit.import_data.expectations.kinds import (
    Changed,
    Distinct,
    Expectation,
    Facts,
    Missing,
    New,
    Newest,
    Nulls,
    Rejected,
    Rows,
    Sum,
)
from importkit.import_data.expectations.words import (
    causes_of,
    describe,
    describe_broken,
    reported,
)

__all__ = [
    "Changed",
    "Distinct",
    "Expectation",
    "Facts",
    "FindLastRun",
    "Missing",
    "New",
    "Newest",
    "Nulls",
    "Recorded",
    "Rejected",
    "Rows",
    "Sum",
    "Verdict",
    "causes_of",
    "check_columns",
    "check_models",
    "check_options",
    "checked",
    "describe",
    "describe_broken",
    "judge",
    "numbers_of",
    "reported",
]
