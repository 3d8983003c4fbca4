"""A problem: where in the file a value does not fit, and why; shown grouped by cause."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

SCHEMA = {
    "line": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "code": pl.String,
    "reason": pl.String,
}
REMEDIES = {
    "fields": "Is the separator right, and is text that holds it in quotes?",
    "quote": "Inside of quotes a quote is written twice.",
}
GROUPS = 5
EXAMPLES = 3


class Place(NamedTuple):
    """What a line number counts: ``line`` of a file, or ``row`` of a frame."""

    singular: str
    plural: str


LINES = Place("line", "lines")
ROWS = Place("row", "rows")


def described(
    values: pl.DataFrame,
    lines: pl.Series,
    wrong: pl.Series,
    code: str,
    reason: str | pl.Series,
) -> pl.DataFrame:
    """Return problems, of ``SCHEMA``, for the rows of a frame that are wrong.

    Args:
        values: The columns that a problem is about; several are told as one.
        lines: The line of each row.
        wrong: One boolean a row.
        code: What kind of problem it is.
        reason: Why it is one; for each of the wrong rows, or for all of them.
    """
    texts = [_texts(column) for column in values.filter(wrong)]
    joined = pl.concat_str(pl.all(), separator=", ", ignore_nulls=True)
    text = joined if len(texts) > 1 else pl.all()
    return pl.DataFrame(
        {
            "line": lines.filter(wrong).cast(pl.Int64),
            "value": pl.DataFrame(texts).select(text).to_series(),
        }
    ).select(
        "line",
        pl.lit(", ".join(values.columns)).alias("column"),
        "value",
        pl.lit(code).alias("code"),
        pl.lit(reason).alias("reason"),
    )


def _texts(values: pl.Series) -> pl.Series:
    if values.dtype.is_nested() or values.dtype in (pl.Object, pl.Binary):
        texts = [None if value is None else str(value) for value in values]
        return pl.Series(values.name, texts, dtype=pl.String)
    return values.cast(pl.String)


def describe(problems: pl.DataFrame, place: Place) -> str:
    """Return the text that a person reads: problems by cause, with examples.

    Args:
        problems: One row a problem, of ``SCHEMA``.
        place: What their lines count.
    """
    rows = problems["line"].n_unique()
    heading = f"{_count(problems.height, 'problem')} in {_count(rows, 'row')}:"
    # By line: whichever batch or step found them.
    by_line = problems.sort("line", maintain_order=True)
    causes = by_line.group_by("column", "code", "reason", maintain_order=True)
    groups = [_describe_group(group, place) for _, group in causes]
    more = len(groups) - GROUPS
    rest = [f"  ... and {_count(more, 'more cause')}"] if more > 0 else []
    return "\n".join([heading, *groups[:GROUPS], *rest])


def describe_left_out(left_out: pl.DataFrame, place: Place) -> str:
    """Return one line per reason for rows that were left out on purpose.

    Args:
        left_out: One row each, with ``line`` and ``reason``.
        place: What their lines count.
    """
    groups = left_out.group_by("reason", maintain_order=True)
    return "\n".join(
        f"Left out {_count(group.height, 'row')}: {reason} "
        f"({listed(group['line'].to_list(), place)})."
        for (reason,), group in groups
    )


def listed(lines: Sequence[int], place: Place) -> str:
    """Return ``lines 4, 9, 12 and 3 more``."""
    shown = ", ".join(str(line) for line in lines[:EXAMPLES])
    more = len(lines) - EXAMPLES
    name = place.singular if len(lines) == 1 else place.plural
    return f"{name} {shown}" + (f" and {more:,} more" if more > 0 else "")


def _describe_group(group: pl.DataFrame, place: Place) -> str:
    first = group.row(0, named=True)
    # What is wrong with a row as a whole is in no column.
    column = f"{first['column']}: " if first["column"] else ""
    lines = [f"  {column}{first['reason']}, {_count(group.height, 'row')}"]
    for row in group.head(EXAMPLES).iter_rows(named=True):
        # repr shows control and bidi characters instead of sending them.
        value = "" if row["value"] is None else f": {row['value']!r}"
        lines.append(f"    {place.singular} {row['line']}{value}")
    if remedy := REMEDIES.get(first["code"]):
        lines.append(f"    {remedy}")
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
