"""Step 1, import: numbers whose format shows something else than their value."""

import re
from collections.abc import Mapping
from decimal import Context, Decimal

SHEET_DIGITS = 15  # Digits that a spreadsheet keeps of a number; any further are noise.
# The formats for percent and for durations that every workbook has, by their numbers.
BUILT_IN = {9: "0%", 10: "0.00%", 46: "[h]:mm:ss"}
# A format of durations counts hours, minutes or seconds beyond a day.
ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
SECONDS_OF_DAY = 86_400
# What is printed as it stands, or not at all: "text", \- and [Red], _) and *-.
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
# Formats such as 00000, and 000-00-0000 with or without quotes around its marks.
MASK = re.compile(r"0[0 ./-]*0")
LITERAL = re.compile(r'\\(.)|"([^"]*)"|\[[^\]]*\]')
# What stands before the first digit: "INV-" in "INV-"0000.
BEFORE = re.compile(rf"(?:{LITERAL.pattern})*")


def shown_as(code: str, value: str) -> str | None:
    """Return the text of a number in its format; None if its value says as much.

    Formats that round a number, group its digits or add a unit show less or no more than
    its value, which is kept.

    Args:
        code: The code of the format: ``00000``, ``0.0%``.
        value: The number as the workbook stores it.
    """
    section = code.split(";", maxsplit=1)[0]
    if ELAPSED.search(section):
        return as_clock(round(Decimal(value) * SECONDS_OF_DAY))
    if "%" in QUOTED.sub("", section):
        return f"{_plain(Decimal(value).scaleb(2))}%"
    before = BEFORE.match(section)
    start = before.end() if before else 0
    prefix, mask = (
        LITERAL.sub(r"\1\2", part) for part in (section[:start], section[start:])
    )
    if mask.count("0") < len(mask) and "." in mask:
        return None  # A point stands before decimals.
    if not MASK.fullmatch(mask) or not value.isdecimal():
        return None
    return prefix + _masked(mask, value)


def shows_otherwise(codes: Mapping[int, str]) -> dict[int, str]:
    """Return the formats of numbers that show something else than the value."""
    known = BUILT_IN | dict(codes)
    return {n: code for n, code in known.items() if shown_as(code, "1")}


def as_clock(seconds: int) -> str:
    """Return a duration as the format [h]:mm:ss shows it."""
    minutes, second = divmod(abs(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{minute:02}:{second:02}"


def _plain(number: Decimal) -> str:
    text = format(Context(prec=SHEET_DIGITS).plus(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _masked(mask: str, digits: str) -> str:
    """Put digits in the place of the zeros of a mask, from the right."""
    left = list(digits.zfill(mask.count("0")))
    text = [left.pop() if sign == "0" else sign for sign in reversed(mask)]
    return "".join([*left, *reversed(text)])
