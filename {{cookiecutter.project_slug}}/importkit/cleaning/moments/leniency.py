"""Step 2, clean: two spellings of moments that polars refuses are put into those it reads.

Both have one meaning only: ``24:00`` is the end of a day (ISO 8601), and digits of another
script are the same digits.
"""

import polars as pl

from importkit.cleaning.signs import ascii_digits

# A day that ends: midnight of the next one.
ENDS_DAY = r"^(.*[T ,])24([:.]00(?:[:.]00(?:\.0+)?)?(?:Z| ?UTC| ?GMT| ?[+-][\d:]+)?)$"
ONE_DAY = pl.duration(days=1)


def at_midnight(text: pl.Expr) -> pl.Expr:
    """Write the end of a day as its beginning, ``24:00`` as ``00:00``; null for others."""
    return pl.when(text.str.contains(ENDS_DAY)).then(
        text.str.replace(ENDS_DAY, "${1}00${2}")
    )


def with_ascii_digits(text: pl.Expr) -> pl.Expr:
    """Write the digits of another script as 0 to 9; null where there are 0 to 9 already."""
    # A value in two scripts is a slip, which its problem shows.
    return pl.when(~text.str.contains("[0-9]")).then(ascii_digits(text))
