"""Rules for text that only looks like numbers: codes, phones, numbers of accounts."""

import polars as pl

from generators.naming import snake

MIN_SERIAL_DIGITS = 6
MIN_SERIAL_VALUES = 10
MAX_SEQUENCE_GAP = 10

# Numbers in name only: nobody adds them up, and some begin with a zero.
CODE_WORDS = (
    "asin bic cik code cusip ean fax fips gtin hash iban imei insee ip isbn issn "
    "mobil mobile mpn npi phone plz postal postcode siren siret sku ssn swift tel telefon "
    "telephone token upc uuid vat zip zipcode"
)
# A number that would lose its zeros, or the plus of a phone.
CHANGED_AS_NUMBER = r"^[^0-9.,]*0[0-9]|^\+[0-9]{7,}$"
VERSION_WORDS = "version release revision"
# Names of numbers that somebody gave, which may be text: of accounts, of orders.
ASSIGNED_WORDS = "no nr num number nummer numero ref reference"


def reason_for_text(header: str, plain: pl.Series) -> str:
    """Keep as text what a number would change, or what the name calls a code.

    Evidence: a leading zero, a plus before seven digits (a phone), a name such as
    "zip" or "phone number", or numbers that somebody gave, all of one width.
    """
    total = len(plain)
    if zeros := count(plain, r"^[+-]?0[0-9]"):
        return f"{zeros:,} of {total:,} have leading zeros"
    if phones := count(plain, r"^\+[0-9]{7,}$"):
        return f"{phones:,} of {total:,} look like phone numbers"
    if _is_version(header, plain):
        return f"{total:,} of {total:,} are numbers, but the name says version"
    if names_code(header):
        return f"{total:,} of {total:,} are numbers, but the name says code"
    if _is_serial(header, plain):
        return f"{total:,} of {total:,} are digits of one width, given by name"
    return ""


def _is_version(header: str, plain: pl.Series) -> bool:
    """Say whether these are versions, of which 1.10 is another than 1.1."""
    last = snake(header).split("_")[-1]
    return last in VERSION_WORDS.split() and count(plain, "[.]") > 0


def names_code(header: str) -> bool:
    """Say whether a name ends in one of the codes: "zip", "Phone number 2"."""
    words = [word for word in snake(header).split("_") if not word.isdigit()]
    if len(words) > 1 and words[-1] in ASSIGNED_WORDS.split():
        words.pop()
    return bool(words) and words[-1] in CODE_WORDS.split()


def _is_serial(header: str, plain: pl.Series) -> bool:
    """Say whether these are numbers that somebody gave, such as those of accounts.

    Evidence: the name ends in "number" or the like, there are ten different ones or
    more, all have one width of at least six digits, and they do not count rows.
    """
    if snake(header).split("_")[-1] not in ASSIGNED_WORDS.split():
        return False
    if not plain.str.contains("^[0-9]+$").all() or plain.n_unique() < MIN_SERIAL_VALUES:
        return False
    widths = plain.str.len_chars()
    if widths.n_unique() > 1 or widths[0] < MIN_SERIAL_DIGITS:
        return False
    return not _is_sequence(plain)


def _is_sequence(plain: pl.Series) -> bool:
    """Say whether numbers lie close together, as those of a sequence do."""
    numbers = plain.cast(pl.Int64, strict=False)
    if numbers.null_count():
        return False
    return as_int(numbers.max()) - as_int(numbers.min()) < MAX_SEQUENCE_GAP * len(plain)


def count(values: pl.Series, pattern: str) -> int:
    """Count the values that a pattern is found in."""
    return int(values.str.contains(pattern).sum())


def as_int(value: object) -> int:
    """Take an aggregate of integers, which polars types as any value or none."""
    return value if isinstance(value, int) else 0
