"""Signs beside the digits of a number, and words in place of a value."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from generators.inference.column import Column
from importkit import cleaning


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))


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
CURRENCY = _any_of((*CURRENCY_SIGNS, *CURRENCY_CODES.split()))
# Units of things that are counted: there is no half of one.
PIECES = "pcs pcs. pc Stk Stk. St St. Stck Stck. Stück"
# Units of one letter; behind a blank, since 12m may be a code. Not A, which also names
# school classes, seats and parts of houses, and no letters of north, south and east.
UNITS_OF_A_LETTER = "g h l m s t L V W"
UNITS = (
    "kg Kg KG mg lb lbs oz km cm mm in ft yd m² m³ m2 m3 km² cm² cm³ ha ml mL cl hl kWh "
    "MWh Wh kW MW kV mA Ah mAh Hz kHz MHz GHz bar mbar hPa kPa kB KB MB GB TB min ms "
    f"km/h mph rpm dB ° °C °F {PIECES}"
)
UNITS_NAMED = 3  # In a reason.
# Values that have the sign: fewer may have it by chance.
MIN_VALUES = 3
SPACE = r"[ \x{00a0}\x{202f}]"
UNIT = f"(?:{SPACE}?(?:{_any_of(UNITS.split())})|{SPACE}(?:{_any_of(UNITS_OF_A_LETTER.split())}))"
# What may be a unit, where the user says that a number stands before it.
NUMBER = r"[+-]?[0-9][0-9.,'’ ]*"
WORD = rf"{SPACE}?\p{{L}}[^0-9,(){{}}%]*"
MINUS = "\N{MINUS SIGN}"
NUMBER_LIKE = (
    rf"^\(?[+\-{MINUS}]?{SPACE}?(?:(?:{CURRENCY}){SPACE}?)?\(?[+\-{MINUS}]?{SPACE}?[.,]?"
    rf"\d[\d.,'’ \x{{00a0}}\x{{202f}}]*(?:[eE][+-]?\d+)?"
    rf"(?:{SPACE}?(?:%|{CURRENCY})|{UNIT})?[\-{MINUS}]?\)?{SPACE}?(?:{CURRENCY})?$"
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
    """Take signs of a notation off numbers: currency, unit, percent, forms of minus.

    Returns:
        The column with its notation, and the numbers; None if values have notations
        that exclude each other.
    """
    numbers: StrippedNumbers | None = StrippedNumbers(draft, values, ())
    if not values.str.contains(BESIDE_NUMBERS).any():
        return numbers
    steps = (_parentheses, _trailing_minus, _minus_sign, _percent, _currency, _unit)
    for step in steps:
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
    if found < len(values) or not _are_enough(numbers):
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
    is_one = len(spellings) == 1 and len(found) == len(values)
    if not is_one or not _are_enough(numbers):
        return None
    values = (
        values.str.replace(spellings[0], "", literal=True)
        .str.strip_chars()
        .str.replace(rf"^([+-]){SPACE}", "$1")
    )
    column = replace(column, currency=tuple(spellings))
    return StrippedNumbers(column, values, (*notes, "a currency sign"))


def _unit(numbers: StrippedNumbers) -> StrippedNumbers | None:
    """Read 5 kg. Evidence: every value has the same unit, at least three.

    Where the user says that the values are numbers, any word may be the unit.
    """
    column, values, notes = numbers
    units = units_of(values, any_word=column.stated)
    if not units:
        return numbers
    is_one = len({unit.lower() for unit in units}) == 1
    if not is_one or not _are_enough(numbers):
        return None
    values = values.str.replace(rf"{SPACE}*(?:{_any_of(units)})$", "")
    column = replace(column, unit=tuple(units))
    return StrippedNumbers(column, values, (*notes, f"the unit {units[0]}"))


def _are_enough(numbers: StrippedNumbers) -> bool:
    """Return whether a sign beside all numbers is no chance, or the user says so."""
    return numbers.column.stated or len(numbers.values) >= MIN_VALUES


def units_of(values: pl.Series, *, any_word: bool = False) -> list[str]:
    """Return the units behind numbers, the commonest first; empty for a value without."""
    pattern = f"{UNIT}|{WORD}" if any_word else UNIT
    found = values.str.extract(f"[0-9.,]({pattern})$").fill_null("").str.strip_chars()
    counted = found.alias("").value_counts(name="rows")
    units: list[str] = counted.sort(["rows", ""], descending=[True, False])[
        ""
    ].to_list()
    return units if any(units) else []


def why_of_several_kinds(values: pl.Series, name: str) -> str:
    """Say why values that look like numbers have no common reading; names their units.

    Args:
        values: The values.
        name: What the option ``--type`` calls the column.
    """
    total = len(values)
    units = units_of(values)
    if not units:
        return f"{total:,} of {total:,} look like numbers of several kinds"
    if len(units) == 1 and total < MIN_VALUES:
        return (
            f"{total:,} of {total:,} are numbers in {units[0]}, which is too few to be "
            f"sure: --type {name}=decimal or integer decides"
        )
    return (
        f"{total:,} of {total:,} look like numbers, but their {why_not_one_unit(units)}"
    )


def why_not_one_unit(units: list[str]) -> str:
    """Return a clause that names several units; an empty text is no unit."""
    names = [unit or "none" for unit in units]
    more = ", ..." if len(names) > UNITS_NAMED else ""
    return f"units differ ({', '.join(names[:UNITS_NAMED])}{more})"


def why_beside_a_word(values: pl.Series, name: str) -> str:
    """Say that the same word, which may be a unit, stands behind each number.

    Args:
        values: The values, which are text.
        name: What the option ``--type`` calls the column.

    Returns:
        The reason; empty where they have several words, or one has none.
    """
    total = len(values)
    has_numbers = values.head(MIN_VALUES).str.contains(f"^{NUMBER}(?:{WORD})$").all()
    if total < MIN_VALUES or not has_numbers:
        return ""
    word = values.str.extract(f"^{NUMBER}({WORD})$").str.strip_chars()
    if word.null_count() or word.n_unique() > 1:
        return ""
    return (
        f"{total:,} of {total:,} are numbers before the same letters, a unit? "
        f"--type {name}=decimal or integer reads them"
    )
