"""Rules for durations, and for numbers that count days or seconds."""

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
# Names that speak of a moment, but not of how it is written.
MOMENT_WORDS = "at timestamp ts"
MIN_VALUES = 3
MIN_VALUES_UNSURE_NAME = 10
COMPACT_DATE = "%Y%m%d"
COMPACT_DATE_PATTERN = "^(?:19|20)[0-9]{6}$"
# From 2001 to 2033 seconds have ten digits that begin with a one.
EPOCH_PATTERNS = {"s": "^1[0-9]{9}$", "ms": "^1[0-9]{12}$", "us": "^1[0-9]{15}$"}


def infer_duration(draft: Column, values: pl.Series) -> Column | None:
    """Read durations.

    Evidence: every value is one, and some are no time of day, being of 24 hours or more
    or written as ISO 8601 has it; or the name says so.
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

    Evidence: the name ends in a word for a day, and each of a few values is one in the
    calendar, from 1900 to 2099.
    """
    if len(values) < MIN_VALUES or snake(draft.header).split("_")[-1] not in DAY_WORDS.split():
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

    Evidence: all are moments from 2001 to 2033; and the name says how they are written,
    or it speaks of a moment and there are some values.
    """
    words = snake(draft.header).split("_")
    least = MIN_VALUES if not {*words}.isdisjoint(EPOCH_WORDS.split()) else MIN_VALUES_UNSURE_NAME
    named = least == MIN_VALUES or words[-1] in MOMENT_WORDS.split()
    unit = _epoch_unit(values)
    total = len(values)
    if unit is None or not named or total < least:
        return None
    why = f"{total:,} of {total:,} are moments in {unit} since 1970, by name"
    return replace(draft, kind=Kind.DATETIME, epoch=unit, zone=True, evidence=why)


def epoch_hint(column: Column, values: pl.Series) -> str:
    """Offer to read whole numbers as moments where the name alone does not prove it."""
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
