"""A problem: where in the file a value does not fit, and why; shown grouped by cause."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

SCHEMA = {
    "line": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "code": pl.String,
    "reason": pl.String,
}
# What helps, for each code that there is.
REMEDIES = {
    "fields": "Is the separator right, and is text that holds it in quotes?",
    "quote": "Inside of quotes a quote is written twice.",
    "encoding": "If there are many, name the encoding that the file has in the Dialect.",
    "line_end": "Inside of text a line end needs quotes around the text.",
    "control": "Remove the control characters.",
    "unreadable": "Correct it, or declare how it is read in get_col_parser_map.",
    "empty": "Fill it, or allow it in get_no_null_cols and the model.",
    "range": "Correct it, or choose a field with another range.",
    "length": "Shorten it, or widen the field.",
    "nul": "Remove the NUL character, which PostgreSQL cannot store.",
    "choice": "Correct it, or add it to the choices of the field.",
    "invalid": "Correct it, or change the validators of the field.",
    "unknown": "Create the parent first, or correct its key.",
    "ambiguous": "Name another field of the parent, which only one has.",
    "duplicate": "Keep one of the rows, or state the key in get_unique_subsets.",
    "unique": "Correct it, or change the row in the table instead: get_natural_keys.",
    "constraint": "Correct the row, or change the constraint of the model.",
    "refused": "Correct the row as the answer of the database says.",
}
GROUPS = 5
EXAMPLES = 3
LONGEST = 80  # Characters of a value.


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


class Example(NamedTuple):
    """One problem: its line, its column and its value."""

    line: int
    column: str
    value: str | None


class Cause(NamedTuple):
    """What is wrong with some rows in the same way, and the first of them."""

    column: str
    code: str
    reason: str
    rows: int
    lines: list[int]
    values: list[str | None]

    def examples(self) -> list[Example]:
        """Return the first problems."""
        return [
            Example(line, self.column, value)
            for line, value in zip(self.lines, self.values, strict=True)
        ]


# The rows of examples as they stand in their file, where they are known.
type Excerpts = Mapping[Example, str]
type ReadExcerpts = Callable[[Iterable[Example]], Excerpts]


def causes(problems: pl.DataFrame) -> list[Cause]:
    """Return problems grouped by cause, in the order in which the file has them.

    Args:
        problems: One row a problem, of ``SCHEMA``.
    """
    # By line: whichever batch or step found them.
    is_sorted = problems["line"].is_sorted()
    by_line = problems if is_sorted else problems.sort("line", maintain_order=True)
    found = by_line.group_by("column", "code", "reason", maintain_order=True).agg(
        rows=(pl.col("line").diff() != 0).sum() + 1,
        lines=pl.col("line").head(EXAMPLES),
        values=pl.col("value").head(EXAMPLES),
    )
    return [Cause(*row) for row in found.iter_rows()]


def describe(problems: pl.DataFrame, place: Place) -> str:
    """Return problems by cause, with examples, where only the frame is known.

    Args:
        problems: One row a problem, of ``SCHEMA``.
        place: What their lines count.
    """

    def group(cause: Cause) -> Iterable[str]:
        yield f"  {_about(cause)}{cause.reason}, {_count(cause.rows, 'row')}"
        yield from (_example(example, place) for example in cause.examples())
        # A row as a whole shows no value that would tell what to do.
        if not cause.column:
            yield from _remedy(cause)

    return _listed(problems, causes(problems), group)


def explain(problems: pl.DataFrame, place: Place, read: ReadExcerpts) -> str:
    """Return the text that a person reads: causes with codes, rows and what helps.

    Args:
        problems: One row a problem, of ``SCHEMA``.
        place: What their lines count.
        read: Returns the rows of some examples as they stand in their file.
    """
    found = causes(problems)
    shown = [example for cause in found[:GROUPS] for example in cause.examples()]
    excerpts = read(shown)

    def group(cause: Cause) -> Iterable[str]:
        about, rows = _about(cause), _count(cause.rows, "row")
        yield f"  {about}{cause.reason} [{cause.code}], {rows}"
        for example in cause.examples():
            yield excerpts.get(example) or _example(example, place)
        yield from _remedy(cause)

    return _listed(problems, found, group)


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


def _listed(
    problems: pl.DataFrame,
    found: Sequence[Cause],
    group: Callable[[Cause], Iterable[str]],
) -> str:
    rows = problems["line"].n_unique()
    heading = f"{_count(problems.height, 'problem')} in {_count(rows, 'row')}:"
    lines = [line for cause in found[:GROUPS] for line in group(cause)]
    more = len(found) - GROUPS
    rest = [f"  ... and {_count(more, 'more cause')}"] if more > 0 else []
    return "\n".join([heading, *lines, *rest])


def _about(cause: Cause) -> str:
    # What is wrong with a row as a whole is in no column.
    return f"{cause.column}: " if cause.column else ""


def _example(example: Example, place: Place) -> str:
    value = "" if example.value is None else f": {_shown(example.value)}"
    return f"    {place.singular} {example.line}{value}"


def _shown(value: str) -> str:
    # repr shows control and bidi characters instead of sending them.
    return repr(value if len(value) <= LONGEST else f"{value[:LONGEST]}...")


def _remedy(cause: Cause) -> Iterable[str]:
    if remedy := REMEDIES.get(cause.code):
        yield f"    {remedy}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
