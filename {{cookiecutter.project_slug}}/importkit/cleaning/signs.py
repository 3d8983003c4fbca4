"""Step 2, clean: digits and signs of numbers that parsers do not know are written plainly."""

import sys
import unicodedata
from functools import cache

import polars as pl

# Also no-break spaces, which separate groups of digits.
SPACE = r"[ \x{00a0}\x{202f}]"
# Hyphens, dashes and minus signs; each stands for a minus beside a number.
MINUSES = "[\u2010-\u2015\u2212\u207b\ufe58\ufe63\uff0d]"


@cache
def decimal_digits() -> dict[str, str]:
    """Return the digits of all scripts with those of ASCII, such as ``٣`` with ``3``.

    They are the characters of Unicode's category Nd.
    """
    characters = map(chr, range(0x80, sys.maxunicode + 1))
    return {
        character: str(unicodedata.decimal(character))
        for character in characters
        if unicodedata.category(character) == "Nd"
    }


def ascii_digits(text: pl.Expr) -> pl.Expr:
    """Return text with the digits of ASCII in the place of those of other scripts."""
    return text.str.replace_many(decimal_digits())


def signs_before(text: pl.Expr) -> pl.Expr:
    """Return numbers in digits of ASCII, with a hyphen before those that are negative.

    Args:
        text: Stripped text. ``(12)``, ``$(12)``, ``12-`` and ``−12`` become ``-12``, with
            the sign of a currency where it stood; ``$-``, as spreadsheets show no
            amount, becomes ``$0``. Other text stays as it is.
    """
    plain = ascii_digits(text).str.replace_all(MINUSES, "-")
    inside = rf"\({SPACE}*([^()+-]*[0-9][^()+-]*?){SPACE}*\)"
    return (
        plain.str.replace(rf"^([^0-9()+-]*){inside}([^0-9()+-]*)$", "-$1$2$3")
        .str.replace(rf"^([^()+-]*[0-9][^()+-]*?){SPACE}?-$", "-$1")
        .str.replace(rf"^([^0-9()+\-\s]+){SPACE}*-$", "${1}0")
        .str.replace(rf"^-{SPACE}*([^0-9()+\-\s]+)$", "${1}0")
        .str.replace(rf"^-{SPACE}+", "-")
    )
