"""Step 2, clean: columns of text whose values all stand in quotes that reading left there.

A file may have another quote than its Dialect says, and no field that needs it. Then every
value is read, with its quotes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from importkit.errors import visible
from importkit.problems import Place
from importkit.source import LINE, QUOTES, Dialect, as_arguments

MARKS = {**QUOTES, "`": "backticks"}
# A quote inside of the value is doubled, or the value has quotes of its own.
PATTERNS = {quote: f"^{quote}(?:[^{quote}]|{quote}{quote})*{quote}$" for quote in MARKS}
LOOKED_AT = 20  # Values that show of nearly all columns that they have no quotes.
LEAST = 2  # One value alone may be a quotation.


@dataclass(frozen=True)
class Wrapped:
    """All values of a column so far stand in one kind of quotes.

    Attributes:
        quote: The quote.
        count: How many values there are.
        line: The line of the first one.
    """

    quote: str
    count: int
    line: int


# By the column; None for a column with a value that stands in no quotes. A column without
# values is not in it.
type Wrappings = Mapping[str, Wrapped | None]


def find_wrapped(df: pl.DataFrame) -> Iterator[tuple[str, Wrapped | None]]:
    """Yield each column of text that has values, and whether all are in quotes.

    Args:
        df: The rows with their lines.
    """
    for name, dtype in df.schema.items():
        if dtype == pl.String and df[name].null_count() < df.height:
            yield name, _wrapped(df[name], df[LINE])


def _wrapped(texts: pl.Series, lines: pl.Series) -> Wrapped | None:
    first = texts.head(LOOKED_AT).drop_nulls().to_list()
    if first and _quote_around(first) is None:
        return None
    values = texts.drop_nulls()
    quote = _quote_around([values[0]])
    if quote is None or not values.str.contains(PATTERNS[quote]).all():
        return None
    return Wrapped(quote, len(values), lines[texts.is_not_null().arg_true()[0]])


def both_wrapped(earlier: Wrapped | None, later: Wrapped | None) -> Wrapped | None:
    """Return what is known of a column in some batches and a later one."""
    if earlier is None or later is None or earlier.quote != later.quote:
        return None
    return replace(earlier, count=earlier.count + later.count)


def warn_of_wrapped(
    wrappings: Wrappings, headers: Mapping[str, str], place: Place
) -> Iterator[str]:
    """Yield a warning for each column whose values all stand in quotes.

    Args:
        wrappings: What is known of the columns.
        headers: The header of each column.
        place: What the lines count.
    """
    for name, found in wrappings.items():
        if found is None or found.count < LEAST:
            continue
        yield (
            f'All {found.count:,} values of "{visible(headers.get(name, name))}" stand in '
            f"{MARKS[found.quote]}, the first in {place.singular} {found.line:,}, and "
            "keep them. If the file is written with these quotes, write "
            f"{as_arguments(Dialect(quote=found.quote), ['quote'])} in the Dialect."
        )


def _quote_around(values: list[str]) -> str | None:
    """Return the quote in which all of some values stand; None if there is none."""
    quote = values[0][:1] if values else ""
    if quote not in MARKS:
        return None
    pattern = re.compile(PATTERNS[quote], re.DOTALL)
    return quote if all(map(pattern.match, values)) else None
