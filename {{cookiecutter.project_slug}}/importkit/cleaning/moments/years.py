"""Step 2, clean: days that are centuries from today, which another calendar may explain."""

import datetime as dt
from collections.abc import Iterator, Mapping

import polars as pl

from importkit import problems
from importkit.errors import visible
from importkit.source import LINE

# Each calendar and how many years it is ahead of the Gregorian one today. Lunar years are
# shorter: that of the Islamic calendar changes by three a century.
CALENDARS = {"Buddhist": 543, "Persian": -621, "Islamic": -579, "Hebrew": 3760}
YEARS_BEFORE = 100  # Births of living people lie so far back,
YEARS_AFTER = 20  # and the ends of contracts so far ahead.
# From today: nearly no table has older days, and none has later ones that are planned.
FAR_BEFORE, FAR_AFTER = 500, 400


def calendars_of(year: int) -> tuple[str, ...]:
    """Return the calendars in which a year is near to today: 2563 is 2020 in one."""
    today = this_year()
    return tuple(
        name
        for name, ahead in CALENDARS.items()
        if -YEARS_BEFORE <= year - ahead - today <= YEARS_AFTER
    )


def this_year() -> int:
    """Return the year of today in the Gregorian calendar."""
    return dt.datetime.now(tz=dt.UTC).year


def far_days(days: pl.Series) -> pl.Series:
    """Return the years of days that are centuries from today, null for all other days.

    The last day of a year and the first, such as 9999-12-31, mostly mean no day at all:
    they are far only if their year is near to today in another calendar.
    """
    today = this_year()
    least, most = today - FAR_BEFORE, today + FAR_AFTER
    low, high = days.min(), days.max()
    if not isinstance(low, dt.date) or not isinstance(high, dt.date):
        return pl.Series(days.name, [None], pl.Int32).new_from_index(0, len(days))
    if least <= low.year and high.year <= most:
        return pl.Series(days.name, [None], pl.Int32).new_from_index(0, len(days))
    day = pl.col(days.name)
    year = day.dt.year()
    far = days.to_frame().filter(~year.is_between(least, most)).select(year.unique())
    near = [y for y in far.to_series().drop_nulls() if calendars_of(y)]
    is_end = (day.dt.month() == 12) & (day.dt.day() == 31)
    is_end |= (day.dt.month() == 1) & (day.dt.day() == 1)
    is_far = ~year.is_between(least, most) & (~is_end | year.is_in(near))
    return days.to_frame().select(pl.when(is_far).then(year)).to_series()


def find_far_days(
    df: pl.DataFrame, headers: Mapping[str, str], place: problems.Place
) -> Iterator[tuple[str, str]]:
    """Yield a warning for each column with days that are centuries from today.

    Args:
        df: The rows with their lines.
        headers: The header of each column.
        place: What the lines count.
    """
    for name, dtype in df.schema.items():
        if not isinstance(dtype, pl.Date | pl.Datetime):
            continue
        far = far_days(df[name])
        count = far.count()
        if not count:
            continue
        first = far.is_not_null().arg_true()[0]
        year, line = far[first], df[LINE][first]
        calendars = " or ".join(calendars_of(year))
        why = f" (near to today in the {calendars} calendar)" if calendars else ""
        days = "a day" if count == 1 else f"{count:,} days"
        yield (
            name,
            f'"{visible(headers.get(name, name))}" has {days} centuries from today{why}, '
            f"the first in {place.singular} {line:,}: check them.",
        )
