"""Which columns of a file are new to an import, which are gone, and which may be both."""

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
from generators.naming import normal
from importkit.cleaning import CleaningDF, Match, Policy, match_columns
from importkit.errors import SourceError

# So near are names that a misspelt option is told of as well.
NEAR = 0.6
BASES: Mapping[Kind, type[pl.DataType]] = {
    Kind.BOOLEAN: pl.Boolean,
    Kind.DATE: pl.Date,
    Kind.DATETIME: pl.Datetime,
    Kind.TIME: pl.Time,
    Kind.DURATION: pl.Duration,
}


@dataclass(frozen=True)
class Rename:
    """A column that may have another header now.

    Attributes:
        old: The header that the import knows.
        new: The header in the file.
        reason: Why it may be the same column.
    """

    old: str
    new: str
    reason: str


@dataclass(frozen=True)
class Headers:
    """The columns of a file against those of an import.

    Attributes:
        of: The header of each column of the import, as the import knows it.
        absent: The columns without one in the file, with the header they should have.
        gone: Those of these headers without which an import refuses the file.
        added: The headers that an import leaves out, and says so or refuses the file.
        renames: Headers that are gone and new in one.
    """

    of: Mapping[str, str]
    absent: Mapping[str, str]
    gone: tuple[str, ...]
    added: tuple[str, ...]
    renames: tuple[Rename, ...]

    @property
    def stand_ins(self) -> dict[str, str]:
        """The new headers, with those that they stand in for."""
        return {rename.new: rename.old for rename in self.renames}


def compare_headers(
    rules: type[CleaningDF],
    headers: Sequence[str],
    columns: Mapping[str, Column],
) -> Headers:
    """Compare the headers of a file with those of an import, whatever their order.

    Args:
        rules: The cleaning class.
        headers: The headers of the file.
        columns: What is known of its columns, by header.

    Raises:
        ConfigurationError: The rename map can be read both ways, or neither.
    """
    dtypes = rules.dtypes()
    match = match_columns(rules.get_rename_map(), dtypes, headers)
    wanted = {**match.sources, **match.missing}
    refused = [column for column in match.missing if _is_refused(match, column, rules)]
    renames = tuple(_renames(match, refused, dtypes, headers, columns))
    old, new = {r.old for r in renames}, {r.new for r in renames}
    is_told = rules.on_new_column is not Policy.IGNORE
    return Headers(
        of=wanted,
        absent={c: header for c, header in match.missing.items() if header not in old},
        gone=tuple(match.missing[c] for c in refused if match.missing[c] not in old),
        added=tuple(h for h in match.new if is_told and h not in new),
        renames=renames,
    )


def _is_refused(match: Match, column: str, rules: type[CleaningDF]) -> bool:
    """Say whether an import refuses a file for the lack of one column."""
    alone = replace(match, missing={column: match.missing[column]})
    required = rules.get_no_null_cols()
    try:
        alone.check(Policy.IGNORE, rules.on_missing_column, required)
    except SourceError:
        return True
    return False


def _renames(
    match: Match,
    refused: Collection[str],
    dtypes: Mapping[str, pl.DataType],
    headers: Sequence[str],
    columns: Mapping[str, Column],
) -> Iterator[Rename]:
    """Yield pairs of what is gone and what is new, those of the nearest names first."""
    places = list(dtypes)
    found = []
    for column in refused:
        old = match.missing[column]
        for new in match.new:
            nearness = max(_nearness(old, new), _nearness(column, new))
            known, dtype = columns.get(new), dtypes[column]
            if nearness >= NEAR and (nearness == 1 or _takes(dtype, known)):
                found.append((nearness, Rename(old, new, "the names are near")))
            elif places.index(column) == headers.index(new) and _is_kin(dtype, known):
                kind = known.kind if known else ""
                found.append((0, Rename(old, new, f"the same place, {kind} as well")))
    found.sort(key=lambda pair: -pair[0])
    taken: set[str] = set()
    for _, rename in found:
        if taken.isdisjoint({f"-{rename.old}", f"+{rename.new}"}):
            taken |= {f"-{rename.old}", f"+{rename.new}"}
            yield rename


def _nearness(first: str, second: str) -> float:
    return SequenceMatcher(None, normal(first), normal(second)).ratio()


def _takes(dtype: pl.DataType, column: Column | None) -> bool:
    """Say whether a column may be one of a type; text may be anything."""
    if column is None or column.nulls == column.rows:
        return True
    return dtype == pl.String or _is_kin(dtype, column)


def _is_kin(dtype: pl.DataType, column: Column | None) -> bool:
    """Say whether the values of a column are of a type."""
    if column is None or column.nulls == column.rows:
        return False
    if column.kind in TEXTS:
        return dtype == pl.String
    if column.kind in NUMBERS:
        return dtype.is_numeric()
    return dtype.base_type() is BASES[column.kind]
