"""Signs beside the digits of a number, and words in place of a value."""

import re
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from generators.inference.column import Column
from importkit import cleaning

CURRENCY_SIGNS = (
    *("US$", "A$", "C$", "R$", "NZ$", "HK$", "S$", "$", "€", "£", "¥", "₹", "₽", "₩"),
    *("₺", "₴", "₫", "₪", "฿", "₦", "₱", "zł", "Kč", "Ft", "kr.", "kr", "Fr."),
)
CURRENCY_CODES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR "
    "ISK JPY KRW MAD MXN MYR NOK NZD PEN PHP PLN RON RUB SAR SEK SGD THB TRY TWD UAH "
    "USD VND ZAR"
)
# The longest first, since US$ contains $.
CURRENCY = "|".join(
    map(
        re.escape,
        sorted((*CURRENCY_SIGNS, *CURRENCY_CODES.split()), key=len, reverse=True),
    )
)
# Values that have the sign: fewer may have it by chance.
MIN_VALUES = 3
SPACE = r"[ \x{00a0}\x{202f}]"
MINUS = "\N{MINUS SIGN}"
NUMBER_LIKE = (
    rf"^\(?[+\-{MINUS}]?{SPACE}?(?:(?:{CURRENCY}){SPACE}?)?\(?[+\-{MINUS}]?{SPACE}?[.,]?"
    rf"\d[\d.,'’ \x{{00a0}}\x{{202f}}]*(?:[eE][+-]?\d+)?"
    rf"{SPACE}?(?:%|{CURRENCY})?[\-{MINUS}]?\)?{SPACE}?(?:{CURRENCY})?$"
    rf"|^(?:{CURRENCY}){SPACE}*-$"
)

# Null words among numbers or dates. In text these may be values: NA is the code of
# Namibia.
NULL_WORDS = (
    r"(?i)^(n/?a|n\.a\.|#n/a|nan|null|none|nil|nd|k\. ?a\.|-+|—|–|\.|\?|\\n"
    r"|0000-00-00( 00:00:00)?)$"
)
# Dates of zeros, which stand for no date in columns of dates that are written so.
EMPTY_DATES = (
    r"^(0000([-/.])00[-/.]00|00([-/.])00[-/.](0000|00)|00000000)"
    r"([ T]00:00(:00(\.0+)?)?)?$"
)
# What a spreadsheet shows instead of a value, in any language: a formula that failed, or
# a number that is wider than its column. Such a cell is no value and not empty either.
ERRORS = (
    r"^(#[¡¿]?[\p{Lu}_]+(/0)?[!?]|#[\p{Lu}_]+/0!?|#GETTING_DATA|#{3,}|Err:[0-9]{3})$"
)
# The word for "not available" in the languages of spreadsheets, which stands for nothing.
NOT_AVAILABLE = (
    r"^(#NV|#N/D|#N/B|#I/T|#YOK|#SAKNAS!|#PUUTTUU!|#HIÁNYZIK|#Н/Д|#NENÍ_K_DISPOZICI)$"
)
NO_VALUES_OF_OTHERS = f"{NULL_WORDS}|{NOT_AVAILABLE}|{ERRORS}"  # Than dates.
NO_VALUES = f"{NO_VALUES_OF_OTHERS}|{EMPTY_DATES}"
# Texts that are wrapped so that a spreadsheet does not turn them into numbers.
WRAPPED = """^(="[^"]+"|'[0-9].*)$"""
BESIDE_NUMBERS = r"[^0-9+\-.,'’eE \x{00a0}\x{202f}]|-$"


class StrippedNumbers(NamedTuple):
    """Numbers without the signs beside them, and the column that records these signs."""

    column: Column
    values: pl.Series
    notes: tuple[str, ...]


def strip_notation(draft: Column, values: pl.Series) -> StrippedNumbers | None:
    """Take signs of a notation off numbers: currency, percent, forms of minus.

    Returns:
        The column with its notation, and the numbers; None if values have notations
        that exclude each other.
    """
    numbers: StrippedNumbers | None = StrippedNumbers(draft, values, ())
    if not values.str.contains(BESIDE_NUMBERS).any():
        return numbers
    for step in (_parentheses, _trailing_minus, _minus_sign, _percent, _currency):
        numbers = step(numbers) if numbers else None
    return numbers


def signs_before(values: pl.Series) -> pl.Series:
    """Return numbers with their minus first, as an import reads them where it must."""
    plain = cleaning.signs_before(pl.col(values.name))
    return values.to_frame().select(plain).to_series()


def _parentheses(numbers: StrippedNumbers) -> StrippedNumbers | None:
    """Read (12) as minus 12. Evidence: some values are so, not all; none has a minus."""
    return _negative(numbers, "()", r"^\(([^()+\-]+)\)$", "parentheses for negatives")


def _trailing_minus(numbers: StrippedNumbers) -> StrippedNumbers | None:
    """Read 12- as minus 12. Evidence: some values end so, not all; none begins so."""
    return _negative(numbers, "1-", r"^([^()+\-]+)-$", "a minus behind negatives")


def _negative(
    numbers: StrippedNumbers, notation: str, pattern: str, note: str
) -> StrippedNumbers | None:
    column, values, notes = numbers
    found = int(values.str.contains(pattern).sum())
    if not found:
        return numbers
    if found == len(values) or values.str.contains("[0-9]").sum() != len(values):
        return None
    if values.str.contains(r"^[^0-9]*-").any():
        return None
    return StrippedNumbers(
        replace(column, negative=notation),
        values.str.replace(pattern, "-$1"),
        (*notes, note),
    )


def _minus_sign(numbers: StrippedNumbers) -> StrippedNumbers | None:
    """Read the typographic minus. Evidence: no other notation of negatives occurs."""
    column, values, notes = numbers
    if not values.str.contains(MINUS, literal=True).any():
        return numbers
    if column.negative != "-":
        return None
    column = replace(column, negative=MINUS)
    return StrippedNumbers(
        column, values.str.replace(MINUS, "-"), (*notes, "typographic minus")
    )


def _percent(numbers: StrippedNumbers) -> StrippedNumbers | None:
    """Read 12%. Evidence: every value has the sign, at least three."""
    column, values, notes = numbers
    found = int(values.str.contains("%", literal=True).sum())
    if not found:
        return numbers
    if not MIN_VALUES <= found == len(values):
        return None
    values = values.str.replace(rf"{SPACE}?%$", "")
    return StrippedNumbers(
        replace(column, percent=True), values, (*notes, "percent signs")
    )


def _currency(numbers: StrippedNumbers) -> StrippedNumbers | None:
    """Read $5 and 5 EUR. Evidence: every value has the same one, at least three."""
    column, values, notes = numbers
    found = values.str.extract(f"({CURRENCY})").drop_nulls()
    if found.is_empty():
        return numbers
    spellings = found.unique().sort()
    if len(spellings) > 1 or not MIN_VALUES <= len(found) == len(values):
        return None
    values = (
        values.str.replace(spellings[0], "", literal=True)
        .str.strip_chars()
        .str.replace(rf"^([+-]){SPACE}", "$1")
    )
    column = replace(column, currency=tuple(spellings))
    return StrippedNumbers(column, values, (*notes, "a currency sign"))
