"""Step 2, clean: how stripped text becomes a value; null where it does not fit."""

import re
from collections.abc import Callable

import polars as pl

from importkit.errors import ConfigurationError

type Parser = Callable[[pl.Expr], pl.Expr]

TRUE = ("true", "t", "yes", "y", "1")
FALSE = ("false", "f", "no", "n", "0")
SPACE = r"[ \x{00a0}\x{202f}]"
CLOCK = r"^(-?)(?:([0-9]+) (?:days?,? )?)?([0-9]+):([0-5][0-9]):([0-5][0-9])"
CLOCK_DURATION = CLOCK + r"(?:\.([0-9]{1,6})0*)?$"
ISO_DURATION = (
    r"^(-?)P(?:([0-9]+)D)?"
    r"(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]{1,6})0*)?S)?)?$"
)
MOST_DAYS = 8  # Digits: a duration of more does not fit 64 bits of microseconds.
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000}
FIRST_YEAR = 1000
DIRECTIVE = re.compile(r"%[-_0]?[.\d]*[A-Za-z]")
BEYOND_MICROSECONDS = r"\.\d{6}\d*[1-9]"


def number(
    *,
    decimal: str = ".",
    thousands: str = "",
    currency: tuple[str, ...] = (),
    percent: bool = False,
    negative: str = "-",
) -> Parser:
    """Read numbers as they are written in some places: ``1.234,50``.

    Args:
        decimal: The character before the decimals.
        thousands: The character between groups of three digits; a space stands for
            every kind of space. Empty where digits are not grouped.
        currency: What may stand before or behind the number: ``("€", "EUR")``.
        percent: Whether a percent sign stands behind each number; 12% becomes 12.
        negative: What a minus looks like besides ``-1``: ``()`` for ``(1)``, ``1-``,
            or another sign than the hyphen.

    Raises:
        ConfigurationError: There is no such way to write negative numbers.
    """
    group = SPACE if thousands == " " else re.escape(thousands)
    whole = rf"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)" if thousands else "[0-9]+"
    point = re.escape(decimal)
    digits = rf"(?:{whole}(?:{point}[0-9]+)?|{point}[0-9]+)"
    if not currency and not percent and negative == "-":
        return _plain_number(rf"^[+-]?{digits}$", group if thousands else "", decimal)
    pattern = _number_pattern(digits, currency, percent=percent, negative=negative)
    beside = "|".join(map(re.escape, currency)) or "%"

    def parse(text: pl.Expr) -> pl.Expr:
        # A currency may hold a point itself.
        bare = text.str.replace_all(beside, "")
        plain = bare.str.replace_all(f"[^0-9{point}]", "")
        plain = plain.str.replace(decimal, ".", literal=True)
        minus = bare.str.contains(f"[({re.escape(negative[0])}-]")
        if negative == "1-":
            minus = bare.str.contains("-", literal=True)
        signed = pl.when(minus).then(plain.str.replace("^", "-")).otherwise(plain)
        return pl.when(text.str.contains(pattern)).then(signed)

    return parse


def _plain_number(pattern: str, group: str, decimal: str) -> Parser:
    def parse(text: pl.Expr) -> pl.Expr:
        plain = text.str.replace_all(group, "") if group else text
        plain = plain.str.replace(decimal, ".", literal=True)
        return pl.when(text.str.contains(pattern)).then(plain)

    return parse


def _number_pattern(
    digits: str, currency: tuple[str, ...], *, percent: bool, negative: str
) -> str:
    """Return the pattern of numbers with a currency, a percent sign or a minus."""
    one = "|".join(map(re.escape, currency))
    before = f"(?:(?:{one}){SPACE}?)?" if currency else ""
    after = f"(?:{SPACE}?(?:{one}))?" if currency else ""
    after = f"{SPACE}?%" if percent else after
    positive = f"{before}{digits}{after}"
    sign = "[+-]"
    ways = []
    match negative:
        case "()":
            ways.append(rf"\({positive}\)")
        case "1-":
            ways.append(f"{positive}-")
        case _ if len(negative) == 1 and not negative.isalnum():
            sign = f"[+{re.escape(negative)}-]"
        case _:
            raise ConfigurationError(
                f'number(negative={negative!r}): give "()", "1-" or one sign.'
            )
    ways.append(f"(?:{sign}{SPACE}?{before}|{before}{sign}?){digits}{after}")
    return f"^(?:{'|'.join(ways)})$"


def date(format: str) -> Parser:
    """Read dates of one format, for example ``%d.%m.%Y``."""
    return lambda text: _with_century(text.str.to_date(format, strict=False))


def datetime(format: str) -> Parser:
    """Read local times of one format, for example ``%d.%m.%Y %H:%M``."""

    def parse(text: pl.Expr) -> pl.Expr:
        moment = text.str.to_datetime(format, strict=False, time_unit="us")
        return _with_century(_exact(moment, text, format))

    return parse


def time(format: str) -> Parser:
    """Read times of day of one format, for example ``%H.%M``."""
    return lambda text: _exact(text.str.to_time(format, strict=False), text, format)


def duration() -> Parser:
    """Read durations: ``36:15:00``, ``1 day, 12:15:00`` and ISO's ``P1DT12H15M``."""

    def parse(text: pl.Expr) -> pl.Expr:
        iso = _duration(text, ISO_DURATION)
        some = text.str.contains(r"[0-9][DHMS]$")
        clock = _duration(text, CLOCK_DURATION)
        return (
            pl.when(text.str.contains(CLOCK_DURATION))
            .then(clock)
            .when(text.str.contains(ISO_DURATION) & some)
            .then(iso)
        )

    return parse


def epoch(unit: str = "s") -> Parser:
    """Read moments that are counted since 1970, in UTC.

    Args:
        unit: What is counted: seconds ``s``, milliseconds ``ms``, microseconds ``us``.

    Raises:
        ConfigurationError: There is no such unit.
    """
    if unit not in PER_SECOND:
        raise ConfigurationError(f'epoch({unit!r}): give "s", "ms" or "us".')
    factor = PER_SECOND["us"] // PER_SECOND[unit]

    def parse(text: pl.Expr) -> pl.Expr:
        whole = pl.when(text.str.contains("^-?[0-9]{1,18}$")).then(text)
        count = whole.cast(pl.Int128) * factor
        micros = count.cast(pl.Int64, strict=False)
        return micros.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")

    return parse


def unwrapped() -> Parser:
    """Read text that is kept from a spreadsheet: ``="00123"`` and ``'00123``."""

    def parse(text: pl.Expr) -> pl.Expr:
        inner = text.str.extract('^="(.*)"$')
        return pl.coalesce(inner, text.str.replace("^'([0-9].*)$", "$1"))

    return parse


def boolean(*, true: tuple[str, ...] = TRUE, false: tuple[str, ...] = FALSE) -> Parser:
    """Read words as true and false, in upper or lower case."""
    words = {word.lower(): True for word in true} | {
        word.lower(): False for word in false
    }
    return lambda text: text.str.to_lowercase().replace_strict(
        words, default=None, return_dtype=pl.Boolean
    )


def _with_century(moment: pl.Expr) -> pl.Expr:
    """Refuse 31.12.24 under %Y, which polars reads as a day of the year 24."""
    return pl.when(moment.dt.year() >= FIRST_YEAR).then(moment)


def _exact(moment: pl.Expr, text: pl.Expr, format: str) -> pl.Expr:
    """Refuse what polars would change: parts of microseconds, and a second 60."""
    if re.search(r"%[.\d]*f", format):
        moment = pl.when(~text.str.contains(BEYOND_MICROSECONDS)).then(moment)
    before, second, after = format.replace("%T", "%H:%M:%S").rpartition("%S")
    if not second:
        return moment
    parts = (
        ".*".join(map(re.escape, DIRECTIVE.split(part))) for part in (before, after)
    )
    return pl.when(~text.str.contains(f"^{'60'.join(parts)}$")).then(moment)


def _duration(text: pl.Expr, pattern: str) -> pl.Expr:
    """Add up days, hours, minutes, seconds and their fraction; null is none of them."""
    groups = text.str.extract_groups(pattern)
    days, hours, minutes, seconds = (
        groups.struct.field(str(part)).cast(pl.Int64, strict=False).fill_null(0)
        for part in range(2, 6)
    )
    fraction = groups.struct.field("6").str.pad_end(6, "0")
    micros = fraction.cast(pl.Int64, strict=False).fill_null(0)
    total = pl.duration(
        days=days,
        hours=hours,
        minutes=minutes,
        seconds=seconds,
        microseconds=micros,
        time_unit="us",
    )
    short = ~text.str.contains(rf"[0-9]{{{MOST_DAYS}}}")
    signed = pl.when(groups.struct.field("1") == "-").then(-total).otherwise(total)
    return pl.when(short).then(signed)
