"""Problems as a frame: one row a problem, with line, column, value, code and reason."""

from typing import NamedTuple

import polars as pl

from importkit.problems.codes import Code

SCHEMA = {
    "line": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "code": pl.String,
    "reason": pl.String,
}
# What stands at the end of a reason that names another row.
OTHER_ROW = r" \(((?:line|row) [0-9]+)\)$"
EXAMPLES = 3  # The problems of a cause that are shown.


class Place(NamedTuple):
    """What a line number counts: ``line`` of a file, or ``row`` of a frame."""

    singular: str
    plural: str


LINES = Place("line", "lines")
ROWS = Place("row", "rows")


def of_rows(
    values: pl.DataFrame,
    lines: pl.Series,
    wrong: pl.Series,
    code: Code,
    reason: str | pl.Series,
) -> pl.DataFrame:
    """Return problems, of ``SCHEMA``, for the rows of a frame that are wrong.

    Args:
        values: The columns that the problem is in; with several, names and values are
            joined by ``, ``.
        lines: The line of each row.
        wrong: One boolean a row.
        code: The kind of problem.
        reason: What is wrong: one text for all wrong rows, or a series with one for each.
    """
    texts = [as_texts(column) for column in values.filter(wrong)]
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
        pl.lit(code.value).alias("code"),
        pl.lit(reason).alias("reason"),
    )


def as_texts(values: pl.Series) -> pl.Series:
    """Return values as text, also those that polars does not turn into text."""
    if values.dtype.is_nested() or values.dtype in (pl.Object, pl.Binary, pl.Duration):
        texts = [None if value is None else str(value) for value in values.to_list()]
        return pl.Series(values.name, texts, dtype=pl.String)
    return values.cast(pl.String)


class Example(NamedTuple):
    """One problem: its line, its column and its value."""

    line: int
    column: str
    value: str | None


class Cause(NamedTuple):
    """Problems with the same column, code and reason: how many rows, and the first.

    What the person who made the file can do is known where its rules are.
    """

    column: str
    code: str  # Empty where a reader of a project's own has given none.
    reason: str
    rows: int
    lines: list[int]
    values: list[str | None]
    for_sender: str | None = None

    def examples(self) -> list[Example]:
        """Return the first problems."""
        return [
            Example(line, self.column, value)
            for line, value in zip(self.lines, self.values, strict=True)
        ]


def causes(problems: pl.DataFrame) -> list[Cause]:
    """Return problems grouped by cause, in the order in which the file has them.

    Args:
        problems: One row a problem, of ``SCHEMA``.
    """
    # Steps and batches find problems in another order than that of the file.
    is_sorted = problems["line"].is_sorted()
    by_line = problems if is_sorted else problems.sort("line", maintain_order=True)
    # Problems of one cause may each name another row.
    by_line = by_line.with_columns(
        pl.col("code").fill_null(""),
        reason=pl.col("reason").str.replace(OTHER_ROW, ""),
        other=pl.col("reason").str.extract(OTHER_ROW),
    )
    found = by_line.group_by("column", "code", "reason", maintain_order=True).agg(
        rows=(pl.col("line").diff() != 0).sum() + 1,
        lines=pl.col("line").head(EXAMPLES),
        values=pl.col("value").head(EXAMPLES),
        others=pl.col("other").drop_nulls().head(EXAMPLES),
    )
    others = pl.col("others").list.join(", ")
    named = pl.format("{} ({})", "reason", others)
    found = found.with_columns(
        reason=pl.when(pl.col("others").list.len() > 0).then(named).otherwise("reason")
    ).drop("others")
    return [Cause(*row) for row in found.iter_rows()]
