"""The rule for years of other calendars: they are told, and never taken as Gregorian."""

from dataclasses import replace

import polars as pl

from generators.inference.column import Column
from importkit import cleaning

# Of the dates, those whose year is near to today in another calendar: so many are no slips
# of the pen, and the column is text. 2563 is 2020 in Thailand, 1403 is 2024 in Iran.
SHARE = 0.05
YEARS_AHEAD = (
    30  # A later year is told: 2081 is 2024 in Nepal, and 63 is 2020 in Thailand.
)


def with_doubt(column: Column, draft: Column, days: pl.Series) -> Column:
    """Keep dates as text if their years are those of another calendar, or tell them.

    Evidence: the year of at least one date in twenty is near to today in another calendar
    and centuries from it in ours. A single one may be a slip.

    Args:
        column: The column with dates or datetimes.
        draft: The same column as text.
        days: Its dates or datetimes.
    """
    far = cleaning.far_days(days).drop_nulls()
    near = far.filter(far.is_in([y for y in far.unique() if cleaning.calendars_of(y)]))
    if len(near):
        span = _span(near)
        calendars = " or ".join(cleaning.calendars_of(int(near.mode().sort()[0])))
        why = f"{column.evidence}, but {len(near):,} in {span}, near to today in the "
        if len(near) >= SHARE * len(days):
            why += f"{calendars} calendar: --type decides"
            return replace(draft, evidence=why)
        return replace(column, evidence=f"{why}{calendars} calendar")
    if len(far):
        why = f"{column.evidence}, but {len(far):,} in {_span(far)}"
        return replace(column, evidence=why)
    years = days.dt.year()
    ahead = years.filter(years > cleaning.this_year() + YEARS_AHEAD)
    if len(ahead):
        why = f"{column.evidence}, {len(ahead):,} in {_span(ahead)}"
        return replace(column, evidence=why)
    return column


def _span(years: pl.Series) -> str:
    first, *_, last = [*years.unique().sort()] * 2
    return f"the year {first}" if first == last else f"the years {first} to {last}"
