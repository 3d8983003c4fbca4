"""What has drifted between a file and an import, in words and with what a person can do.

No value of the file is shown: only headers, numbers, and the null words that ``startimport``
would print in a cleaning class.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from importkit.problems import Cause, Code

# Findings of a kind that are listed; the others are counted.
SHOWN = 10
# Distinct words, some of them repeated, that may be null words.
FEW_WORDS = 3

NOT_READ = "not read"
DIALECT = "another dialect"
RENAMED = "renamed?"
MISSING = "missing"
NEW = "new"
RETYPED = "another type"
WIDENED = "too wide"
NULL_WORDS = "null words"
# What a person can do about each kind of finding, in the order in which they are shown.
REMEDIES = {
    NOT_READ: "An import refuses the file as a whole.",
    DIALECT: "If new files stay like this, change the Dialect of the command.",
    RENAMED: "If it is the same column, add its new header to get_rename_map, beside the "
    "old one.",
    MISSING: "Ask the sender for the column, remove it from the class and the model, or "
    "let it be empty: on_missing_column = Policy.WARN.",
    NEW: "Add the column to get_col_dtype_map and a field to the model, or leave the "
    "column out: on_new_column = Policy.IGNORE.",
    RETYPED: "If new files stay like this, change the parser in get_col_parser_map, or "
    "the type in get_col_dtype_map and the field.",
    WIDENED: "Widen the field, and the type in get_col_dtype_map.",
    NULL_WORDS: "If these words mean an empty cell, add them to get_null_tokens.",
    **{code.value: code.remedy for code in Code},
}


class Finding(NamedTuple):
    """Something because of which an import would refuse a file, rows, or a column.

    Attributes:
        kind: One of the keys of ``REMEDIES``.
        text: Where, how often, and what the file has instead.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Drift:
    """A file compared with the import that exists for its kind.

    Attributes:
        source: The name of the file.
        name: The name of the command.
        size: How many rows and columns the file has, in words; empty if unknown.
        findings: What an import would refuse or leave out; none if the file fits.
        remarks: What else a person should know, a line each.
    """

    source: str
    name: str
    size: str = ""
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()


def describe_drift(drift: Drift) -> str:
    """Return a drift in words: one line for a file that fits, else a line a finding."""
    if not drift.findings:
        fits = f"{drift.source} fits {drift.name}: {drift.size}."
        return "\n".join([fits, *drift.remarks])
    size = f" ({drift.size})" if drift.size else ""
    lines = [f"{drift.source} does not fit {drift.name}{size}:"]
    # A project may have codes of its own, which have no remedy.
    kinds = dict.fromkeys([*REMEDIES, *(found.kind for found in drift.findings)])
    for kind in kinds:
        texts = [found.text for found in drift.findings if found.kind == kind]
        if texts:
            lines.append(f"  {kind}: {REMEDIES.get(kind, '')}".rstrip())
            lines += [f"    {text}" for text in texts[:SHOWN]]
        if len(texts) > SHOWN:
            lines.append(f"    ... and {len(texts) - SHOWN:,} more")
    return "\n".join([*lines, *drift.remarks])


def find_in_headers(found: Headers, columns: Mapping[str, Column]) -> Iterator[Finding]:
    """Yield findings about columns as a whole.

    Args:
        found: The columns of the file compared with those of the import.
        columns: What is inferred of the columns of the file, by header.
    """
    for rename in found.renames:
        names = f"{_any_of(rename.old)} is missing and {_quoted(rename.new)} is new"
        yield Finding(RENAMED, f"{names}: {rename.reason}; {rename.entries}")
    for headers in found.missing:
        yield Finding(MISSING, _any_of(headers))
    for header in found.new:
        column = columns.get(header)
        about = f": {column.kind}{_empty(column)}" if column else ""
        yield Finding(NEW, f"{_quoted(header)}{about}")


def find_in_values(
    trial: Trial,
    headers: Headers,
    columns: Mapping[str, Column],
    rules: type[CleaningDF],
) -> Iterator[Finding]:
    """Yield findings about the values of columns.

    Args:
        trial: The problems of the file.
        headers: The header of each column.
        columns: What is inferred of the columns of the file, by header.
        rules: The cleaning class.
    """
    new_by_old = {old: new for new, old in headers.old_by_new.items()}
    in_file = {
        name: new_by_old.get(header, header)
        for name, header in headers.by_column.items()
    }
    known = {
        name: columns[header] for name, header in in_file.items() if header in columns
    }
    found = _with_null_words(trial.problems, known)
    for cause in problems.causes(found):
        name = headers.by_column.get(cause.column, cause.column)
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
    """Return the kind of a finding, how far values go, and what the file has instead."""
    if cause.code == Code.LENGTH:
        return WIDENED, f" (up to {longest(values):,})", ""
    if cause.code == NULL_WORDS and cause.column in rules.get_no_null_cols():
        return NULL_WORDS, "", "; the column must not be empty (get_no_null_cols)"
    if cause.code != Code.UNREADABLE:
        return cause.code, "", ""
    dtype = rules.dtypes().get(cause.column)
    if column is None or dtype is None:
        return RETYPED, "", ""
    if _is_wider(column, dtype):
        return WIDENED, "", f"; up to {_size(column)} in this file"
    has_parser = cause.column in rules.get_col_parser_map()
    return RETYPED, "", _kind_in_file(column, values, has_parser=has_parser)


def _with_null_words(found: pl.DataFrame, known: Mapping[str, Column]) -> pl.DataFrame:
    """Give problems with null words a code of their own, and the word as reason."""
    for name, column in known.items():
        words = {word: str(literal(word)) for word in column.null_tokens}
        is_word = (
            (pl.col("column") == name)
            & (pl.col("code") == Code.UNREADABLE)
            & pl.col("value").is_in([*words])
        )
        found = found.with_columns(
            code=pl.when(is_word).then(pl.lit(NULL_WORDS)).otherwise("code"),
            reason=pl.when(is_word)
            .then(pl.col("value").replace(words))
            .otherwise("reason"),
        )
    return found


def _is_wider(column: Column, dtype: pl.DataType) -> bool:
    """Return whether only the size of its numbers keeps a column out of a type."""
    if isinstance(dtype, pl.Decimal) and column.kind in NUMBERS:
        low, high = column.minimum or 0, column.maximum or 0
        digits = max(column.digits, len(str(max(-low, high))))
        return column.scale > dtype.scale or digits > dtype.precision - dtype.scale
    if not (dtype.is_integer() and column.kind is Kind.INTEGER):
        return False
    bounds = pl.Series([column.minimum, column.maximum], dtype=pl.Int128)
    return bool(bounds.cast(dtype, strict=False).null_count())


def _size(column: Column) -> str:
    """Return the digits of a column, in the words in which casting states a type."""
    if column.kind is not Kind.INTEGER:
        digits = f"{column.digits} digit{'' if column.digits == 1 else 's'}"
        return f"{digits} and {column.scale} decimal{'' if column.scale == 1 else 's'}"
    high = max(-(column.minimum or 0), column.maximum or 0)
    return f"{len(str(high))} digits"


def _kind_in_file(column: Column, values: pl.Series, *, has_parser: bool) -> str:
    """Return the kind that a column has in the file, and how it would be read."""
    if column.kind in TEXTS:
        words = values.n_unique()
        few = words <= FEW_WORDS and len(values) > words
        plural = "" if words == 1 else "s"
        hint = f" ({words} distinct word{plural}: null words?)" if few else ""
        return f"; {column.kind} in this file{hint}"
    parser = find_parser(column, column.kind)
    read = f", read by {parser}" if parser else ""
    if has_parser and not parser:
        read = ", which needs no parser"
    return f"; {column.kind} in this file{read}"


def _where(cause: Cause, trial: Trial) -> str:
    first = cause.lines[0]
    rows = f"{cause.rows:,} of {trial.rows:,} row{'' if trial.rows == 1 else 's'}"
    if first < 0:
        return rows
    prefix = "the first " if cause.rows > 1 else ""
    return f"{rows}, {prefix}on {trial.place.singular} {first}"


def _empty(column: Column) -> str:
    return f", {column.nulls:,} of {column.rows:,} empty" if column.nulls else ""


def _quoted(name: str) -> str:
    return f'"{visible(name)}"'


def _any_of(names: Iterable[str]) -> str:
    return " or ".join(map(_quoted, names))
