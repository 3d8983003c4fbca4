"""Rules for digits that stay text: codes, phone numbers, numbers of accounts."""

import polars as pl

from generators.naming import snake

# Digits: shorter numbers under such a name are mostly counted up, as rows are.
MIN_SERIAL_DIGITS = 6
# Distinct values: fewer may have one width by chance.
MIN_SERIAL_VALUES = 10
# The average distance of values up to which they count as a sequence.
MAX_SEQUENCE_GAP = 10

# Last words of headers of codes: nobody adds codes up, and some begin with a zero.
CODE_WORDS = (
    "asin bic cik code cusip ean fax fips gtin hash iban imei insee ip isbn issn "
    "mobil mobile mpn npi phone plz postal postcode siren siret sku ssn swift tel telefon "
    "telephone token upc uuid vat zip zipcode"
)
# First or last words of headers of keys.
KEY_WORDS = (
    "asin code ean email gtin id iban isbn issn key mpn no nr num number nummer ref "
    "reference sku slug upc username uuid"
)
# Texts that a number would change: leading zeros, or the plus of a phone number.
CHANGED_AS_NUMBER = r"^[^0-9.,]*0[0-9]|^\+[0-9]{7,}$"
VERSION_WORDS = "version release revision"
# Last words of headers of assigned numbers, such as those of accounts and orders.
ASSIGNED_WORDS = "no nr num number nummer numero ref reference"


def reason_for_text(
    header: str, plain: pl.Series, *, is_amount: bool = False, has_unit: bool = False
) -> str:
    """Return why digits stay text, an empty text if they may be numbers.

    Evidence: a leading zero, a plus before seven digits (a phone number), a header such
    as "zip" or "phone number", assigned numbers that all have one width, or one number
    in two spellings where it is no amount.

    Args:
        header: The header of the column.
        plain: The numbers in the notation of Python.
        is_amount: Whether they are written or named as amounts are.
        has_unit: Whether a currency or a percent sign stands beside them: they are no
            codes, whatever the header says.
    """
    total = len(plain)
    if zeros := count(plain, r"^[+-]?0[0-9]"):
        return f"{zeros:,} of {total:,} have leading zeros"
    if phones := count(plain, r"^\+[0-9]{7,}$"):
        return f"{phones:,} of {total:,} look like phone numbers"
    if has_unit:
        return ""
    if said := _kind_of_code(header, plain):
        return f"{total:,} of {total:,} are numbers, but the name says {said}"
    twice = 0 if is_amount else _spelled_twice(plain)
    if twice:
        return f"{twice:,} of {total:,} have two spellings of one number: codes?"
    is_serial = _is_serial(header, plain)
    why = f"{total:,} of {total:,} are digits of one width, given by name"
    return why if is_serial else ""


def _kind_of_code(header: str, plain: pl.Series) -> str:
    """Return what a header calls numbers: a version, as in 1.10, a code, or nothing."""
    last = snake(header).split("_")[-1]
    if last in VERSION_WORDS.split() and count(plain, "[.]") > 0:
        return "version"
    return "code" if names_code(header) else ""


def _spelled_twice(plain: pl.Series) -> int:
    """Count the distinct texts that are another spelling of a number, 250.0 of 250.00.

    A code such as 1.10 is another than 1.1. With a sign or below one there are no codes.
    """
    marked = plain.filter(plain.str.contains(".", literal=True))
    if marked.is_empty() or count(plain, r"^[+-]|^0?\.|^0$"):
        return 0
    texts = marked.unique()
    numbers = texts.str.replace("[.]?0+$", "")
    return len(texts) - numbers.n_unique()


def names_code(header: str) -> bool:
    """Return whether a header ends in a word for a code: "zip", "Phone number 2"."""
    words = [word for word in snake(header).split("_") if not word.isdigit()]
    if len(words) > 1 and words[-1] in ASSIGNED_WORDS.split():
        words.pop()
    return bool(words) and words[-1] in CODE_WORDS.split()


def names_key(header: str) -> bool:
    """Return whether a header is that of a key: "SKU", "Order No"."""
    words = [word for word in snake(header).split("_") if not word.isdigit()]
    if not words or "of" in words:
        return False
    return not {words[0], words[-1]}.isdisjoint(KEY_WORDS.split())


def names_assigned(header: str) -> bool:
    """Return whether a header ends in a word for assigned numbers: "Account no"."""
    return snake(header).split("_")[-1] in ASSIGNED_WORDS.split()


def _is_serial(header: str, plain: pl.Series) -> bool:
    """Return whether the values are assigned numbers, such as those of accounts.

    Evidence: the header ends in "number" or a like word, at least ten values differ,
    all have one width of at least six digits, and they are not a sequence.
    """
    if not names_assigned(header):
        return False
    if not plain.str.contains("^[0-9]+$").all() or plain.n_unique() < MIN_SERIAL_VALUES:
        return False
    widths = plain.str.len_chars()
    if widths.n_unique() > 1 or widths[0] < MIN_SERIAL_DIGITS:
        return False
    return not _is_sequence(plain)


def _is_sequence(plain: pl.Series) -> bool:
    """Return whether numbers lie close together, as those of a sequence do."""
    numbers = plain.cast(pl.Int64, strict=False)
    if numbers.null_count():
        return False
    return as_int(numbers.max()) - as_int(numbers.min()) < MAX_SEQUENCE_GAP * len(plain)


def count(values: pl.Series, pattern: str) -> int:
    """Count the values that contain a pattern."""
    return int(values.str.contains(pattern).sum())


def as_int(value: object) -> int:
    """Narrow an aggregate of integers, which polars types as any value; null becomes 0."""
    return value if isinstance(value, int) else 0
