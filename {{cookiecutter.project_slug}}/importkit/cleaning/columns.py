"""Step 2, clean: find the header of the source from which each column is read."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from importkit.cleaning.policies import Policy
from importkit.errors import (
    ConfigurationError,
    SourceError,
    did_you_mean,
    if_changed,
    visible,
)
from importkit.source import PROBLEM, REJECT_COLUMNS
from importkit.texts import look_of

# A file of rejects has these columns behind those of its source, and no one is warned of
# them. The reader adds a number to a name that stands in the header twice.
OF_REJECTS = re.compile(rf"({'|'.join([*REJECT_COLUMNS, PROBLEM])})(_\d+)?")
# A number or a date, which no program writes for the name of a column.
VALUE = re.compile(r"[\d\W_]*\d[\d\W_]*")
NO_HEADER = (
    "Its first line holds values instead of names: has the file lost its header? "
    + if_changed(
        "write header=False in the Dialect of the import, and name the columns column_1, "
        "column_2, ... in get_rename_map"
    )
)
LISTED = 20  # Headers that a message names.


@dataclass(frozen=True)
class Match:
    """The header of the source from which each column of the clean frame is read.

    Attributes:
        sources: For each column that the source has, its header.
        missing: For each column that the source lacks, the header that it should have.
        new: The headers that no rule names, in the order of the file.
        headers: All headers of the source.
    """

    sources: Mapping[str, str]
    missing: Mapping[str, str]
    new: Sequence[str]
    headers: Collection[str]

    def check(
        self, new: Policy, missing: Policy, required: Collection[str]
    ) -> tuple[str, ...]:
        """Refuse columns that are missing or new against the policies.

        Args:
            new: What to do about headers that no rule names.
            missing: What to do about columns that the source lacks.
            required: The columns that must not be empty.

        Returns:
            Warnings about the columns that are not refused, a sentence each.

        Raises:
            SourceError: Names all columns that are refused.
        """
        errors, warnings = [], []
        if wrong := self._needed(missing, required):
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
            warnings.append(f"New columns, not imported: {names}.")
        if errors:
            raise SourceError(" ".join(errors))
        return tuple(warnings)

    def _needed(
        self, policy: Policy, required: Collection[str]
    ) -> list[tuple[str, str]]:
        """Return the missing headers whose columns cannot be left empty, each with why.

        A header that may be misspelt is one of them under every policy: otherwise its
        column would be empty, and no one would notice.
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
        text = f"The source lacks {len(wrong)} of {width} columns: {names}."
        if not self.sources and any(map(VALUE.fullmatch, self.headers)):
            # Values, which may be personal, are not shown.
            return f"{text} {NO_HEADER}"
        text += f" It has {_listed(self.headers)}."
        if policy is Policy.ERROR or not any("did you mean" in why for _, why in wrong):
            return text
        return f"{text} A column is not left empty where its header may be misspelt."


def match_columns(
    rename_map: Mapping[str, str], columns: Collection[str], headers: Collection[str]
) -> Match:
    """Find the header that each column is read from.

    Args:
        rename_map: Header to column, or column to header; projects write both.
        columns: The columns of the clean frame.
        headers: The columns of the source.

    Raises:
        ConfigurationError: The map can be read in both directions, or in neither.
    """
    renamed = _header_by_column(rename_map, columns, headers)
    wanted = {
        column: _alike(renamed.get(column, column), headers) for column in columns
    }
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


def _alike(name: str, headers: Collection[str]) -> str:
    """Return the header that looks like a name, if there is one, and else the name.

    The same word may be written in another normal form of Unicode.
    """
    if name in headers or (name.isascii() and all(map(str.isascii, headers))):
        return name
    found = [header for header in headers if look_of(header) == look_of(name)]
    return found[0] if len(found) == 1 else name


def check_known(hook: str, names: Iterable[str], columns: Collection[str]) -> None:
    """Refuse a hook that names columns without a type.

    Raises:
        ConfigurationError: Names each of them, and a known column with a similar name.
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
    seen = set(map(look_of, headers))
    fitting = [way for way in ways if all(look_of(h) in seen for h in way.values())]
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


def _listed(names: Collection[str]) -> str:
    more = len(names) - LISTED
    rest = f" and {more:,} more" if more > 0 else ""
    return f"{_quoted(islice(names, LISTED))}{rest}"
