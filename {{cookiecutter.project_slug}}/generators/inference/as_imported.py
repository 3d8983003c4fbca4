"""Which values of a column an import would read, refuse or change."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from generators.inference.column import (
    FORMS,
    NUMBERS,
    Column,
    Kind,
)
from generators.inference.rules.codes import CHANGED_AS_NUMBER
from generators.inference.rules.forms import has_form
from generators.inference.rules.notations import NO_VALUES, WRAPPED
from generators.inference.rules.numbers import GROUPED, LONG_FLOAT
from importkit import cleaning

DTYPES: Mapping[Kind, pl.DataType] = {
    Kind.INTEGER: pl.Int64(),
    Kind.FLOAT: pl.Float64(),
    Kind.BOOLEAN: pl.Boolean(),
    Kind.DATE: pl.Date(),
    Kind.TIME: pl.Time(),
    Kind.DURATION: pl.Duration("us"),
}
type ReadTest = Callable[[Column, pl.Expr, pl.Expr | None], pl.Expr]

# Decimals that a number is read with while the scale of its column is not known.
DEFAULT_SCALE = 12
# A zone or an offset behind a time.
HAS_OFFSET = r"(?:[A-Za-z]|:[0-9.]+ ?[+-][0-9:]+)$"


def is_readable(column: Column, text: pl.Expr, value: pl.Expr | None = None) -> pl.Expr:
    """Find the texts that an import would read as the column's kind.

    Args:
        column: The kind and the notation.
        text: The stripped text; null stays null.
        value: The value that an import reads from the text, if it was read already.
    """
    if column.kind in FORMS:
        return has_form(column.kind, text)
    if column.kind is Kind.TEXT:
        return text.str.contains(WRAPPED) if column.wrapped else text.is_not_null()
    is_read = (value_of(column, text) if value is None else value).is_not_null()
    if column.kind is Kind.DATETIME and not column.format and not column.epoch:
        return is_read & (text.str.contains(HAS_OFFSET) == column.zone)
    return is_read


def is_unchanged(
    column: Column, text: pl.Expr, value: pl.Expr | None = None
) -> pl.Expr:
    """Find the texts that an import would read without a loss, such as leading zeros."""
    good = is_readable(column, text, value)
    if column.kind in NUMBERS:
        good &= ~text.str.contains(CHANGED_AS_NUMBER)
    if column.kind is Kind.FLOAT:
        good &= ~text.str.contains(LONG_FLOAT)
    return good


def is_misfit(
    column: Column, value: pl.Expr, read: pl.Expr | None, is_good: ReadTest
) -> pl.Expr:
    """Find the values for which the column has to be inferred again.

    These values do not fit the column, or they decide what the column leaves open:
    the order of day and month, or whether a mark stands before decimals.

    Args:
        column: The column as inferred so far.
        value: The stripped texts of the column; null words and empty cells are null.
        read: The values that an import reads from the texts, if the kind is not text.
        is_good: ``is_unchanged``, or ``is_readable`` where changes are accepted.
    """
    there = value.is_not_null()
    if column.nulls == column.rows:
        return there
    if column.formats and not column.format:
        ways = (_in_format(column, format_) for format_ in column.formats)
        is_open = pl.all_horizontal(is_readable(way, value) for way in ways)
        return there & ~(is_open | value.str.contains(NO_VALUES))
    if column.mark and column.kind is Kind.TEXT:
        is_open = value.str.contains(GROUPED % re.escape(column.mark))
        return there & ~(is_open | value.str.contains(NO_VALUES))
    if column.kind is Kind.TEXT and not column.wrapped:
        return pl.lit(value=False)
    return there & ~is_good(column, value, read)


def value_of(column: Column, text: pl.Expr) -> pl.Expr:
    """Return the values that an import reads from texts; null where it refuses one.

    A decimal has the scale of the column, or twelve digits if the scale is not known.
    """
    read, dtype = parser_of(column), _dtype(column)
    value = _read(text, read, dtype)
    if column.kind not in NUMBERS:
        return value

    def with_lost(columns: Sequence[pl.Series]) -> pl.Series:
        """Read what is lost once more, as an import does."""
        texts, values = columns
        is_lost = values.is_null() & texts.is_not_null()
        if not is_lost.any():
            return values
        again = cleaning.cast_lost(texts.filter(is_lost).alias(""), dtype, read)
        return values.scatter(is_lost.arg_true(), again)

    return pl.map_batches([text, value], with_lost, return_dtype=dtype)


def _read(text: pl.Expr, read: cleaning.Parser | None, dtype: pl.DataType) -> pl.Expr:
    if read is None:
        return cleaning.cast(text, pl.String(), dtype)
    frame = pl.DataFrame({"": pl.Series([], dtype=pl.String)})
    source = frame.select(read(pl.col(""))).dtypes[0]
    return cleaning.cast(read(text), source, dtype)


def _in_format(column: Column, format_: str) -> Column:
    kind = Kind.DATETIME if "%H" in format_ or "%I" in format_ else Kind.DATE
    return replace(column, kind=kind, format=format_, formats=())


def are_readable(column: Column, values: pl.Series) -> pl.Series:
    """Find the values that an import would read as the column's kind."""
    return values.to_frame().select(is_readable(column, pl.first())).to_series()


def _dtype(column: Column) -> pl.DataType:
    if column.kind is Kind.DECIMAL:
        return pl.Decimal(38, column.scale or DEFAULT_SCALE)
    return DTYPES.get(column.kind, pl.Datetime("us", "UTC" if column.zone else None))


def parser_of(column: Column) -> cleaning.Parser | None:
    """Return the parser of a column, None where an import needs none."""
    match column.kind:
        case Kind.INTEGER | Kind.DECIMAL | Kind.FLOAT if needs_number_parser(column):
            return cleaning.number(
                decimal=column.decimal,
                thousands=column.thousands,
                currency=column.currency,
                unit=column.unit,
                percent=column.percent,
                negative=column.negative,
            )
        case Kind.BOOLEAN if column.true:
            return cleaning.boolean(true=column.true, false=column.false)
        case Kind.DURATION:
            return cleaning.duration()
        case Kind.DATETIME if column.epoch:
            return cleaning.epoch(column.epoch)
        case Kind.DATE | Kind.DATETIME | Kind.TIME if column.format:
            return _moment_parser(column, column.format)
    return None


def _moment_parser(column: Column, format_: str) -> cleaning.Parser:
    if column.kind is Kind.TIME:
        return cleaning.time(format_)
    read = cleaning.date if column.kind is Kind.DATE else cleaning.datetime
    return read(format_, months=column.months, weekdays=column.weekdays)


def needs_number_parser(column: Column) -> bool:
    """Return whether numbers have a notation that an import reads only with a parser."""
    return bool(
        column.decimal != "."
        or column.thousands
        or column.currency
        or column.unit
        or column.percent
        or column.negative != "-"
        or column.padded
    )
