"""Rules for whole numbers of which a spreadsheet cut digits: they are text, and no key.

A spreadsheet keeps fifteen digits of a number. It shows a long number as 4.00639E+12, or
with zeros for all digits behind the fifteenth: 198610012009011000.
"""

import polars as pl

from generators.inference.rules.codes import (
    as_int,
    count,
    names_assigned,
    names_code,
    names_key,
)
from importkit.source.sheets import SHEET_DIGITS

# Numbers of more than eleven digits, of which six are shown. Codes have at most twenty
# digits; larger numbers are measures.
CUT_TO_EXPONENT = r"^[1-9]([.,][0-9]{1,14})?E\+1[1-9]$"
CUT_TO_ZEROS = rf"^[1-9][0-9]{{{SHEET_DIGITS - 1}}}0+$"
LONGER = rf"^[1-9][0-9]{{{SHEET_DIGITS},}}$"
# Numbers that are round in the digits that a spreadsheet keeps, as amounts may be.
ROUND = rf"^[0-9]{{{SHEET_DIGITS - 2}}}00"
# Zeros behind the fifteenth digit, of all distinct numbers: fewer may be chance.
LEAST_ZEROS = 3


def count_cut(header: str, values: pl.Series) -> int:
    """Count the numbers of a column that lack digits; 0 if it may hold measures.

    Args:
        header: The header of the column.
        values: Its values, all of which look like numbers.
    """
    if exponents := count(values, CUT_TO_EXPONENT):
        is_rest_whole = values.str.contains(f"{CUT_TO_EXPONENT}|^[0-9]+$").all()
        return exponents if is_rest_whole or _names_id(header) else 0
    return _count_zeros(header, values)


def _count_zeros(header: str, values: pl.Series) -> int:
    """Count the numbers that end in zeros where a spreadsheet cuts.

    Evidence: all numbers of more than fifteen digits end so, with three such zeros at
    least, and most of them are not round before, unless the header is that of an id.
    """
    long = values.filter(values.str.contains(LONGER))
    if long.is_empty() or not long.str.contains(CUT_TO_ZEROS).all():
        return 0
    distinct = long.unique()
    zeros = as_int((distinct.str.len_chars() - SHEET_DIGITS).sum())
    is_round = 2 * count(distinct, ROUND) > len(distinct)
    if zeros < LEAST_ZEROS or (is_round and not _names_id(header)):
        return 0
    return len(long)


def _names_id(header: str) -> bool:
    return names_code(header) or names_key(header) or names_assigned(header)
