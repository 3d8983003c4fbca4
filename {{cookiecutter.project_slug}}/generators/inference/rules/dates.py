"""Rules for dates, datetimes and times; the order of day and month needs a proof."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from functools import cache

import polars as pl

from generators.inference.column import FEW_VALUES, Column, Kind
from generators.naming import snake
from importkit import cleaning

DAYS = frozenset({Kind.DATE, Kind.DATETIME})


class Order(StrEnum):
    """The order of day, month and year in dates."""

    DMY = "DMY"
    MDY = "MDY"
    YMD = "YMD"


DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y"),
    *("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%Y年%m月%d日", "%Y년 %m월 %d일"),
)
# Dates with a year of two digits, which may come first or last.
SHORT_DATES = (
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d"),
    *("%d-%m-%y", "%m-%d-%y", "%y-%m-%d"),
)
NAMED_DATES = (
    *("%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%d %B %Y", "%d. %B %Y", "%d-%B-%Y"),
    *("%B %d, %Y", "%B %d %Y", "%d %B %y", "%Y-%b-%d", "%Y %B %d"),
)
GAPS = (" ", ", ", "T")
TWELVE_HOUR_CLOCKS = ("%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%I:%M:%S%p")
# Oracle writes points between hours, minutes and seconds.
CLOCKS = (
    *("%H:%M", "%H:%M:%S", "%H:%M:%S%.f", *TWELVE_HOUR_CLOCKS),
    *("%H.%M.%S", "%H.%M.%S%.f", "%I.%M.%S %p", "%I.%M.%S%.f %p"),
)
ALL_DATES = (*DATES, *SHORT_DATES, *NAMED_DATES)
DATETIMES = tuple(
    f"{date}{gap}{clock}" for date in ALL_DATES for gap in GAPS for clock in CLOCKS
)

# For each directive of a format: the text shown to people, and the pattern of values.
DIRECTIVES = {
    **{"%a": ("Day", "[A-Za-z]{3}")},
    **{"%Y": ("YYYY", "[0-9]{4}"), "%y": ("YY", "[0-9]{2}")},
    **{"%m": ("MM", "[0-9]{1,2}"), "%d": ("DD", "[0-9]{1,2}")},
    **{"%b": ("Mon", "[A-Za-z]{3}"), "%B": ("Month", "[A-Za-z]{3,9}")},
    **{"%H": ("HH", "[0-9]{1,2}"), "%I": ("HH", "[0-9]{1,2}")},
    **{"%M": ("MM", "[0-9]{2}"), "%S": ("SS", "[0-5][0-9]")},
    **{"%p": ("AM", "[AaPp][Mm]"), "%.f": (".S", "(?:[.][0-9]{1,6}0*)?")},
}
DIRECTIVE = r"%\.f|%."
SWAPPED = {"%d": "%m", "%m": "%d"}

DATE_LIKE = (
    r"^(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
    r"|[0-9]{1,4}(?:[-/ ]|\. )[A-Za-z]{3,9}[-/ ][0-9]{1,4}"
    r"|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4}"
    r"|[0-9]{4}(?:年|년 )[0-9]{1,2}(?:月|월 )[0-9]{1,2}[日일])"
)
TIME_LIKE = r"^[0-9]{1,2}:[0-9]{2}"
ISO_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
# A datetime keeps six decimals of a second; further decimals have to be zeros.
SECONDS = r"[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6}0*)?)?"
CLOCK = rf"([01][0-9]|2[0-3]):{SECONDS}"
SHORT_CLOCK = rf"([01]?[0-9]|2[0-3]):{SECONDS}"
OFFSET = "( ?UTC| ?GMT|Z| ?[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)"
# Values for each one without a time: with fewer, the column mixes dates and datetimes.
MIN_VALUES_PER_BARE_DAY = 10
# Values: fewer do not show whether the first or the last part changes least.
MIN_VALUES_FOR_YEARS = 5
DAY_WORDS = (
    "at birth birthday birthdate created date datum day dob dt end ended expires fecha "
    "from modified on since start started until updated"
)


def infer_moment(
    draft: Column, values: pl.Series, order: Order | None = None
) -> Column | None:
    """Infer dates, datetimes or times, if all values are of one of these kinds.

    Args:
        draft: The column as text.
        values: Its stripped values, without nulls.
        order: The order of day and month for values that fit two orders.

    Returns:
        The column, None where the values are something else.
    """
    plain, notes = plain_values(values)
    is_other = has_other_digits(values)
    column = (
        (None if is_other else _time(draft, plain))
        or (None if is_other else _twelve_hour_time(draft, plain))
        or _in_one_format(draft, plain, Kind.DATE, order)
        or (None if is_other else _iso_datetime(draft, plain))
        or _in_one_format(draft, plain, Kind.DATETIME, order)
        or _time_at_24(draft, values)
    )
    if column is None or column.kind is Kind.TEXT:
        return column
    if is_other and not column.format:
        column = replace(column, format=DATES[0])
    return replace(column, evidence="".join((column.evidence, *notes)))


def has_other_digits(values: pl.Series) -> bool:
    """Return whether the first value is written in digits of another script."""
    return re.search(r"[0-9]", values[0]) is None and bool(re.search(r"\d", values[0]))


def formats_like(text: str, dates: Iterable[str]) -> Iterator[tuple[Kind, str]]:
    """Yield the formats of dates, and of datetimes with them, that a text is like."""
    clocks = [clock for clock in CLOCKS if re.search(f"{_pattern(clock)}$", text)]
    for date in dates:
        if re.search(format_pattern(date), text):
            yield Kind.DATE, date
        elif re.match(_pattern(date), text):
            both = (f"{date}{gap}{clock}" for gap in GAPS for clock in clocks)
            yield from (
                (Kind.DATETIME, f) for f in both if re.search(format_pattern(f), text)
            )


def follows(format_: str, order: Order) -> bool:
    """Return whether a format has day, month and year in figures and in this order."""
    parts = re.findall("%[dmYy]", format_)
    return "".join(part[1] for part in parts).upper() == order


def is_written_like(column: Column, zeros: str) -> bool:
    """Return whether a date of zeros, with or without a time, is written like a column's."""
    if column.kind not in DAYS:
        return False
    format_ = column.format or DATES[0]
    if format_ == "%Y%m%d":
        return zeros == "00000000"
    date = next((f for f in ALL_DATES if format_.startswith(f)), "")
    return bool(date and re.search(format_pattern(date), re.split("[ T]", zeros)[0]))


def names_day(header: str) -> bool:
    """Return whether a header is that of a date or a datetime."""
    return not {*snake(header).split("_")}.isdisjoint(DAY_WORDS.split())


def count_format(values: pl.Series, format_: str) -> int:
    """Count the values that are a date or a datetime in this format."""
    return read_format(values, format_).count()


def read_format(values: pl.Series, format_: str) -> pl.Series:
    """Read dates or datetimes in this format; null where a value does not fit."""
    matching = pl.select(
        pl.when(values.str.contains(format_pattern(format_))).then(values)
    ).to_series()
    is_moment = "%H" in format_ or "%I" in format_
    return matching.str.strptime(
        pl.Datetime if is_moment else pl.Date, format_, strict=False
    )


@cache
def format_pattern(format_: str) -> str:
    """Return the pattern of values in a format."""
    return f"^{_pattern(format_)}$"


def _pattern(format_: str) -> str:
    dotted = re.sub("(?<!%)[.]", "[.]", format_)
    return re.sub(DIRECTIVE, lambda part: DIRECTIVES[part[0]][1], dotted)


def plain_values(values: pl.Series) -> tuple[pl.Series, list[str]]:
    """Write values as formats have them, and say what is read otherwise."""
    notes = []
    text = pl.col(values.name)
    if has_other_digits(values):
        values = (
            values.to_frame()
            .select(pl.coalesce(cleaning.with_ascii_digits(text), text))
            .to_series()
        )
        notes.append(", in digits of another script")
    ends = values.to_frame().select(cleaning.at_midnight(text)).to_series()
    if count := ends.count():
        values = pl.select(pl.coalesce(ends, values)).to_series().alias(values.name)
        notes.append(f", {count:,} of them 24:00, the end of a day")
    return values, notes


def _time_at_24(draft: Column, values: pl.Series) -> Column | None:
    """Keep times as text if some are 24:00, which is no time of day."""
    is_end = values.str.contains("^24:00(:00)?$")
    if not is_end.any() or not (is_end | values.str.contains(f"^{SHORT_CLOCK}$")).all():
        return None
    total = f"{len(values):,}"
    ends = int(is_end.sum())
    verb = "is" if ends == 1 else "are"
    why = f"{total} of {total} look like times, but {ends:,} {verb} 24:00"
    return replace(draft, evidence=f"{why}, the end of a day")


def _time(draft: Column, values: pl.Series) -> Column | None:
    """Read times of day: HH:MM, with seconds or without, before 24:00.

    Evidence: at least one hour has two digits.
    """
    clock = f"^{SHORT_CLOCK}$"
    if not re.search(clock, values[0]) or not values.str.contains(clock).all():
        return None
    if not values.str.contains("^[0-9]{2}").any():
        return None
    why = f"{len(values):,} of {len(values):,} are times of day"
    return replace(draft, kind=Kind.TIME, evidence=why)


def _twelve_hour_time(draft: Column, values: pl.Series) -> Column | None:
    """Read 9:05 AM. Evidence: every value has AM or PM."""
    for format_ in TWELVE_HOUR_CLOCKS:
        if not re.search(format_pattern(format_), values[0]):
            continue
        matching = values.filter(values.str.contains(format_pattern(format_)))
        if matching.str.to_time(format_, strict=False).count() == len(values):
            why = f"{len(values):,} of {len(values):,} are times of day with AM or PM"
            return replace(draft, kind=Kind.TIME, format=format_, evidence=why)
    return None


def _iso_datetime(draft: Column, values: pl.Series) -> Column | None:
    """Read ISO 8601, if all values have an offset or none has.

    Evidence: at least nine of ten have a time; a date without one means midnight.
    """
    total = len(values)
    if not values.str.contains(f"^{ISO_DATE}([T ]{CLOCK}{OFFSET}?)?$").all():
        return None
    days = int((values.str.len_bytes() == len("2024-01-31")).sum())
    whole = count_format(values.str.slice(0, 10), DATES[0]) == total
    if days * MIN_VALUES_PER_BARE_DAY > total or not whole:
        return None
    zoned = int(values.str.contains(f":[0-9.]+{OFFSET}$").sum())
    if 0 < zoned < total:
        return replace(
            draft, evidence=f"{zoned:,} of {total:,} datetimes have an offset"
        )
    why = f"{total:,} of {total:,} are ISO datetimes"
    why += " with an offset" if zoned else ""
    why += f", {days:,} without a time" if days else ""
    return replace(draft, kind=Kind.DATETIME, zone=zoned > 0, evidence=why)


def _in_one_format(
    draft: Column,
    values: pl.Series,
    kind: Kind,
    order: Order | None,
) -> Column | None:
    """Read the one format that fits all values; if day and month may swap, keep text.

    Evidence: every value is a day of the calendar in the format. At least one value is
    not so in any other format, unless the order is that of ISO or dots part the date.
    """
    total = len(values)
    candidates = [f for k, f in formats_like(values[0], ALL_DATES) if k is kind]
    fits = [f for f in candidates if count_format(values, f) == total]
    # Where a format fits, formats that accept more fit, too: keep the narrower one.
    fits = [f for f in fits if "%b" not in f or f.replace("%b", "%B") not in fits]
    fits = [f for f in fits if "%.f" not in f or f.replace("%.f", "") not in fits]
    likely = _with_likely_years(values, fits)
    # With few values, one more may turn which part changes least.
    unproved = fits if len(likely) < len(fits) and total < FEW_VALUES else likely
    fits = likely
    ordered = [f for f in fits if order and follows(f, order)]
    if len(fits) > 1 and len(ordered) != 1:
        return _keep_undecided(draft, fits, total)
    format_ = next(iter(ordered or fits), None)
    if format_ is None or _is_section_number(draft, values, format_):
        return None
    why = f"{total:,} of {total:,} read as {kind}s {for_people(format_)}"
    proofs = _count_proofs(values, format_) if len(fits) == 1 else 0
    iso = kind is Kind.DATE and values.str.contains(f"^{ISO_DATE}$").all()
    return replace(
        draft,
        kind=kind,
        format=None if iso else format_,
        formats=tuple(unproved) if len(unproved) > 1 else (),
        order=next((o for o in Order if proofs and follows(format_, o)), None),
        evidence=f"{why}, {proofs:,} only so" if proofs else why,
    )


def _keep_undecided(draft: Column, fits: list[str], total: int) -> Column:
    """Keep dates as text if they fit two orders, and name the option that decides."""
    either = " or ".join(map(for_people, fits))
    orders = "|".join(o for o in Order if any(follows(f, o) for f in fits))
    why = f"{total:,} of {total:,} read as {either}: --date-order {orders} decides"
    return replace(draft, formats=tuple(fits), evidence=why)


def _is_section_number(draft: Column, values: pl.Series, format_: str) -> bool:
    """Return whether values such as 1.2.24 may number chapters instead of days.

    Evidence against: the header is that of a day, or a first part is above twelve.
    """
    if format_ != "%d.%m.%y" or names_day(draft.header):
        return False
    return count_format(values, _swapped(format_)) == len(values)


def _count_proofs(values: pl.Series, format_: str) -> int:
    """Count the values that are not a date if day and month are swapped."""
    if "%m" not in format_ or format_.startswith(("%Y", "%y")):
        return 0
    return len(values) - count_format(values, _swapped(format_))


def _with_likely_years(values: pl.Series, fits: list[str]) -> list[str]:
    """Drop the formats that take the two digits of a day for a year, or the reverse.

    Evidence: a year is the part that changes least from row to row.
    """
    first = [f for f in fits if f.startswith("%y")]
    if not first or len(first) == len(fits) or len(values) < MIN_VALUES_FOR_YEARS:
        return fits
    parts = values.str.extract_groups("^([0-9]+).[0-9]+.([0-9]+)")
    years, days = (parts.struct.field(part).n_unique() for part in "12")
    if years == days:
        return fits
    return first if years < days else [f for f in fits if f not in first]


def for_people(format_: str) -> str:
    return re.sub(DIRECTIVE, lambda part: DIRECTIVES[part[0]][0], format_)


def _swapped(format_: str) -> str:
    return re.sub("%[dm]", lambda part: SWAPPED[part[0]], format_)
