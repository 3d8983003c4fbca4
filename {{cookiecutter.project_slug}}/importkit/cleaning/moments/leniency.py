"""Step 2, clean: two spellings of moments that polars refuses are put into those it reads.

Both have one meaning only: ``24:00`` is the end of a day (ISO 8601), and digits of another
script are the same digits.
"""

import polars as pl

# A day that ends: midnight of the next one.
ENDS_DAY = r"^(.*[T ,])24([:.]00(?:[:.]00(?:\.0+)?)?(?:Z| ?UTC| ?GMT| ?[+-][\d:]+)?)$"
# The zeros of scripts whose digits stand in dates: Arabic, Persian, Devanagari, Bengali,
# Thai, Burmese, full width.
ZEROS = "\N{ARABIC-INDIC DIGIT ZERO}۰०০๐၀０"
DIGITS = {chr(ord(zero) + n): str(n) for zero in ZEROS for n in range(10)}
ONE_DAY = pl.duration(days=1)


def at_midnight(text: pl.Expr) -> pl.Expr:
    """Write the end of a day as its beginning, ``24:00`` as ``00:00``; null for others."""
    return pl.when(text.str.contains(ENDS_DAY)).then(
        text.str.replace(ENDS_DAY, "${1}00${2}")
    )


def with_ascii_digits(text: pl.Expr) -> pl.Expr:
    """Write the digits of another script as 0 to 9; null where there are 0 to 9 already."""
    is_other = text.str.contains(rf"[{''.join(DIGITS)}]") & ~text.str.contains("[0-9]")
    return pl.when(is_other).then(text.str.replace_many(DIGITS))
