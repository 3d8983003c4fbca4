"""Readings that one more row may turn, told in one line for a file with few rows."""

from collections.abc import Iterator, Sequence

from generators.code.fields import COUNTED, YEAR_WORDS
from generators.code.parsers import unproved_first_part
from generators.inference import COMPACT_DATE, FEW_VALUES, Column, Kind, names_key
from generators.naming import snake
from importkit.errors import visible

# Words of headers whose numbers are whole in every row.
WHOLE_WORDS = {*COUNTED.split(), *YEAR_WORDS.split()} - {"amount", "total"}
LISTED = 10  # Columns that are named.


def notes_on_guesses(columns: Sequence[Column], *, is_new: bool) -> Iterator[str]:
    """Yield one line with the columns of which few values show how they are read.

    Args:
        columns: The columns of a sample.
        is_new: Whether startimport chooses the kind of their fields, too.
    """
    found = [(c.header, guess) for c in columns if (guess := _guess(c, is_new=is_new))]
    if not found:
        return
    named = [f'"{visible(header)}" ({guess})' for header, guess in found[:LISTED]]
    if more := len(found) - len(named):
        named.append(f"and {more:,} more")
    yield (
        f"guesses from fewer than {FEW_VALUES} values, which one more row may change: "
        f"{', '.join(named)}"
    )


def _guess(column: Column, *, is_new: bool) -> str:
    """Return what is guessed of a column; empty if it is stated, shown, or text."""
    if column.stated or not 0 < column.rows - column.nulls < FEW_VALUES:
        return ""
    if column.kind is Kind.BOOLEAN:
        return "true or false" if is_new else ""
    if column.kind in {Kind.INTEGER, Kind.DECIMAL}:
        return _guess_of_numbers(column, is_new=is_new)
    return _guess_of_moments(column)


def _guess_of_moments(column: Column) -> str:
    if column.epoch:
        return "time since 1970"
    if column.format == COMPACT_DATE:
        return "days"
    first = unproved_first_part(column)
    return first and f"{first} first"


def _guess_of_numbers(column: Column, *, is_new: bool) -> str:
    if column.mark:
        return "thousands" if column.thousands else "decimals"
    if column.kind is Kind.INTEGER:
        return "whole numbers" if is_new and _may_get_decimals(column) else ""
    if column.scale or column.thousands in {".", ","}:
        return ""
    return f"{'comma' if column.decimal == ',' else 'point'} before decimals"


def _may_get_decimals(column: Column) -> bool:
    words = {*snake(column.header).split("_")}
    return not names_key(column.header) and words.isdisjoint(WHOLE_WORDS)
