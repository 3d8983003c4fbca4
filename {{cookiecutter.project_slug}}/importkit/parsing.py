"""Step 2, clean: how stripped text becomes a value; null where it does not fit."""

import re
from collections.abc import Callable

import polars as pl

type Parser = Callable[[pl.Expr], pl.Expr]

TRUE = ("true", "t", "yes", "y", "1")
FALSE = ("false", "f", "no", "n", "0")
FIRST_YEAR = 1000
DIRECTIVE = re.compile(r"%[-_0]?[.\d]*[A-Za-z]")
BEYOND_MICROSECONDS = r"\.\d{6}\d*[1-9]"


def number(*, decimal: str = ".", thousands: str = "") -> Parser:
    """Read numbers as they are written in some places: ``1.234,50``.

    Args:
        decimal: The character before the decimals.
        thousands: The character between groups of three digits; a space stands for
            every kind of space. Empty where digits are not grouped.
    """
    group = r"[ \x{00a0}\x{202f}]" if thousands == " " else re.escape(thousands)
    whole = (
        rf"([0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)" if thousands else r"([0-9]+)"
    )
    pattern = rf"^([+-]?)(?:{whole})?(?:{re.escape(decimal)}([0-9]+))?$"

    def parse(text: pl.Expr) -> pl.Expr:
        plain = text.str.replace_all(group, "") if thousands else text
        plain = plain.str.replace(decimal, ".", literal=True)
        return pl.when(text.str.contains(pattern)).then(plain)

    return parse


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
