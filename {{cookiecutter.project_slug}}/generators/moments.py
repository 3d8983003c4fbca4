"""Rules for dates, datetimes and times; day and month only where the column tells."""

import re
from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from generators.columns import Column, Kind

DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"),
    *("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"),
)
DATETIMES = tuple(date + clock for date in DATES for clock in (" %H:%M", " %H:%M:%S"))

# How the parts of a format are shown, and what their text looks like.
PARTS = {
    **{"%Y": ("YYYY", "[0-9]{4}"), "%m": ("MM", "[0-9]{1,2}")},
    **{"%d": ("DD", "[0-9]{1,2}"), "%H": ("HH", "[0-9]{1,2}")},
    **{"%M": ("MM", "[0-9]{2}"), "%S": ("SS", "[0-9]{2}")},
}
SWAPPED = {"%d": "%m", "%m": "%d"}

DATE_LIKE = r"^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
TIME_LIKE = r"^[0-9]{1,2}:[0-9]{2}"
ISO_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Six decimals of a second can be kept; more only where they are zeros.
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6}0*)?)?"
OFFSET = "(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)"


def infer_moment(draft: Column, values: pl.Series) -> Column | None:
    """Read dates, datetimes or times, where every value is one of the same kind.

    Args:
        draft: The column as text.
        values: Its stripped values, without nulls.

    Returns:
        The column, None where the values are something else.
    """
    return (
        _time(draft, values)
        or _dated(draft, values, Kind.DATE, DATES)
        or _iso_datetime(draft, values)
        or _dated(draft, values, Kind.DATETIME, DATETIMES)
    )


def _time(draft: Column, values: pl.Series) -> Column | None:
    """Read times of day: HH:MM, with seconds or without, before 24:00."""
    if not values.str.contains(f"^{CLOCK}$").all():
        return None
    why = f"{len(values):,} of {len(values):,} are times of day"
    return replace(draft, kind=Kind.TIME, evidence=why)


def _iso_datetime(draft: Column, values: pl.Series) -> Column | None:
    """Read ISO 8601, where all values carry an offset or none does."""
    total = len(values)
    if not values.str.contains(f"^{ISO_DATE}[T ]{CLOCK}{OFFSET}?$").all():
        return None
    if _count(values.str.slice(0, 10), DATES[0]) < total:
        return None
    zoned = int(values.str.contains(f":[0-9.]+{OFFSET}$").sum())
    if 0 < zoned < total:
        return replace(
            draft, evidence=f"{zoned:,} of {total:,} datetimes have an offset"
        )
    why = (
        f"{total:,} of {total:,} are ISO datetimes{' with an offset' if zoned else ''}"
    )
    return replace(draft, kind=Kind.DATETIME, zone=zoned > 0, evidence=why)


def _dated(
    draft: Column, values: pl.Series, kind: Kind, formats: Iterable[str]
) -> Column | None:
    """Read the one format that fits all; where day and month may swap, keep text.

    Evidence: every value is a day of the calendar in one format and, unless its
    parts stand in ISO's order or between dots, at least one in no other.
    """
    total = len(values)
    near = [f for f in formats if re.search(_pattern(f), values[0])]
    fits = [f for f in near if _count(values, f) == total]
    if not fits:
        return None
    if len(fits) > 1:
        either = " or ".join(map(_shown, fits))
        return replace(draft, evidence=f"{total:,} of {total:,} read as {either}")
    why = f"{total:,} of {total:,} read as {kind}s {_shown(fits[0])}"
    only = 0 if fits[0].startswith("%Y") else total - _count(values, _swapped(fits[0]))
    if only:
        why += f", {only:,} only so"
    iso = kind is Kind.DATE and values.str.contains(f"^{ISO_DATE}$").all()
    return replace(draft, kind=kind, format=None if iso else fits[0], evidence=why)


def _count(values: pl.Series, format_: str) -> int:
    """Count the values that are a day, or a moment, in this format."""
    shaped = values.filter(values.str.contains(_pattern(format_)))
    dtype = pl.Datetime if "%H" in format_ else pl.Date
    return shaped.str.strptime(dtype, format_, strict=False).count()


def _pattern(format_: str) -> str:
    parts = re.sub("%.", lambda part: PARTS[part[0]][1], format_.replace(".", "[.]"))
    return f"^{parts}$"


def _shown(format_: str) -> str:
    return re.sub("%.", lambda part: PARTS[part[0]][0], format_)


def _swapped(format_: str) -> str:
    return re.sub("%[dm]", lambda part: SWAPPED[part[0]], format_)
