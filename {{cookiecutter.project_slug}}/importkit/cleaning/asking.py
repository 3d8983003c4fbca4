"""Step 2, clean: what to ask of the person who made a file, in the notation of the file."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

import polars as pl

from importkit import problems
from importkit.cleaning import moments, parsing
from importkit.cleaning.casting import example_of, expected
from importkit.cleaning.hooks import CleaningHooks
from importkit.cleaning.parsing import Notation, Parser
from importkit.problems import Cause, Code

LONGEST = 100  # Characters of a sentence.
# What reads as columns are read that have no parser.
DEFAULTS: Mapping[type[pl.DataType], Callable[[], Parser]] = {
    pl.Boolean: parsing.boolean,
    pl.Date: partial(moments.date, "%Y-%m-%d"),
    pl.Datetime: partial(moments.datetime, "%Y-%m-%d %H:%M:%S"),
    pl.Duration: parsing.duration,
    pl.Time: partial(moments.time, "%H:%M:%S"),
}


def remedy_for_sender(rules: type[CleaningHooks], cause: Cause) -> str | None:
    """Return what the person who made the file can do; None for a project's own code.

    Args:
        rules: The class that cleans the file.
        cause: Problems of one column with one reason.
    """
    dtype = rules.dtypes().get(cause.column)
    if dtype is not None and cause.code == Code.UNREADABLE:
        # Values of a typed source are read without the parser.
        for parser in (rules.get_col_parser_map().get(cause.column), None):
            if cause.reason == f"not {expected(dtype, parser)}":
                return sentence(dtype, parser)
    return problems.remedy_for_sender(cause)


def sentence(dtype: pl.DataType, parser: Parser | None = None) -> str:
    """Return how a value is to be written; the example in it is invented.

    Args:
        dtype: The type of the column.
        parser: Its parser; None for the default reading.
    """
    notation = _notation_of(dtype, parser)
    ways = (
        _asked(dtype, notation)
        if notation
        else iter([f"Write {expected(dtype, parser)}."])
    )
    fitting = (text for text in ways if len(text) <= LONGEST)
    return next(fitting, Code.UNREADABLE.for_sender)


def _notation_of(dtype: pl.DataType, parser: Parser | None) -> Notation | None:
    """Return what says how a column is read; None for a parser of a project's own."""
    if parser is None:
        parser = _default(dtype)
    return parser if isinstance(parser, Notation) else None


@cache
def _default(dtype: pl.DataType) -> Parser | None:
    if dtype.is_numeric():
        return parsing.number()
    make = DEFAULTS.get(dtype.base_type())
    return make() if make else None


def _asked(dtype: pl.DataType, notation: Notation) -> Iterator[str]:
    """Yield sentences, each of which says less than the one before it."""
    example = example_of(dtype, notation)
    like = f", such as {example}" if example else ""
    if not notation.asks:
        yield f"Write {notation.noun}{like}."
    elif isinstance(dtype, pl.Decimal):
        whole, mark = (dtype.precision or 38) - dtype.scale, f"Write {notation.asks}"
        if dtype.scale:
            yield f"{mark}, at most {whole} digits before and {dtype.scale} after it{like}."
            yield f"{mark} and at most {dtype.scale} decimals{like}."
        else:
            yield f"Write a number without decimals, of at most {whole} digits{like}."
    elif dtype.is_integer():
        noun = expected(dtype)
        yield f"Write {noun}{like}."
        yield f"Write {noun}."
        yield f"Write a whole number{like}."
    elif dtype.is_float():
        yield f"Write {notation.asks}{like}."
    yield f"Write {notation.asks or notation.noun}."
