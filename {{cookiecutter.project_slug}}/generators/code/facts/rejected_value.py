"""An invented value that an import rejects, and what the file of rejects says of it."""

import csv
import io
from dataclasses import dataclass

import polars as pl

from generators.code.facts.deliveries import next_rows
from generators.code.parsers import dtype_of, value_of
from generators.code.plan import ColumnPlan, ImportPlan
from generators.naming import Source, literal
from importkit.cleaning import expected
from importkit.problems import Code
from importkit.source import Dialect, Format, records


@dataclass(frozen=True)
class RejectedValue:
    """A value that an import rejects.

    Attributes:
        column: The column.
        text: The value as a Python expression.
        code: The code of the problem.
        message: What is wrong with the value.
        row: The name of the row that has the value in the place of its own. Its key must
            be another one than that of the row that is imported, or that is told too.
        is_long: Whether the value is a text that is too long.
    """

    column: ColumnPlan
    text: Source
    code: str
    message: str
    row: Source
    is_long: bool = False


def find_rejected_value(plan: ImportPlan) -> RejectedValue | None:
    """Return a value that one of the columns rejects; None where no column rejects any.

    None, too, where the header of a file of rejects has no names for some columns, or where
    the test cannot write a row of the columns that it knows.
    """
    dialect = plan.dialect
    is_nameless = dialect.header_rows > 1 or dialect.trailing or dialect.long_rows
    if is_nameless or (dialect.row_names and plan.unmatched):
        return None
    for column in plan.columns:
        dtype = dtype_of(column.dtype)
        if (text := _unreadable(dtype)) and (row := _row_for(plan, column)):
            parser = value_of(column.parser) if column.parser else None
            message = f"not {expected(dtype, parser)}"
            code = Code.UNREADABLE.value
            return RejectedValue(column, literal(text), code, message, row)
    if (empty := column_to_empty(plan)) and (row := _row_for(plan, empty)):
        code, message = Code.EMPTY.value, "must not be empty"
        return RejectedValue(empty, literal(""), code, message, row)
    for column in plan.columns:
        # A row that repeats the key of an earlier row is left out before its length is seen.
        if column.relation:
            continue  # A text that is too long is the name of no parent.
        if column.length and all(column.name in key for key in plan.keys):
            text = Source(f'"x" * {column.length + 1}')
            message = f"longer than {column.length:,} characters"
            code, row = Code.LENGTH.value, Source("ROW")
            return RejectedValue(column, text, code, message, row, is_long=True)
    return None


def _row_for(plan: ImportPlan, column: ColumnPlan) -> Source | None:
    """Return the row whose value of a column is replaced; None where no row will do."""
    if all(column.name in key for key in plan.keys):
        return Source("ROW")
    after = next_rows(plan)
    return Source("OTHER") if after and after.new else None


def column_to_empty(plan: ImportPlan) -> ColumnPlan | None:
    """Return a column that must not be empty, a key first.

    None where only one column has a value: a line without a value is not a row.
    """
    filled = [column for column in plan.columns if column.invented.text]
    if len(filled) == 1:
        return None
    required = [column for column in plan.columns if column.required]
    keys = [column for column in required if column.name in plan.key_columns]
    return next(iter([*keys, *required]), None)


def line_of_second_row(plan: ImportPlan) -> int:
    """Return the line on which the second row of the file starts."""
    skip = plan.dialect.skip
    if plan.format not in {Format.DELIMITED, Format.WORKBOOK}:
        return 2
    if not plan.dialect.header:
        return skip + 2
    if plan.is_of_sheet:
        return skip + 3
    if plan.dialect.quote is None:
        return skip + 3
    text = io.StringIO(newline="")
    separator, quote = plan.dialect.separator, plan.dialect.quote
    writer = csv.writer(text, delimiter=separator, quotechar=quote)
    # A header in quotes may have several lines.
    headers = [column.column.header for column in plan.columns]
    writer.writerows([headers, *[["x"] * len(headers)] * 2])
    dialect = Dialect(separator, quote)
    return skip + [*records(text.getvalue(), dialect)][-1].line


def _unreadable(dtype: pl.DataType) -> str:
    """Return a text that no notation reads as the dtype; empty for a dtype of text."""
    if dtype.is_numeric():
        return "no number"
    if dtype.is_temporal():
        return "no time" if dtype == pl.Time else "no date"
    return "perhaps" if dtype == pl.Boolean else ""
