"""Step 2, clean: text becomes dates, moments and times, in the formats of people and of ISO."""

from importkit.cleaning.moments.formats import date, datetime, time
from importkit.cleaning.moments.iso_datetimes import YEAR, localised, read, storable
from importkit.cleaning.moments.leniency import at_midnight, with_ascii_digits
from importkit.cleaning.moments.years import (
    calendars_of,
    far_days,
    find_far_days,
    this_year,
)

__all__ = [
    "YEAR",
    "at_midnight",
    "calendars_of",
    "date",
    "datetime",
    "far_days",
    "find_far_days",
    "localised",
    "read",
    "storable",
    "this_year",
    "time",
    "with_ascii_digits",
]
