"""Rules for numbers, and for text that only looks like them; what loses nothing wins."""

import re
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from generators.columns import Column, Kind
from generators.names import snake

NUMBER_LIKE = r"^[+-]?[.,]?[0-9][0-9.,'’ \x{00a0}\x{202f}]*([eE][+-]?[0-9]+)?$"
EXPONENT = r"[eE][+-]?[0-9]+$"
# Without a point or a sign, 12e10 may as well be the id of something.
FLOAT = r"^[+-]?(([0-9]+\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|[0-9]+([eE][+-][0-9]+)?)$"

INT64_DIGITS = 18
DECIMAL_DIGITS = 38
DOUBLE_DIGITS = 17
LONG_SCALE = 6
GROUP = 3
SPACES = {"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"}
SERIAL_WIDTH = 4
SPARSE = 10

# Numbers in name only: nobody adds them up, and some begin with a zero.
CODES = (
    "asin bic cik code cusip ean fax fips gtin hash iban imei insee ip isbn issn "
    "mobil mobile mpn npi phone plz postal postcode siren siret sku ssn swift tel telefon "
    "telephone token upc uuid vat version zip zipcode"
)
SERIALS = "id key no nr num number nummer numero ref reference"


class Style(NamedTuple):
    """How numbers are written."""

    decimal: str
    thousands: str


STYLES = (
    Style(".", ""),
    Style(",", ""),
    *(Style(point, group) for group in ",. '’" for point in ".," if point != group),
)


def infer_number(draft: Column, values: pl.Series, *, commas: bool) -> Column | None:
    """Read numbers where one style of writing them fits every value.

    Args:
        draft: The column as text.
        values: Its stripped values, without nulls.
        commas: Whether decimal commas are proved elsewhere in the file. If they are,
            a point before three digits may as well part thousands.

    Returns:
        The column, None where the values are something else.
    """
    marks = set().union(*values.str.replace_all("[0-9]+", "").unique())
    if marks & {"e", "E"}:
        return _float(draft, values)
    if marks & SPACES:
        values = values.str.replace_all(r"[\x{00a0}\x{202f}]", " ")
        marks = marks - SPACES | {" "}
    styles = _styles(values, marks - {"+", "-"})
    if not styles:
        return None
    style = styles[0]
    if len(styles) > 1 and (commas or style != STYLES[0]):
        why = f"{len(values):,} of {len(values):,} read as decimals or as thousands"
        return _text(draft, why)
    plain = _plain(values, style)
    if lookalike := _lookalike(draft, plain):
        return lookalike
    draft = replace(draft, decimal=style.decimal, thousands=style.thousands)
    return _decimal(draft, plain) if style.decimal in marks else _integer(draft, plain)


def _plain(values: pl.Series, style: Style) -> pl.Series:
    """Write numbers as Python does."""
    if style.thousands:
        values = values.str.replace_all(style.thousands, "", literal=True)
    if style.decimal != ".":
        values = values.str.replace(style.decimal, ".", literal=True)
    return values


def may_be_grouped(column: Column) -> bool:
    """Say whether decimals would also read as whole numbers with dotted thousands."""
    plain = column.decimal == "." and not column.thousands
    return column.kind is Kind.DECIMAL and plain and column.scale == GROUP


def _styles(values: pl.Series, marks: set[str]) -> list[Style]:
    """Return the styles that fit every value and use every mark in them.

    More than one fits only where marks stand before three digits each: 1,234.
    """
    return [
        style
        for style in STYLES
        if marks <= set(style)
        and style.thousands in {"", *marks}
        and (style.decimal in {".", *marks} or style.thousands == ".")
        and values.str.contains(_pattern(style)).all()
    ]


def _pattern(style: Style) -> str:
    point, group = map(re.escape, style)
    grouped = rf"[1-9][0-9]{{0,2}}({group}[0-9]{{3}})+" if group else "[0-9]+"
    return rf"^[+-]?(({grouped}|[0-9]+)({point}[0-9]+)?|{point}[0-9]+)$"


def _lookalike(draft: Column, plain: pl.Series) -> Column | None:
    """Keep as text what a number would change, or what the name calls a code.

    Evidence: a leading zero, a plus before seven digits (a phone), a name such as
    "zip" or "phone number", or ids of one width, unless it is a plain id that counts.
    """
    total = len(plain)
    if zeros := _count(plain, r"^[+-]?0[0-9]"):
        return _text(draft, f"{zeros:,} of {total:,} have leading zeros")
    if phones := _count(plain, r"^\+[0-9]{7,}$"):
        return _text(draft, f"{phones:,} of {total:,} look like phone numbers")
    if _names_code(draft.header):
        return _text(
            draft, f"{total:,} of {total:,} are numbers, but the name says code"
        )
    if _is_serial(draft, plain):
        return _text(
            draft, f"{total:,} of {total:,} are digits of one width, ids by name"
        )
    return None


def _names_code(header: str) -> bool:
    """Say whether a name ends in one of the codes: "zip", "Phone number 2"."""
    words = [word for word in snake(header).split("_") if not word.isdigit()]
    if len(words) > 1 and words[-1] in SERIALS.split():
        words.pop()
    return bool(words) and words[-1] in CODES.split()


def _is_serial(draft: Column, plain: pl.Series) -> bool:
    """Say whether these are ids of one width that do not count rows."""
    name = snake(draft.header)
    if name.split("_")[-1] not in SERIALS.split() or plain.n_unique() == 1:
        return False
    widths = plain.str.len_chars()
    if widths.n_unique() > 1 or widths[0] < SERIAL_WIDTH:
        return False
    if not plain.str.contains("^[0-9]+$").all():
        return False
    return name != "id" or not _counts(plain)


def _counts(plain: pl.Series) -> bool:
    """Say whether numbers lie close together, as those of a sequence do."""
    if plain.str.len_chars()[0] > INT64_DIGITS:
        return False
    numbers = plain.cast(pl.Int64)
    return _int(numbers.max()) - _int(numbers.min()) < SPARSE * len(plain)


def _integer(draft: Column, plain: pl.Series) -> Column:
    """Read integers: digits only, at most 18, so that 64 bits hold each."""
    total = len(plain)
    if long := _count(plain, rf"[0-9]{{{INT64_DIGITS + 1}}}"):
        return _text(
            draft, f"{long:,} of {total:,} have more than {INT64_DIGITS} digits"
        )
    numbers = plain.cast(pl.Int64)
    return replace(
        draft,
        kind=Kind.INTEGER,
        decimal=".",
        unique=total > 1 and numbers.n_unique() == total,
        minimum=_int(numbers.min()),
        maximum=_int(numbers.max()),
        evidence=f"{total:,} of {total:,} are whole numbers{_marks(draft.thousands)}",
    )


def _decimal(draft: Column, plain: pl.Series) -> Column:
    """Read decimals, which lose nothing, unless only a float writes such numbers.

    A float shows by fractions of many lengths, some above six digits, in numbers of
    at most the 17 digits that it can hold.
    """
    total = len(plain)
    digits = longest(plain.str.extract(r"^[+-]?0*([0-9]*)"))
    scales = plain.str.extract(r"\.([0-9]+)$").str.len_chars().fill_null(0)
    scale, least = _int(scales.max()), _int(scales.min())
    if least < scale and scale > LONG_SCALE and _significant(plain) <= DOUBLE_DIGITS:
        why = f"{total:,} of {total:,} are numbers of scale {least} to {scale}"
        return replace(draft, kind=Kind.FLOAT, evidence=why)
    if digits + scale > DECIMAL_DIGITS:
        return _text(
            draft, f"{total:,} of {total:,} are numbers, {digits + scale} digits"
        )
    why = f"{total:,} of {total:,} are decimals, scale up to {scale}"
    why += _marks(draft.thousands, draft.decimal)
    return replace(draft, kind=Kind.DECIMAL, digits=digits, scale=scale, evidence=why)


def _float(draft: Column, values: pl.Series) -> Column | None:
    """Read floats: plain numbers, some with an exponent that cannot be part of an id."""
    if not values.str.contains(FLOAT).all() or _count(values, r"^[+-]?0[0-9]"):
        return None
    total = len(values)
    if _names_code(draft.header):
        return _text(
            draft, f"{total:,} of {total:,} are numbers, but the name says code"
        )
    why = f"{_count(values, EXPONENT):,} of {total:,} numbers have an exponent"
    return replace(draft, kind=Kind.FLOAT, evidence=why)


def _significant(plain: pl.Series) -> int:
    """Return the most digits of a number, without the zeros before them."""
    return longest(plain.str.replace(".", "", literal=True).str.extract("([1-9].*)"))


def _marks(thousands: str, decimal: str = ".") -> str:
    """Name the marks in numbers that are not written plainly."""
    marks = ["grouped thousands"] if thousands else []
    marks += ["decimal commas"] if decimal == "," else []
    return f", with {' and '.join(marks)}" if marks else ""


def _text(draft: Column, evidence: str) -> Column:
    return replace(draft, decimal=".", thousands="", evidence=evidence)


def _count(values: pl.Series, pattern: str) -> int:
    return int(values.str.contains(pattern).sum())


def longest(texts: pl.Series) -> int:
    """Return the characters of the longest text."""
    return _int(texts.str.len_chars().max())


def _int(value: object) -> int:
    """Take an aggregate of integers, which polars types as any value or none."""
    return value if isinstance(value, int) else 0
