"""Step 2, clean: find the header of the source from which each column is read."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

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

# What get_rename_map returns: header to column, where several headers may have one column,
# or column to header, or to several of them.
type RenameMap = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Match:
    """The header of the source from which each column of the clean frame is read.

    Attributes:
        sources: For each column that the source has, its header.
        missing: For each column that the source lacks, the header that it should have;
            the first one, where it may have several.
        new: The headers that no rule names, in the order of the file.
        headers: All headers of the source.
        wanted: For each column, all headers that it may have.
    """

    sources: Mapping[str, str]
    missing: Mapping[str, str]
    new: Sequence[str]
    headers: Collection[str]
    wanted: Mapping[str, tuple[str, ...]]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Of each column that may have several headers, a sentence: which one it has."""
        return tuple(
            f'Column "{visible(column)}" is read from the header "{visible(header)}".'
            for column, header in self.sources.items()
            if len(self.wanted[column]) > 1
        )

    def named(self, column: str) -> str:
        """Return the headers that a column may have, in quotes."""
        return " or ".join(f'"{visible(header)}"' for header in self.wanted[column])

    def check(
        self, new: Policy, missing: Policy, required: Collection[str]
    ) -> tuple[str, ...]:
        """Refuse columns that are there twice, and missing or new ones by the policies.

        Args:
            new: What to do about headers that no rule names.
            missing: What to do about columns that the source lacks.
            required: The columns that must not be empty.

        Returns:
            Warnings about the columns that are not refused, a sentence each.

        Raises:
            SourceError: Names all columns that are refused.
        """
        errors, warnings = self._doubled(), []
        if wrong := self._needed(missing, required):
            errors.append(self._lacks(wrong, missing))
        elif self.missing and missing is Policy.WARN:
            names = ", ".join(map(self.named, self.missing))
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

    def _doubled(self) -> list[str]:
        """Return a sentence for each column of which several headers are in the source."""
        found = {
            column: [header for header in wanted if header in self.headers]
            for column, wanted in self.wanted.items()
        }
        return [
            f'The source has {len(headers)} headers of the column "{visible(column)}", '
            f"which is read from one of them: {_quoted(headers)}. Remove all but one "
            "from the file, or give them to different columns in get_rename_map."
            for column, headers in found.items()
            if len(headers) > 1
        ]

    def _needed(
        self, policy: Policy, required: Collection[str]
    ) -> list[tuple[str, str]]:
        """Return the missing columns that cannot be left empty, each with why.

        A header that may be misspelt is one of them under every policy: otherwise its
        column would be empty, and no one would notice.
        """
        found = []
        for column in self.missing:
            names = (*self.wanted[column], column)
            hints = (did_you_mean(name, self.new) for name in names)
            why = next(filter(None, hints), "")
            if not why and policy is not Policy.ERROR and column in required:
                why = " (must not be empty)"
            if why or policy is Policy.ERROR or not self.sources:
                found.append((column, why))
        return found

    def _lacks(self, wrong: Sequence[tuple[str, str]], policy: Policy) -> str:
        names = "; ".join(f"{self.named(column)}{why}" for column, why in wrong)
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
    rename_map: RenameMap, columns: Collection[str], headers: Collection[str]
) -> Match:
    """Find the header that each column is read from.

    Args:
        rename_map: Header to column, or column to header; projects write both. A column
            may have several headers, of which a source has one.
        columns: The columns of the clean frame.
        headers: The columns of the source.

    Raises:
        ConfigurationError: The map can be read in both directions, or in neither.
    """
    renamed = _headers_by_column(rename_map, columns, headers)
    wanted = {
        column: tuple(
            dict.fromkeys(
                _alike(name, headers) for name in renamed.get(column, (column,))
            )
        )
        for column in columns
    }
    counts = Counter(chain.from_iterable(wanted.values()))
    twice = [header for header, n in counts.items() if n > 1]
    if twice:
        raise ConfigurationError(
            f"get_rename_map gives {_quoted(twice)} to more than one column."
        )
    found = {
        column: next((name for name in names if name in headers), None)
        for column, names in wanted.items()
    }
    return Match(
        sources={c: header for c, header in found.items() if header is not None},
        missing={c: wanted[c][0] for c, header in found.items() if header is None},
        new=[h for h in headers if h not in counts and not OF_REJECTS.fullmatch(h)],
        headers=headers,
        wanted=wanted,
    )


def several(headers: str | Iterable[str]) -> tuple[str, ...]:
    """Return the headers, or the columns, of one entry of a rename map."""
    return (headers,) if isinstance(headers, str) else tuple(headers)


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


def _headers_by_column(
    rename_map: RenameMap, columns: Collection[str], headers: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    if without := [name for name, entry in rename_map.items() if not several(entry)]:
        raise ConfigurationError(
            f"get_rename_map gives no header to {_quoted(without)}."
        )
    ways = [
        way
        for way in (_from_headers(rename_map), _from_columns(rename_map))
        if way is not None and all(column in columns for column in way)
    ]
    if not ways:
        named = dict.fromkeys(chain.from_iterable(map(several, rename_map.values())))
        unknown = [name for name in named if name not in columns]
        raise ConfigurationError(
            f"get_rename_map maps to {_quoted(unknown)}, which get_col_dtype_map lacks. "
            "It maps headers to columns."
        )
    seen = set(map(look_of, headers))
    fitting = [
        way
        for way in ways
        if all(any(look_of(h) in seen for h in names) for names in way.values())
    ]
    left = fitting or ways
    if any(way != left[0] for way in left):
        raise ConfigurationError(
            "get_rename_map can be read from header to column and from column to "
            "header: both sides are columns. Give the columns names of their own."
        )
    return left[0]


def _from_headers(rename_map: RenameMap) -> dict[str, tuple[str, ...]] | None:
    """Read a map from header to column; None if it cannot be one."""
    found: dict[str, tuple[str, ...]] = {}
    for header, column in rename_map.items():
        if not isinstance(column, str):
            return None
        found[column] = (*found.get(column, ()), header)
    return found


def _from_columns(rename_map: RenameMap) -> dict[str, tuple[str, ...]]:
    return {column: several(headers) for column, headers in rename_map.items()}


def _with_nearest(name: str, names: Iterable[str]) -> str:
    return f'"{name}"{did_you_mean(name, names)}'


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{visible(name)}"' for name in names)


def _listed(names: Collection[str]) -> str:
    more = len(names) - LISTED
    rest = f" and {more:,} more" if more > 0 else ""
    return f"{_quoted(islice(names, LISTED))}{rest}"
