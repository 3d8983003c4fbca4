"""Which columns of a file are new to an import, which are missing, which are renamed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import polars as pl

from generators.inference import (
    NUMBERS,
    TEXTS,
    Column,
    Kind,
)
from generators.naming import literal, normal
from importkit.cleaning import CleaningDF, Match, Policy, match_columns
from importkit.errors import SourceError

# The least ratio of difflib that counts as alike, as difflib itself has it.
ALIKE = 0.6
# The polars types of kinds that are neither text nor numbers.
TYPES: Mapping[Kind, type[pl.DataType]] = {
    Kind.BOOLEAN: pl.Boolean,
    Kind.DATE: pl.Date,
    Kind.DATETIME: pl.Datetime,
    Kind.TIME: pl.Time,
    Kind.DURATION: pl.Duration,
}


@dataclass(frozen=True)
class Rename:
    """A column that may have a new header.

    Attributes:
        column: The column.
        old: The headers that the import knows; the first is the one that is missing.
        new: The header in the file.
        reason: Why both may be the same column.
        entries: What ``get_rename_map`` holds with both, as Python source.
    """

    column: str
    old: tuple[str, ...]
    new: str
    reason: str
    entries: str


@dataclass(frozen=True)
class Headers:
    """The columns of a file compared with the columns of an import.

    Attributes:
        by_column: The header of each column of the import, as the file has it; if it is
            missing, as the import knows it.
        absent: The columns that the file lacks, each with its header.
        missing: The headers of each column that is absent, and without which an import
            refuses the file.
        new: The headers that an import leaves out with a warning, or refuses.
        renames: Pairs of a missing and a new header that may be one column.
    """

    by_column: Mapping[str, str]
    absent: Mapping[str, str]
    missing: tuple[tuple[str, ...], ...]
    new: tuple[str, ...]
    renames: tuple[Rename, ...]

    @property
    def old_by_new(self) -> dict[str, str]:
        """The new headers of columns that may be renamed, each with the old header."""
        return {rename.new: rename.old[0] for rename in self.renames}


def compare_headers(
    rules: type[CleaningDF],
    headers: Sequence[str],
    columns: Mapping[str, Column],
) -> Headers:
    """Compare the headers of a file with those of an import; their order is not compared.

    Args:
        rules: The cleaning class.
        headers: The headers of the file.
        columns: What is inferred of its columns, by header.

    Raises:
        ConfigurationError: The rename map fits in both directions, or in neither.
    """
    dtypes = rules.dtypes()
    match = match_columns(rules.get_rename_map(), dtypes, headers)
    wanted = {**match.sources, **match.missing}
    refused = [column for column in match.missing if _is_refused(match, column, rules)]
    renames = tuple(_renames(match, refused, rules, headers, columns))
    old, renamed = {r.column for r in renames}, {r.new for r in renames}
    is_reported = rules.on_new_column is not Policy.IGNORE
    return Headers(
        by_column=wanted,
        absent={c: header for c, header in match.missing.items() if c not in old},
        missing=tuple(match.wanted[c] for c in refused if c not in old),
        new=tuple(h for h in match.new if is_reported and h not in renamed),
        renames=renames,
    )


def _is_refused(match: Match, column: str, rules: type[CleaningDF]) -> bool:
    """Return whether an import refuses a file because one column is missing."""
    wanted = {column: match.wanted[column]}
    alone = replace(match, missing={column: match.missing[column]}, wanted=wanted)
    required = rules.get_no_null_cols()
    try:
        alone.check(Policy.IGNORE, rules.on_missing_column, required)
    except SourceError:
        return True
    return False


def _renames(
    match: Match,
    refused: Collection[str],
    rules: type[CleaningDF],
    headers: Sequence[str],
    columns: Mapping[str, Column],
) -> Iterator[Rename]:
    """Yield pairs of missing and new headers, those with the most alike names first."""
    dtypes = rules.dtypes()
    places = list(dtypes)
    found = []
    for column in refused:
        old = match.wanted[column]
        for new in match.new:
            ratio = max(_likeness(name, new) for name in (*old, column))
            entries = _entries(rules, column, (*old, new))
            known, dtype = columns.get(new), dtypes[column]
            if ratio >= ALIKE and (ratio == 1 or _takes(dtype, known)):
                reason = "the names are alike"
                found.append((ratio, Rename(column, old, new, reason, entries)))
            elif places.index(column) == headers.index(new) and _has_type(dtype, known):
                kind = known.kind if known else ""
                reason = f"the place and the kind ({kind}) are the same"
                found.append((0, Rename(column, old, new, reason, entries)))
    found.sort(key=lambda pair: -pair[0])
    taken: set[str] = set()
    for _, rename in found:
        if taken.isdisjoint({f"-{rename.column}", f"+{rename.new}"}):
            taken |= {f"-{rename.column}", f"+{rename.new}"}
            yield rename


def _entries(rules: type[CleaningDF], column: str, headers: tuple[str, ...]) -> str:
    """Return what a rename map says of a column, in the direction that the map has.

    A column without an entry has its name for a header, which needs one as soon as
    there is another header.
    """
    renamed, columns = rules.get_rename_map(), rules.dtypes()
    is_by_header = all(
        isinstance(entry, str) and entry in columns for entry in renamed.values()
    )
    if is_by_header:
        pairs = (f"{literal(header)}: {literal(column)}" for header in headers)
        return ", ".join(pairs)
    listed = ", ".join(str(literal(header)) for header in headers)
    return f"{literal(column)}: ({listed})"


def _likeness(first: str, second: str) -> float:
    return SequenceMatcher(None, normal(first), normal(second)).ratio()


def _takes(dtype: pl.DataType, column: Column | None) -> bool:
    """Return whether a type can take the values of a column; text takes all values."""
    if column is None or column.nulls == column.rows:
        return True
    return dtype == pl.String or _has_type(dtype, column)


def _has_type(dtype: pl.DataType, column: Column | None) -> bool:
    if column is None or column.nulls == column.rows:
        return False
    if column.kind in TEXTS:
        return dtype == pl.String
    if column.kind in NUMBERS:
        return dtype.is_numeric()
    return dtype.base_type() is TYPES[column.kind]
