"""Step 2, clean: parsers of dates, moments and times that are written in a stated format."""

import re
from collections.abc import Callable
from functools import cache, partial

import polars as pl

from importkit.cleaning.moments.leniency import ONE_DAY, at_midnight, with_ascii_digits
from importkit.cleaning.moments.names import Names, drawn, plain_format, plain_text
from importkit.cleaning.parsing import EXAMPLE, Notation, Parser, Rival

FIRST_YEAR = 1000  # A smaller year is one that was written with two digits.
DIRECTIVE = re.compile(r"%[-_0]?[.\d]*[A-Za-z]")
# How people write the parts of a format that stand for numbers.
LETTERS = {
    **{"%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD"},
    **{"%H": "HH", "%M": "MM", "%S": "SS"},
}
BEYOND_MICROSECONDS = r"\.\d{6}\d*[1-9]"
# A format with one of these gives moments in UTC.
OFFSETS = re.compile(r"%[:#]*z|%\+")

type Read = Callable[[pl.Expr], pl.Expr]


def date(
    format: str, *, months: tuple[str, ...] = (), weekdays: tuple[str, ...] = ()
) -> Parser:
    """Read dates of one format, for example ``%d.%m.%Y``.

    Args:
        format: The format; ``%B`` stands for a name of a month, ``%a`` for one of a day.
        months: The twelve names of months, if they are not English. Upper and lower case
            are the same; ``mars|mar.`` are two spellings of a name. An ordinal sign may
            follow the day (``1er``, ``5th``).
        weekdays: The seven names of days from Monday on. A date on another day than the
            one that is named is refused.

    Raises:
        ConfigurationError: There are not twelve months, or not seven days.
    """
    names = Names(months, weekdays)
    return _notation(_date_parser, "a date", "day", format, names)


def datetime(
    format: str, *, months: tuple[str, ...] = (), weekdays: tuple[str, ...] = ()
) -> Parser:
    """Read local times of one format, for example ``%d.%m.%Y %H:%M``.

    ``24:00`` is the end of a day: midnight of the next one, as ISO 8601 has it.

    Args:
        format: The format, as ``date`` takes it.
        months: The names of months, as ``date`` takes them.
        weekdays: The names of days, as ``date`` takes them.

    Raises:
        ConfigurationError: There are not twelve months, or not seven days.
    """
    names = Names(months, weekdays)
    return _notation(_datetime_parser, "a date and time", "day and time", format, names)


def time(format: str) -> Parser:
    """Read times of day of one format, for example ``%H.%M``."""

    def parse(text: pl.Expr) -> pl.Expr:
        return _exact(text.str.to_time(format, strict=False), text, format)

    example = _written(format, Names())
    return Notation(parse, "a time", (example,), asks=_asked("time", format, example))


def _notation(
    parser_of: Callable[[str, Names], Parser],
    noun: str,
    asked_for: str,
    format: str,
    names: Names,
) -> Notation:
    example = _written(format, names)
    return Notation(
        parser_of(format, names),
        noun,
        (example,),
        _rival(parser_of, format, names),
        asks=_asked(asked_for, format, example),
    )


def _asked(noun: str, format: str, example: str) -> str:
    """Return what to ask a person for: ``the day as DD.MM.YYYY``, or like an example."""
    if example == format:
        return f"the {noun} as in the other rows"
    plain = format.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d")
    if re.search("[a-zA-Z%]", re.sub("%[YymdHMS]", "", plain)):
        return f"the {noun} like {example}"
    for directive, letters in LETTERS.items():
        plain = plain.replace(directive, letters)
    return f"the {noun} as {plain}"


@cache  # So that columns alike have one rival, and are judged by it in one query.
def _rival(
    parser_of: Callable[[str, Names], Parser], format: str, names: Names
) -> Rival | None:
    """Return the notation in which day and month change places."""
    changed = _with_day_and_month_exchanged(format)
    if changed is None:
        return None
    return Rival(
        stated=parser_of(format, names),
        other=parser_of(changed, names),
        name=_order(format),
        other_name=_order(changed),
        remedy=f'"{changed}"',
    )


def _with_day_and_month_exchanged(format: str) -> str | None:
    """Return a format in which the month stands in the place of the day; None without both."""
    if format.count("%d") != 1 or format.count("%m") != 1:
        return None
    return re.sub("%[dm]", lambda found: "%m" if found[0] == "%d" else "%d", format)


def _order(format: str) -> str:
    """Name which of day and month comes first in a format that has both."""
    is_day = format.index("%d") < format.index("%m")
    return "the day before the month" if is_day else "the month before the day"


def _date_parser(format: str, names: Names) -> Parser:
    written = plain_format(format, names)

    def read(text: pl.Expr) -> pl.Expr:
        return _with_century(text.str.to_date(written, strict=False))

    return _lenient(_named(read, format, names), pl.Date())


def _datetime_parser(format: str, names: Names) -> Parser:
    written = plain_format(format, names)

    def read(text: pl.Expr) -> pl.Expr:
        moment = text.str.to_datetime(written, strict=False, time_unit="us")
        return _with_century(_exact(moment, text, written))

    zone = "UTC" if OFFSETS.search(format) else None
    return _lenient(_named(read, format, names), pl.Datetime("us", zone))


def _named(read: Read, format: str, names: Names) -> Read:
    """Read text with names of months and days by the text without names."""
    if not names:
        return read

    def parse(text: pl.Expr) -> pl.Expr:
        plain, weekday = plain_text(text, format, names)
        moment = read(plain)
        return pl.when(weekday.is_null() | (weekday == moment.dt.weekday())).then(
            moment
        )

    return parse


def _lenient(read: Read, dtype: pl.DataType) -> Read:
    """Look again at the texts that a parser refuses; nearly no file has such texts."""
    again = partial(_read_again, read=read, ends_day=isinstance(dtype, pl.Datetime))

    def parse(text: pl.Expr) -> pl.Expr:
        return text.map_batches(again, return_dtype=dtype)

    return parse


def _read_again(texts: pl.Series, read: Read, *, ends_day: bool) -> pl.Series:
    text = pl.col(texts.name)
    frame = texts.to_frame()
    moments = frame.select(read(text)).to_series()
    refused = moments.is_null() & texts.is_not_null()
    if not refused.any():
        return moments
    some = frame.filter(refused).with_columns(
        pl.coalesce(with_ascii_digits(text), text)
    )
    value = read(text)
    if ends_day:
        value = pl.coalesce(value, read(at_midnight(text)) + ONE_DAY)
    return moments.scatter(refused.arg_true(), some.select(value).to_series())


@cache
def _written(format: str, names: Names) -> str:
    """Return an example in a format of polars, or the format where polars writes none."""
    try:
        return str(pl.select(drawn(EXAMPLE, format, names)).item())
    except pl.exceptions.PolarsError:
        return format


def _with_century(moment: pl.Expr) -> pl.Expr:
    """Refuse ``31.12.24`` under ``%Y``: polars reads the year 24, not 2024."""
    return pl.when(moment.dt.year() >= FIRST_YEAR).then(moment)


def _exact(moment: pl.Expr, text: pl.Expr, format: str) -> pl.Expr:
    """Refuse parts of microseconds and a second 60, which polars would change."""
    if re.search(r"%[.\d]*f", format):
        moment = pl.when(~text.str.contains(BEYOND_MICROSECONDS)).then(moment)
    before, second, after = format.replace("%T", "%H:%M:%S").rpartition("%S")
    if not second:
        return moment
    parts = (
        ".*".join(map(re.escape, DIRECTIVE.split(part))) for part in (before, after)
    )
    return pl.when(~text.str.contains(f"^{'60'.join(parts)}$")).then(moment)
