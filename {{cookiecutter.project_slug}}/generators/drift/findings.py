"""What has drifted, a line each: from headers and problems to what a person may do."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from generators.code import find_parser
from generators.drift.headers import Headers
from generators.inference import (
    NUMBERS,
    TEXTS,
    Column,
    Kind,
    longest,
)
from generators.matching import Trial
from generators.naming import literal
from importkit import problems
from importkit.cleaning import CleaningDF
from importkit.errors import visible
from importkit.problems import Cause

WORDS = "words for nothing"
# So few words, of which some repeat, may well mean nothing.
FEW_WORDS = 3


class Finding(NamedTuple):
    """Something that an import would refuse or leave out.

    Attributes:
        kind: What has happened; else the code of a problem.
        text: Where, how often, and what is there now.
    """

    kind: str
    text: str


def of_headers(found: Headers, columns: Mapping[str, Column]) -> Iterator[Finding]:
    """Yield what has become of columns as a whole."""
    for rename in found.renames:
        names = f"{_quoted(rename.old)} is gone and {_quoted(rename.new)} is new"
        yield Finding("renamed?", f"{names}: {rename.reason}")
    for header in found.gone:
        yield Finding("gone", _quoted(header))
    for header in found.added:
        column = columns.get(header)
        about = f": {column.kind}{_empty(column)}" if column else ""
        yield Finding("added", f"{_quoted(header)}{about}")


def of_problems(
    trial: Trial,
    headers: Headers,
    columns: Mapping[str, Column],
    rules: type[CleaningDF],
) -> Iterator[Finding]:
    """Yield what has become of the values of columns.

    Args:
        trial: What does not fit.
        headers: Which header is which column.
        columns: What is known of the columns of the file, by header.
        rules: The cleaning class.
    """
    now = {old: new for new, old in headers.stand_ins.items()}
    known = {
        name: columns[now.get(header, header)]
        for name, header in headers.of.items()
        if now.get(header, header) in columns
    }
    found = _with_words(trial.problems, known)
    for cause in problems.causes(found):
        name = headers.of.get(cause.column, cause.column)
        about = f"{_quoted(name)}: " if name else ""
        values = found.filter(
            column=cause.column, code=cause.code, reason=cause.reason
        )["value"]
        kind, more, hint = _explained(cause, values, known.get(cause.column), rules)
        where = _where(cause, trial)
        yield Finding(kind, f"{about}{cause.reason}{more}, {where}{hint}")


def _explained(
    cause: Cause, values: pl.Series, column: Column | None, rules: type[CleaningDF]
) -> tuple[str, str, str]:
    """Return what has happened, how far it goes, and what there is instead."""
    if cause.code == problems.Code.LENGTH:
        return "widened", f" (up to {longest(values):,})", ""
    if cause.code == WORDS and cause.column in rules.get_no_null_cols():
        return WORDS, "", "; it must not be empty either (get_no_null_cols)"
    dtype = rules.dtypes().get(cause.column)
    if cause.code != problems.Code.UNREADABLE or column is None or dtype is None:
        return (
            "retyped" if cause.code == problems.Code.UNREADABLE else cause.code,
            "",
            "",
        )
    if _is_wider(column, dtype):
        return "widened", "", f"; up to {_size(column)} in this file"
    return "retyped", "", _now(column, values, has_parser=_has_parser(cause, rules))


def _with_words(found: pl.DataFrame, known: Mapping[str, Column]) -> pl.DataFrame:
    """Tell words for nothing apart from other values that do not fit."""
    for name, column in known.items():
        words = {word: str(literal(word)) for word in column.null_tokens}
        is_word = (
            (pl.col("column") == name)
            & (pl.col("code") == problems.Code.UNREADABLE)
            & pl.col("value").is_in([*words])
        )
        found = found.with_columns(
            code=pl.when(is_word).then(pl.lit(WORDS)).otherwise("code"),
            reason=pl.when(is_word)
            .then(pl.col("value").replace(words))
            .otherwise("reason"),
        )
    return found


def _is_wider(column: Column, dtype: pl.DataType) -> bool:
    """Say whether numbers are those of a type, but for their size."""
    if isinstance(dtype, pl.Decimal) and column.kind in NUMBERS:
        low, high = column.minimum or 0, column.maximum or 0
        digits = max(column.digits, len(str(max(-low, high))))
        return column.scale > dtype.scale or digits > dtype.precision - dtype.scale
    if not (dtype.is_integer() and column.kind is Kind.INTEGER):
        return False
    bounds = pl.Series([column.minimum, column.maximum], dtype=pl.Int128)
    return bool(bounds.cast(dtype, strict=False).null_count())


def _size(column: Column) -> str:
    """Return how long the numbers of a column are, as casting tells it of a type."""
    if column.kind is not Kind.INTEGER:
        digits = f"{column.digits} digit{'' if column.digits == 1 else 's'}"
        return f"{digits} and {column.scale} decimal{'' if column.scale == 1 else 's'}"
    high = max(-(column.minimum or 0), column.maximum or 0)
    return f"{len(str(high))} digits"


def _now(column: Column, values: pl.Series, *, has_parser: bool) -> str:
    """Return what a column is in the file, and how it would be read."""
    if column.kind in TEXTS:
        words = values.n_unique()
        few = words <= FEW_WORDS and len(values) > words
        alike = f" ({words} different: words for nothing?)" if few else ""
        return f"; {column.kind} in this file{alike}"
    parser = find_parser(column, column.kind)
    read = f", read by {parser}" if parser else ""
    if has_parser and not parser:
        read = ", which needs no parser"
    return f"; {column.kind} in this file{read}"


def _has_parser(cause: Cause, rules: type[CleaningDF]) -> bool:
    return cause.column in rules.get_col_parser_map()


def _where(cause: Cause, trial: Trial) -> str:
    first = cause.lines[0]
    rows = f"{cause.rows:,} of {trial.rows:,} row{'' if trial.rows == 1 else 's'}"
    if first < 0:
        return rows
    return f"{rows}, {'the first ' if cause.rows > 1 else ''}on {trial.place.singular} {first}"


def _empty(column: Column) -> str:
    return f", {column.nulls:,} of {column.rows:,} empty" if column.nulls else ""


def _quoted(name: str) -> str:
    return f'"{visible(name)}"'
