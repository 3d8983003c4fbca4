"""Step 2, clean: years that are near to today in another calendar than the Gregorian one."""

import datetime as dt
from collections.abc import Iterable

# Each calendar and how many years it is ahead of the Gregorian one today. Lunar years are
# shorter: that of the Islamic calendar changes by three a century.
CALENDARS = {"Buddhist": 543, "Persian": -621, "Islamic": -579, "Hebrew": 3760}
YEARS_BEFORE = 100  # Births of living people lie so far back,
YEARS_AFTER = 20  # and the ends of contracts so far ahead.


def other_calendars(years: Iterable[int]) -> dict[str, list[int]]:
    """Return the calendars in which some years are near to today, with these years.

    Args:
        years: The years as they are written. 2563 is 2020 in the Buddhist calendar.

    Returns:
        The years of each calendar in rising order; a year may be near in two calendars.
    """
    known = {*years}
    today = dt.datetime.now(tz=dt.UTC).year
    near = {
        name: sorted(
            year
            for year in known
            if -YEARS_BEFORE <= year - ahead - today <= YEARS_AFTER
        )
        for name, ahead in CALENDARS.items()
    }
    return {name: found for name, found in near.items() if found}
