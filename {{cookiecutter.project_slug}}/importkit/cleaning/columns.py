"""Step 2, clean: which column of the source is which column of the clean frame."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from importkit.errors import (
    ConfigurationError,
    SourceError,
    did_you_mean,
    visible,
)
from importkit.source import PROBLEM, REJECT_COLUMNS

# What a file of rejects has behind the columns of its source: no news to anybody. The
# reader numbers names that it has itself, or has seen.
OF_REJECTS = re.compile(rf"({'|'.join([*REJECT_COLUMNS, PROBLEM])})(_\d+)?")


class Policy(StrEnum):
    """What to do about a column that a file has, or lacks, against the rules."""

    ERROR = "error"
    WARN = "warn"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Match:
    """Which column of a source is which column of the clean frame.

    Attributes:
        sources: The header that each column is read from; none for one that is missing.
        missing: The columns that the source lacks, with the headers they should have.
        new: The headers that no rule names, in the order of the file.
        headers: All headers.
    """

    sources: Mapping[str, str]
    missing: Mapping[str, str]
    new: Sequence[str]
    headers: Collection[str]

    def judged(
        self, new: Policy, missing: Policy, required: Collection[str]
    ) -> tuple[str, ...]:
        """Return what to warn of, a sentence each.

        Args:
            new: What to do about headers that no rule names.
            missing: What to do about columns that the source lacks.
            required: The columns that must not be empty.

        Raises:
            SourceError: Says everything that is wrong with the header.
        """
        errors, warnings = [], []
        if wrong := self._not_empty(missing, required):
            errors.append(self._lacks(wrong, missing))
        elif self.missing and missing is Policy.WARN:
            names = _quoted(self.missing.values())
            warnings.append(f"Columns that the source lacks are empty: {names}.")
        if self.new and new is Policy.ERROR:
            errors.append(
                f"The source has columns that no rule names: {_quoted(self.new)}."
            )
        elif self.new and new is Policy.WARN:
            names = _quoted(self.new)
            warnings.append(f"Columns that no rule names are left out: {names}.")
        if errors:
            raise SourceError(" ".join(errors))
        return tuple(warnings)

    def _not_empty(
        self, policy: Policy, required: Collection[str]
    ) -> list[tuple[str, str]]:
        """Return headers that are missing and may not count as empty, each with why.

        A header that may only be misspelt is one of them whatever the policy: its column
        would be empty unnoticed.
        """
        found = []
        for column, header in self.missing.items():
            why = did_you_mean(header, self.new) or did_you_mean(column, self.new)
            if not why and policy is not Policy.ERROR and column in required:
                why = " (must not be empty)"
            if why or policy is Policy.ERROR or not self.sources:
                found.append((header, why))
        return found

    def _lacks(self, wrong: Sequence[tuple[str, str]], policy: Policy) -> str:
        names = "; ".join(f'"{visible(header)}"{why}' for header, why in wrong)
        width = len(self.sources) + len(self.missing)
        text = (
            f"The source lacks {len(wrong)} of {width} columns: {names}. "
            f"It has {_quoted(self.headers)}."
        )
        if policy is Policy.ERROR or not any("did you mean" in why for _, why in wrong):
            return text
        return f"{text} What may be a misspelt header is not taken for an empty column."


def match_columns(
    rename_map: Mapping[str, str], columns: Collection[str], headers: Collection[str]
) -> Match:
    """Find the header that each column is read from.

    Args:
        rename_map: Header to column, or column to header; both ways are in use.
        columns: The columns of the clean frame.
        headers: The columns of the source.

    Raises:
        ConfigurationError: The map can be read both ways, or neither.
    """
    renamed = _header_by_column(rename_map, columns, headers)
    wanted = {column: renamed.get(column, column) for column in columns}
    twice = [header for header, n in Counter(wanted.values()).items() if n > 1]
    if twice:
        raise ConfigurationError(
            f"get_rename_map gives {_quoted(twice)} to more than one column."
        )
    return Match(
        sources={c: header for c, header in wanted.items() if header in headers},
        missing={c: header for c, header in wanted.items() if header not in headers},
        new=[
            h
            for h in headers
            if h not in wanted.values() and not OF_REJECTS.fullmatch(h)
        ],
        headers=headers,
    )


def check_known(hook: str, names: Iterable[str], columns: Collection[str]) -> None:
    """Refuse a hook that speaks of columns that the frame does not have.

    Raises:
        ConfigurationError: Names each of them and the column that may be meant.
    """
    unknown = [name for name in names if name not in columns]
    if unknown:
        wanted = "; ".join(_with_nearest(name, columns) for name in unknown)
        raise ConfigurationError(
            f"{hook} names columns that get_col_dtype_map does not: {wanted}."
        )


def _header_by_column(
    rename_map: Mapping[str, str], columns: Collection[str], headers: Collection[str]
) -> dict[str, str]:
    as_seen = {column: header for header, column in rename_map.items()}
    if len(as_seen) < len(rename_map) and all(c in columns for c in as_seen):
        raise ConfigurationError("get_rename_map gives one column to several headers.")
    as_kept = dict(rename_map)
    ways = [way for way in (as_seen, as_kept) if all(c in columns for c in way)]
    if not ways:
        unknown = [c for c in as_seen if c not in columns]
        raise ConfigurationError(
            f"get_rename_map maps to {_quoted(unknown)}, which get_col_dtype_map lacks. "
            "It maps headers to columns."
        )
    fitting = [way for way in ways if all(h in headers for h in way.values())]
    if len(fitting or ways) > 1 and as_seen != as_kept:
        raise ConfigurationError(
            "get_rename_map can be read from header to column and from column to "
            "header: both sides are columns. Give the columns names of their own."
        )
    return (fitting or ways)[0]


def _with_nearest(name: str, names: Iterable[str]) -> str:
    return f'"{name}"{did_you_mean(name, names)}'


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{visible(name)}"' for name in names)
