"""Add to a column what its cells hold that is no value: null words, dates of zeros, errors."""

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from generators.inference.column import Column, Kind
from generators.inference.rules.dates import DAYS, is_written_like
from generators.inference.rules.notations import EMPTY_DATES, ERRORS, NOT_AVAILABLE

# What a database writes for no date, whatever notation the others in its file have.
MYSQL_ZEROS = "0000-00-00"


def with_nothing(typed: Column, nothing: pl.Series) -> Column | None:
    """Add to a column what its cells hold that is no value; None if it does not fit.

    Evidence: a date of zeros is written like the dates of the column.
    """
    is_day = typed.kind in DAYS
    is_error = nothing.str.contains(ERRORS) & ~nothing.str.contains(NOT_AVAILABLE)
    words = nothing.filter(~is_error)
    zeros = words.filter(words.str.contains(EMPTY_DATES)).unique()
    zeros = zeros.filter(~zeros.str.starts_with(MYSQL_ZEROS)) if is_day else zeros
    if not all(is_written_like(typed, word) for word in zeros):
        return None
    errors = len(nothing) - len(words)
    why = typed.evidence
    why += f"; words for nothing: {len(words):,}" if len(words) else ""
    why += f"; errors, which an import refuses: {errors:,}" if errors else ""
    return replace(
        typed,
        null_tokens=tuple(words.unique().sort()),
        errors=tuple(nothing.filter(is_error).unique().sort()),
        evidence=why,
    )


def with_shared_zeros(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Let dates of zeros stand for nothing in every column whose dates are written so.

    Evidence: they do so in one column of the file, which no one writes by chance.
    """
    days = [column for column in columns if column.kind in DAYS]
    words = {word for column in days for word in column.null_tokens}
    zeros = [word for word in words if re.search(EMPTY_DATES, word)]
    found = []
    for column in columns:
        has_time = column.kind is Kind.DATETIME
        shared = [
            word
            for word in zeros
            if is_written_like(column, word) and has_time == (":" in word)
        ]
        tokens = sorted({*column.null_tokens, *shared})
        found.append(replace(column, null_tokens=tuple(tokens)))
    return tuple(found) if zeros else tuple(columns)
