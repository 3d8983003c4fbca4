"""A made-up value that an import rejects, and what its file of rejects says of it."""

import csv
import io
from dataclasses import dataclass

import polars as pl

from generators.code.parsers import dtype_of, value_of
from generators.code.plan import ColumnPlan, ImportPlan
from generators.naming import Source, literal
from importkit.cleaning import expected
from importkit.problems import Code
from importkit.source import Dialect, records


@dataclass(frozen=True)
class Misfit:
    """A value that does not fit its column.

    Attributes:
        column: The column.
        text: The value as a Python expression.
        code: The code of the problem.
        message: What is wrong with it.
    """

    column: ColumnPlan
    text: Source
    code: str
    message: str


def find_misfit(plan: ImportPlan) -> Misfit | None:
    """Return a value that one column does not take; None where each takes any.

    None, too, where rejects have a header that says less than their rows.
    """
    if plan.dialect.header_rows > 1 or plan.dialect.trailing:
        return None
    for column in plan.columns:
        dtype = dtype_of(column.dtype)
        if text := _unreadable(dtype):
            # Of a text without digits no notation of numbers is told.
            parser = None if dtype.is_numeric() else column.parser
            wanted = expected(dtype, value_of(parser) if parser else None)
            return Misfit(column, literal(text), Code.UNREADABLE.value, f"not {wanted}")
    if empty := column_to_empty(plan):
        return Misfit(empty, literal(""), Code.EMPTY.value, "must not be empty")
    for column in plan.columns:
        # Of rows alike in a key the second would be left out, and not be looked at.
        if column.length and all(column.name in key for key in plan.keys):
            text = Source(f'"x" * {column.length + 1}')
            message = f"longer than {column.length:,} characters"
            return Misfit(column, text, Code.LENGTH.value, message)
    return None


def column_to_empty(plan: ImportPlan) -> ColumnPlan | None:
    """Return the column to leave empty, where a row with nothing in it is a row."""
    if len(plan.columns) == 1:
        return None
    required = [column for column in plan.columns if column.required]
    keys = [column for column in required if column.name in plan.key_columns]
    return next(iter([*keys, *required]), None)


def line_of_second_row(plan: ImportPlan) -> int:
    """Return the line on which the second row of a file starts."""
    skip = plan.dialect.skip
    if not plan.dialect.header:
        return skip + 2
    if plan.dialect.quote is None:
        return skip + 3
    text = io.StringIO(newline="")
    separator, quote = plan.dialect.separator, plan.dialect.quote
    writer = csv.writer(text, delimiter=separator, quotechar=quote)
    # A header in quotes may go over several lines.
    headers = [column.column.header for column in plan.columns]
    writer.writerows([headers, *[["x"] * len(headers)] * 2])
    dialect = Dialect(separator, quote)
    return skip + [*records(text.getvalue(), dialect)][-1].line


def _unreadable(dtype: pl.DataType) -> str:
    """Return a text that no notation reads as the type; none for text."""
    if dtype.is_numeric():
        return "no number"
    if dtype.is_temporal():
        return "no time" if dtype == pl.Time else "no date"
    return "perhaps" if dtype == pl.Boolean else ""
