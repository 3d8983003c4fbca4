"""Step 2, clean: parsers turn stripped text into values, and into null what they refuse."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

import polars as pl

from importkit.cleaning.signs import SPACE
from importkit.errors import ConfigurationError

# Takes stripped text and returns values; null where it refuses the text.
type Parser = Callable[[pl.Expr], pl.Expr]

TRUE = ("true", "t", "yes", "y", "1")
FALSE = ("false", "f", "no", "n", "0")
YES_NO = ("yes", "no")
MARKS = {".": "point", ",": "comma"}  # Before decimals, or between groups of digits.
INDIAN_GROUPS = "[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"  # As in 12,34,567.
CLOCK = r"^(-?)(?:([0-9]+) (?:days?,? )?)?([0-9]+):([0-5][0-9]):([0-5][0-9])"
CLOCK_DURATION = CLOCK + r"(?:\.([0-9]{1,6})0*)?$"
ISO_DURATION = (
    r"^(-?)P(?:([0-9]+)D)?"
    r"(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]{1,6})0*)?S)?)?$"
)
MOST_DIGITS = 7  # Of a part of a duration: more days overflow 64 bits of microseconds.
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000}
UNITS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds"}
# The moment that examples show; its day cannot be taken for a month.
EXAMPLE = pl.datetime(2026, 12, 31, 13, 45)
EXAMPLE_EPOCH = 1_798_724_700  # The same moment in UTC, in seconds since 1970.


@dataclass(frozen=True)
class Rival:
    """Another notation of the same characters: what both can read are different values.

    Attributes:
        stated: Reads all that may be in the notation of the parser, also what the parser
            refuses for another reason: groups of digits that it was not told of.
        other: Reads the other notation.
        name: The notation of the parser: ``a decimal comma``.
        other_name: The other one: ``a decimal point``.
        remedy: What to write in the call of the parser for the other one.
    """

    stated: Parser
    other: Parser
    name: str
    other_name: str
    remedy: str


@dataclass(frozen=True)
class Notation:
    """A parser that says what it reads.

    Attributes:
        read: The parser.
        noun: What the text is, with its article: ``a date``.
        examples: Texts that it reads, the best first. A message shows the first that
            also fits the type of the column.
        rival: The notation that is taken for this one; None where there is none.
        is_complete: Whether the noun says all of what a text may be, whatever the type.
        asks: What the person who made a file is asked to write: ``the day as DD.MM.YYYY``.
            Without it the noun and the first example are asked for.
    """

    read: Parser
    noun: str
    examples: tuple[str, ...] = ()
    rival: Rival | None = None
    is_complete: bool = False
    asks: str = ""

    def __call__(self, text: pl.Expr) -> pl.Expr:
        """Read text; null where it is not in this notation."""
        return self.read(text)


def number(  # noqa: PLR0913  one for each mark of a notation
    *,
    decimal: str = ".",
    thousands: str = "",
    currency: tuple[str, ...] = (),
    unit: tuple[str, ...] = (),
    percent: bool = False,
    negative: str = "-",
) -> Parser:
    """Read numbers that are not written like ``-1234.50``: ``1.234,50``, ``(12 €)``.

    Args:
        decimal: The character before the decimals. Where points part thousands, it is
            a comma, whatever is given.
        thousands: The character between groups of three digits; a space stands for
            every kind of space. Empty where digits are not grouped.
        currency: The texts that may stand before or behind a number: ``("€", "EUR")``.
        unit: The spellings of the unit, one of which stands behind each number: ``("kg",)``.
            A number without it, or with another one, is refused.
        percent: Whether a percent sign stands behind each number; 12% becomes 12.
        negative: How negative numbers are written besides ``-1``: ``()`` for ``(1)``,
            ``1-``, or a sign that stands for the hyphen.

    Raises:
        ConfigurationError: ``negative`` is none of these.
    """
    if thousands == decimal == ".":  # Otherwise 12.5 would be read as 125.
        decimal = ","
    style = _Style(decimal, thousands, tuple(currency), tuple(unit), percent, negative)
    digits = (
        f"1{thousands}234{decimal}50",
        f"1{decimal}50",
        f"1{thousands}234",
        "1",
    )
    behind = f" {unit[0]}" if unit else "%" * percent
    examples = tuple(text + behind for text in digits)
    named = f"a decimal {MARKS[decimal]}" if decimal in MARKS else f'"{decimal}" in it'
    return Notation(
        _number_parser(style),
        "a number",
        examples,
        _rival_of(style),
        asks=f"the number with {named}",
    )


class _Style(NamedTuple):
    """How numbers are written, as the arguments of ``number`` say."""

    decimal: str
    thousands: str
    currency: tuple[str, ...]
    unit: tuple[str, ...]
    percent: bool
    negative: str


@cache  # So that columns alike have one rival, and are judged by it in one query.
def _rival_of(style: _Style) -> Rival | None:
    """Return the notation in which points and commas change places."""
    mark = style.decimal
    if mark not in MARKS:
        return None
    other = "." if mark == "," else ","
    others = () if style.thousands in {"", *MARKS} else (style.thousands,)

    def read(text: pl.Expr, mark: str, groups: str) -> pl.Expr:
        ways = (
            _number_parser(style._replace(decimal=mark, thousands=way))
            for way in (groups, *others)
        )
        return pl.coalesce(*(parse(text) for parse in ways))

    return Rival(
        stated=partial(read, mark=mark, groups=other),
        other=partial(read, mark=other, groups=mark),
        name=f"a decimal {MARKS[mark]}",
        other_name=f"a decimal {MARKS[other]}",
        remedy=f'decimal="{other}", thousands="{mark}"',
    )


def _number_parser(style: _Style) -> Parser:
    decimal, thousands, currency, unit, percent, negative = style
    group = SPACE if thousands == " " else re.escape(thousands)
    # A group that begins with a zero is none: 0.250 is not 250.
    grouped = rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+"
    whole = f"(?:{grouped}|[0-9]+)" if thousands else "[0-9]+"
    if thousands == ",":
        whole = rf"(?:{INDIAN_GROUPS}|{whole})"
    point = re.escape(decimal)
    digits = rf"(?:{whole}(?:{point}[0-9]+)?|{point}[0-9]+)"
    if not (currency or unit or percent) and negative == "-":
        return _plain_number(rf"^[+-]?{digits}$", group if thousands else "", decimal)
    pattern = _number_pattern(digits, style)
    beside = _any_of((*currency, *unit)) or "%"

    def parse(text: pl.Expr) -> pl.Expr:
        # A currency may hold a point itself, and a unit a digit.
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


def _number_pattern(digits: str, style: _Style) -> str:
    """Return the pattern of numbers with currencies, units, percent or minus signs."""
    currency, negative = style.currency, style.negative
    one = _any_of(currency)
    before = f"(?:(?:{one}){SPACE}?)?" if currency else ""
    after = f"(?:{SPACE}?(?:{one}))?" if currency else ""
    after = f"{SPACE}?%" if style.percent else after
    after += f"{SPACE}?(?:{_any_of(style.unit)})" if style.unit else ""
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


def _any_of(texts: tuple[str, ...]) -> str:
    """Return the pattern of some texts, the longest first: ``m2`` before ``m``."""
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))


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

    return Notation(parse, "a duration", ("1:30:00",), asks="the duration as HH:MM:SS")


def epoch(unit: str = "s") -> Parser:
    """Read moments as a count of time since 1970, in UTC.

    Args:
        unit: ``s`` for seconds, ``ms`` for milliseconds, ``us`` for microseconds.

    Raises:
        ConfigurationError: ``unit`` is none of these.
    """
    if unit not in PER_SECOND:
        raise ConfigurationError(f'epoch({unit!r}): give "s", "ms" or "us".')
    factor = PER_SECOND["us"] // PER_SECOND[unit]

    def parse(text: pl.Expr) -> pl.Expr:
        whole = pl.when(text.str.contains("^-?[0-9]{1,18}$")).then(text)
        count = whole.cast(pl.Int128) * factor
        micros = count.cast(pl.Int64, strict=False)
        return micros.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")

    example = str(EXAMPLE_EPOCH * PER_SECOND[unit])
    noun = f"number of {UNITS[unit]} since 1970"
    asks = f"the {noun} in UTC, such as {example}"
    return Notation(parse, f"a {noun}", (example,), asks=asks)


def unwrapped() -> Parser:
    """Take away what marks text in a spreadsheet: ``="00123"`` and ``'00123``."""

    def parse(text: pl.Expr) -> pl.Expr:
        inner = text.str.extract('^="(.*)"$')
        return pl.coalesce(inner, text.str.replace("^'([0-9].*)$", "$1"))

    return parse


def boolean(*, true: tuple[str, ...] = TRUE, false: tuple[str, ...] = FALSE) -> Parser:
    """Read some words as true and others as false, in upper or lower case."""
    words = {word.lower(): True for word in true} | {
        word.lower(): False for word in false
    }

    def parse(text: pl.Expr) -> pl.Expr:
        return text.str.to_lowercase().replace_strict(
            words, default=None, return_dtype=pl.Boolean
        )

    asked = [YES_NO] if set(YES_NO) <= words.keys() else [true[:1], false[:1]]
    return Notation(
        parse,
        f"yes or no ({', '.join([*true, *false])})",
        asks=" or ".join(word for some in asked for word in some),
    )


def _duration(text: pl.Expr, pattern: str) -> pl.Expr:
    """Add up days, hours, minutes, seconds and their fraction; a missing part is 0."""
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
    short = ~text.str.contains(rf"[0-9]{{{MOST_DIGITS + 1}}}")
    signed = pl.when(groups.struct.field("1") == "-").then(-total).otherwise(total)
    return pl.when(short).then(signed)
