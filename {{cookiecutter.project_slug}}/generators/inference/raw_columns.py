"""Columns of text before they have a kind: their stripped cells, and what these look like."""

from typing import NamedTuple

import polars as pl
from polars import selectors as cs

from generators.inference.column import Column, Kind
from generators.inference.rules.dates import DATE_LIKE, TIME_LIKE
from generators.inference.rules.notations import (
    EMPTY_DATES,
    NO_VALUES,
    NUMBER_LIKE,
    WRAPPED,
)
from generators.inference.rules.numbers import longest
from importkit.cleaning import find_invisible, seen

PLAIN = r"^[!-~]*$|^[ -/:-@0-9]*$"  # A word, or numbers and signs, in ASCII.
# Null words of offices of statistics. In other files these signs are values.
WEAK_NULL_WORDS = r"^(x|:|\*|\.\.|\.\.\.|…)$"
LOOK_PATTERNS = (
    *(NUMBER_LIKE, DATE_LIKE, TIME_LIKE),
    *(NO_VALUES, WEAK_NULL_WORDS, EMPTY_DATES, WRAPPED),
)


class Looks(NamedTuple):
    """How many cells of a column match each of ``LOOK_PATTERNS``, and their measures."""

    numbers: int
    dates: int
    times: int
    null_words: int
    weak_words: int
    empty_dates: int
    wrapped: int
    distinct: int
    width: int


class RawColumn(NamedTuple):
    """A column that has no kind yet: its header, its stripped cells, those with text."""

    header: str
    cells: pl.Series
    texts: pl.Series
    looks: Looks


def raw_columns(cells: pl.DataFrame) -> list[RawColumn]:
    """Return the columns of a frame of stripped texts, with what their cells look like."""
    # All columns at once: a question to one takes as long as thousands of its values.
    measures = [
        *(pl.all().str.contains(pattern).sum() for pattern in LOOK_PATTERNS),
        pl.all().drop_nulls().n_unique(),
        pl.all().str.len_chars().max().fill_null(0),
    ]
    found = [cells.select(measure).row(0) for measure in measures]
    looks = [Looks(*column) for column in zip(*found, strict=True)]
    # To polars, a name such as "^x$" is a pattern: the headers are kept apart.
    headers = cells.columns
    cells.columns = [str(position) for position in range(cells.width)]
    columns = cells.get_columns()
    texts = [cell.drop_nulls() if cell.null_count() else cell for cell in columns]
    return list(map(RawColumn, headers, columns, texts, looks))


def stripped(df: pl.DataFrame) -> pl.DataFrame:
    """Strip the texts of a frame as an import does; an empty text becomes null.

    Invisible characters are left out where all others are ASCII, as in a number or a
    code; in other text only at the ends.
    """
    texts = df.select(cs.string())
    for name in find_invisible(texts):
        text = pl.lit(texts[name])
        plain = seen(text)
        is_plain = plain.str.contains(PLAIN)
        df = df.with_columns(pl.when(is_plain).then(plain).otherwise(text).alias(name))
    return df.with_columns(cs.string().str.strip_chars().replace("", None))


def draft_of(raw: RawColumn, values: pl.Series) -> Column:
    """Make a text column of all of its texts, or of some, and measure it."""
    is_all = len(values) == len(raw.texts)
    distinct = raw.looks.distinct if is_all else values.n_unique()
    return Column(
        header=raw.header,
        kind=Kind.TEXT,
        rows=len(raw.cells),
        nulls=len(raw.cells) - len(values),
        unique=len(values) > 1 and distinct == len(values),
        width=raw.looks.width if is_all else longest(values),
    )
