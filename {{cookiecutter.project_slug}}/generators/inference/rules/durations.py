"""Rules for durations, and for dates and datetimes that are written as whole numbers."""

from dataclasses import replace

import polars as pl

from generators.inference.column import Column, Kind
from generators.naming import snake
from importkit import cleaning

DURATION_LIKE = (
    r"^(?:-?[0-9]+:[0-9]{2}:[0-9]{2}|-?[0-9]+ (?:days?,? )?[0-9]+:[0-9]{2}:|-?P[0-9T])"
)
NOT_A_TIME_OF_DAY = r"^-?(?:2[4-9]|[3-9][0-9]|[0-9]{3,}):|^-?[0-9]+ |P"
DURATION_WORDS = (
    "duration elapsed length runtime dauer laufzeit duree duracion lap uptime downtime"
)
DAY_WORDS = "birthday birthdate date datum day dob dt"
EPOCH_WORDS = "epoch unix unixtime"
# Last words of headers of datetimes that may also be texts or other numbers.
MOMENT_WORDS = "at timestamp ts"
# Values, under a header that names a date or an epoch: fewer may fit by chance.
MIN_VALUES = 3
# Values, under a header that only hints at a datetime.
MIN_VALUES_UNSURE_NAME = 10
COMPACT_DATE = "%Y%m%d"
COMPACT_DATE_PATTERN = "^(?:19|20)[0-9]{6}$"
# From 2001 to 2033 seconds have ten digits that begin with a one.
EPOCH_PATTERNS = {"s": "^1[0-9]{9}$", "ms": "^1[0-9]{12}$", "us": "^1[0-9]{15}$"}


def infer_duration(draft: Column, values: pl.Series) -> Column | None:
    """Infer durations.

    Evidence: every value is a duration, and some cannot be a time of day (24 hours or
    more, or ISO 8601) or the header is that of a duration.
    """
    if not _are_durations(values):
        return None
    named = not {*snake(draft.header).split("_")}.isdisjoint(DURATION_WORDS.split())
    if not named and not values.str.contains(NOT_A_TIME_OF_DAY).any():
        return None
    why = f"{len(values):,} of {len(values):,} are durations"
    return replace(draft, kind=Kind.DURATION, evidence=why)


def _are_durations(values: pl.Series) -> bool:
    read = cleaning.duration()(pl.col(values.name))
    return bool(values.to_frame().select(read.is_not_null().all()).item())


def infer_compact_date(draft: Column, values: pl.Series) -> Column | None:
    """Read 20240131.

    Evidence: the header ends in a word for a day, and every value, at least three, is a
    day of the calendar from 1900 to 2099.
    """
    if (
        len(values) < MIN_VALUES
        or snake(draft.header).split("_")[-1] not in DAY_WORDS.split()
    ):
        return None
    total = len(values)
    if not values.str.contains(COMPACT_DATE_PATTERN).all():
        return None
    if values.str.to_date(COMPACT_DATE, strict=False).count() < total:
        return None
    why = f"{total:,} of {total:,} read as dates YYYYMMDD, and the name says so"
    return replace(draft, kind=Kind.DATE, format=COMPACT_DATE, evidence=why)


def infer_epoch(draft: Column, values: pl.Series) -> Column | None:
    """Read seconds, or parts of them, since 1970.

    Evidence: all values are from 2001 to 2033, and the header names an epoch (three
    values are enough) or ends in a word for a datetime (ten values are needed).
    """
    words = snake(draft.header).split("_")
    least = (
        MIN_VALUES
        if not {*words}.isdisjoint(EPOCH_WORDS.split())
        else MIN_VALUES_UNSURE_NAME
    )
    named = least == MIN_VALUES or words[-1] in MOMENT_WORDS.split()
    total = len(values)
    if not named or total < least:
        return None
    unit = _epoch_unit(values)
    if unit is None:
        return None
    why = f"{total:,} of {total:,} are moments in {unit} since 1970, by name"
    return replace(draft, kind=Kind.DATETIME, epoch=unit, zone=True, evidence=why)


def epoch_hint(column: Column, values: pl.Series) -> str:
    """Say that whole numbers may be datetimes, if too few values prove it."""
    words = snake(column.header).split("_")
    if column.kind is not Kind.INTEGER or words[-1] not in MOMENT_WORDS.split():
        return ""
    return "; since 1970? --type decides" if _epoch_unit(values) else ""


def _epoch_unit(values: pl.Series) -> str | None:
    return next(
        (
            unit
            for unit, pattern in EPOCH_PATTERNS.items()
            if values.str.contains(pattern).all()
        ),
        None,
    )
