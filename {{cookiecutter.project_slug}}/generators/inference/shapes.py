"""The form of codes: where they have letters and digits, for values that only look alike."""

import re
from itertools import count, islice
from string import ascii_lowercase, ascii_uppercase

import polars as pl

from generators.inference.rules.codes import as_int

# Codes have a digit, and letters in short runs: longer ones are words.
CODE = r"^[A-Za-z0-9(#+][A-Za-z0-9 ./_()#:-]{0,23}$"
WORD = r"[A-Za-z]{5}"
DIGITS = "1234567890"
EXAMPLES = 2
# How many examples are tried: with more that are values themselves, the codes are few.
TRIED = 40


def examples_of(values: pl.Series) -> tuple[str, ...]:
    """Return two invented texts in the form of most values; none of them is a value.

    Evidence: every value has the characters of a code, at least one digit, and no word.
    Zeros in front stay zeros, as many as all values of that form have, and one if any has.

    Args:
        values: The values of a column of text.

    Returns:
        The texts; empty where the values are no codes, or too short for others to differ.
    """
    is_code = (
        values.str.contains(CODE)
        & values.str.contains("[0-9]")
        & ~values.str.contains(WORD)
    )
    if values.is_empty() or not is_code.all():
        return ()
    form = (
        values.str.replace_all("[A-Z]", "A")
        .str.replace_all("[a-z]", "a")
        .str.replace_all("[0-9]", "9")
    )
    counted = form.value_counts(name="rows").sort(
        ["rows", form.name], descending=[True, False]
    )
    commonest = str(counted[form.name][0])
    zeros = (
        values.filter(form == commonest)
        .str.extract("^[^0-9]*(0*)", 1)
        .str.len_chars()
        .fill_null(0)
    )
    least, most = as_int(zeros.min()), as_int(zeros.max())
    shape = _with_zeros(commonest, max(least, min(most, 1)))
    # A file of rejects guards a sign in front, which a spreadsheet takes for a formula.
    shape = re.sub(r"^[+]", "00", shape)
    known = set(values.str.to_lowercase())
    invented = (_filled(shape, number) for number in islice(count(), TRIED))
    found = [
        *islice((text for text in invented if text.lower() not in known), EXAMPLES)
    ]
    return tuple(found) if len(found) == EXAMPLES else ()


def _with_zeros(shape: str, number: int) -> str:
    """Let the first digits be zeros, but for the last digit of all."""
    number = min(number, shape.count("9") - 1)
    return shape.replace("9", "0", number)


def _filled(shape: str, number: int) -> str:
    """Put letters and digits at their places, for each number others."""
    letters, digits = count(number), count(number)
    return "".join(
        DIGITS[next(digits) % len(DIGITS)]
        if place == "9"
        else ascii_uppercase[next(letters) % 26]
        if place == "A"
        else ascii_lowercase[next(letters) % 26]
        if place == "a"
        else place
        for place in shape
    )
