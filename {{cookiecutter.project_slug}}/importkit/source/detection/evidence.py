"""Step 1, import: how much speaks for a cell as the name of its column, or against it.

Every piece of evidence is a logarithm of a ratio: how often such a cell is a header, to how
often it is one more value of the column below. Pieces are added, so that no single
coincidence decides, and one row more changes an answer by little.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import log

from importkit.source.detection.name_words import is_name
from importkit.source.detection.separators import MOMENT, VALUE

ADDRESS = re.compile(r"\w+://\S+|[^@\s]+@[^@\s]+\.\w+")
YEAR = re.compile(r"(19|20)\d\d")
NULL_WORD = re.compile(r"[-.?*]*|n/?a|nan|null|none", re.IGNORECASE)
MOMENTS = re.compile(MOMENT)
MOSTLY = 0.9  # The share of values in a column of values; a few cells may be notes.
# What one column can say at most, so that a wide table is not decided by one column.
MOST = 4.0
# How often headers are such, as shares, estimated, not counted.
REPEATED = 0.02  # A header that is also a value of its column.
VALUES = 0.03  # A header that looks like a number, a moment or an address.
YEARS = 0.1  # A header that is a year, above values that are none.
NAMED = 0.3  # A header with one of the words by which people name columns.
CHANCE = 0.01  # A value with such a word.
CASES = {"lower": 0.35, "upper": 0.15, "title": 0.35, "mixed": 0.1, "none": 0.05}
DIGITS = {"none": 0.88, "some": 0.1, "only": 0.02}
LENGTHS = {"1": 0.03, "2": 0.09, "3": 0.08, "to 20": 0.7, "to 40": 0.09, "more": 0.01}
JOINED = {"_": 0.2, "word": 0.55, "words": 0.2, "other": 0.05}
# That a cell looks like the values below it says little: names of columns are words, as
# values are. That it looks otherwise says much.
LEAST_LIKENESS = -0.25
LOOKED_AT = 50  # Values whose writing is compared; more would not change the answer.


def names_column(cell: str, values: Sequence[str]) -> float:
    """Return how much speaks for a cell as the name of the values below it.

    Args:
        cell: The cell.
        values: The values below it that are not empty.

    Returns:
        From -4 to 4; above 0 speaks for a name, below 0 for a value.
    """
    if not cell or not values:
        return 0.0
    return max(-MOST, min(MOST, _weight(cell, values)))


def is_value(cell: str) -> bool:
    """Return whether a cell looks like a value, as no name of a column does."""
    return bool(VALUE.fullmatch(cell) or ADDRESS.fullmatch(cell))


def are_values(values: Sequence[str]) -> bool:
    """Return whether nearly all cells look like values, words for nothing left aside."""
    known = [cell for cell in values if not NULL_WORD.fullmatch(cell)]
    return bool(known) and sum(map(is_value, known)) >= MOSTLY * len(known)


def _weight(cell: str, values: Sequence[str]) -> float:
    if NULL_WORD.fullmatch(cell):
        return min(
            0.0,
            _ratio(0.05, sum(map(bool, map(NULL_WORD.fullmatch, values))), len(values)),
        )
    known = [value for value in values if not NULL_WORD.fullmatch(value)]
    if not known:
        return 0.0
    valued = sum(map(is_value, known))
    if is_value(cell):
        return _weight_of_value(cell, known, valued)
    weight = _ratio(0.9, len(known) - valued, len(known))
    if valued >= MOSTLY * len(known):
        return max(weight, 0.0)
    weight = max(weight, 0.0) + _ratio_of_repeats(cell, known)
    if is_name(cell):
        named = sum(map(is_name, set(known)))
        share = (named + CHANCE) / (len(set(known)) + 1)
        weight += max(log(NAMED / max(share, CHANCE)), 0.0)
    return weight + _unlikeness(cell, known[:LOOKED_AT])


def _weight_of_value(cell: str, known: Sequence[str], valued: int) -> float:
    if YEAR.fullmatch(cell):
        years = sum(map(bool, map(YEAR.fullmatch, known)))
        return min(_ratio(YEARS, years, len(known)), 0.0) if years else 0.0
    is_day = MOMENTS.fullmatch(cell) and not any(map(MOMENTS.fullmatch, known))
    if is_day and valued >= MOSTLY * len(known):
        return 1.0  # A day above numbers names them.
    return min(_ratio(VALUES, valued, len(known)), 0.0)


def _ratio(share: float, alike: int, count: int) -> float:
    """Return the logarithm of a share of headers to the share of values that are alike."""
    return log(share * (count + 1) / (alike + 0.5))


def _ratio_of_repeats(cell: str, known: Sequence[str]) -> float:
    """Weigh whether the values have the cell: a value comes again where values do so.

    By Good and Turing, the next value is a new one as often as values stand there once. So
    among values none of which comes again, one that does is no more likely than a header
    that happens to be the same.
    """
    counts = Counter(known)
    single = sum(n == 1 for n in counts.values())
    new = (single + 1) / (len(known) + 2)
    if cell in counts:
        return log(REPEATED / (1 - new))
    return log((1 - REPEATED) / new)


def _unlikeness(cell: str, known: Sequence[str]) -> float:
    """Weigh how a cell is written against how the values are."""
    weight = 0.0
    for look, shares in LOOKS:
        own = look(cell)
        alike = sum(look(value) == own for value in known)
        share = shares[own]
        weight += log(share * (len(known) + 2) / (alike + 2 * share))
    shape = _shape(cell)
    if any(map(str.isdigit, cell)):
        # Codes of one shape: "A17-2" above "B20-9" is one more of them.
        alike = sum(_shape(value) == shape for value in known)
        if alike:
            return min(weight, log(REPEATED * (len(known) + 1) / alike))
    return max(weight, LEAST_LIKENESS)


def _case(text: str) -> str:
    letters = [sign for sign in text if sign.isalpha()]
    if not letters or not any(sign.lower() != sign.upper() for sign in letters):
        return "none"
    if all(map(str.islower, letters)):
        return "lower"
    if all(map(str.isupper, letters)):
        return "upper"
    return "title" if letters[0].isupper() and text[1:].islower() else "mixed"


def _digits(text: str) -> str:
    if not any(map(str.isdigit, text)):
        return "none"
    return "some" if any(map(str.isalpha, text)) else "only"


def _length(text: str) -> str:
    size = len(text)
    if size < 4:
        return str(size)
    return "to 20" if size <= 20 else "to 40" if size <= 40 else "more"


def _joint(text: str) -> str:
    if "_" in text:
        return "_"
    if text.isalnum():
        return "word"
    return "words" if all(part.isalnum() for part in text.split()) else "other"


def _shape(cell: str) -> str:
    """Return the shape of a code: "A99-9" for "B17-0"."""
    return re.sub("[A-Z]", "A", re.sub("[a-z]", "a", re.sub(r"\d", "9", cell)))


# What is compared of a cell and of values: which looks there are, and their shares.
LOOKS: tuple[tuple[Callable[[str], str], Mapping[str, float]], ...] = (
    (_case, CASES),
    (_digits, DIGITS),
    (_length, LENGTHS),
    (_joint, JOINED),
)
