"""Problems as texts: grouped by cause, with the first rows and the remedy of each."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from importkit.errors import visible
from importkit.problems.frame import EXAMPLES, Cause, Example, Place, causes
from importkit.problems.reasons import remedy_of

GROUPS = 5  # Causes that a text shows; the others are counted.
LONGEST = 80  # Characters of a value.
ALL_CAUSES = " (--report FILE lists all of them)"

# For each example whose row is known, the row as it stands in its file.
type Excerpts = Mapping[Example, str]
type ReadExcerpts = Callable[[Iterable[Example]], Excerpts]
# For each column the header that it has in the file.
type Headers = Mapping[str, str]

NO_HEADERS: Headers = {}


def describe(
    problems: pl.DataFrame, place: Place, headers: Headers = NO_HEADERS
) -> str:
    """Return problems by cause, with values, for a source whose rows are not known.

    Args:
        problems: One row a problem, of ``SCHEMA``.
        place: What their lines count.
        headers: The header of each column; it is shown where it is another name.
    """

    def group(cause: Cause) -> Iterable[str]:
        about, rows = _about(cause, headers), _count(cause.rows, "row")
        yield f"  {about}{cause.reason}, {rows}"
        yield from (_example(example, place) for example in cause.examples())
        # A problem of a whole row has no value that would show what to do.
        if not cause.column:
            yield from _remedy(cause)

    return _listed(problems, causes(problems), group)


def explain(
    problems: pl.DataFrame,
    place: Place,
    read: ReadExcerpts,
    headers: Headers = NO_HEADERS,
) -> str:
    """Return problems by cause, with codes, rows and remedies, for the person who imports.

    Args:
        problems: One row a problem, of ``SCHEMA``.
        place: What their lines count.
        read: Returns the rows of some examples as they stand in their file.
        headers: The header of each column; it is shown where it is another name.
    """
    found = causes(problems)
    shown = [example for cause in found[:GROUPS] for example in cause.examples()]
    excerpts = read(shown)

    def group(cause: Cause) -> Iterable[str]:
        about, rows = _about(cause, headers), _count(cause.rows, "row")
        code = f" [{cause.code}]" if cause.code else ""
        yield f"  {about}{cause.reason}{code}, {rows}"
        for example in cause.examples():
            yield excerpts.get(example) or _example(example, place)
        yield from _remedy(cause)

    return _listed(problems, found, group, ALL_CAUSES)


def describe_left_out(left_out: pl.DataFrame, place: Place) -> str:
    """Return one line per reason for rows that were left out on purpose.

    Args:
        left_out: One row each, with ``line`` and ``reason``.
        place: What their lines count.
    """
    return _by_reason(left_out, place, "Left out {}")


def describe_noted(noted: pl.DataFrame, place: Place) -> str:
    """Return one line per reason for rows that were imported and should be looked at.

    Args:
        noted: One row each, with ``line`` and ``reason``.
        place: What their lines count.
    """
    return _by_reason(noted, place, "Imported, to be looked at: {}")


def _by_reason(rows: pl.DataFrame, place: Place, start: str) -> str:
    groups = rows.group_by("reason", maintain_order=True)
    return "\n".join(
        f"{start.format(_count(group.height, 'row'))}: {reason} "
        f"({listed(group['line'].to_list(), place)})."
        for (reason,), group in groups
    )


def listed(lines: Sequence[int], place: Place) -> str:
    """Return ``lines 4, 9, 12 and 3 more``."""
    shown = ", ".join(str(line) for line in lines[:EXAMPLES])
    more = len(lines) - EXAMPLES
    name = place.singular if len(lines) == 1 else place.plural
    return f"{name} {shown}" + (f" and {more:,} more" if more > 0 else "")


def _listed(
    problems: pl.DataFrame,
    found: Sequence[Cause],
    group: Callable[[Cause], Iterable[str]],
    where_all_are: str = "",
) -> str:
    rows = problems["line"].n_unique()
    heading = f"{_count(problems.height, 'problem')} in {_count(rows, 'row')}:"
    lines = [line for cause in found[:GROUPS] for line in group(cause)]
    more = len(found) - GROUPS
    rest = (
        [f"  ... and {_count(more, 'more cause')}{where_all_are}"] if more > 0 else []
    )
    return "\n".join([heading, *lines, *rest])


def _about(cause: Cause, headers: Headers) -> str:
    """Return the columns of a cause, each with its header, before a colon."""
    if not cause.column:
        return ""  # The cause is a problem of whole rows.
    is_one = cause.column in headers
    columns = [cause.column] if is_one else cause.column.split(", ")
    return ", ".join(_with_header(column, headers) for column in columns) + ": "


def _with_header(column: str, headers: Headers) -> str:
    header = headers.get(column, column)
    return column if header == column else f'{column} ("{visible(header)}")'


def _example(example: Example, place: Place) -> str:
    value = "" if example.value is None else f": {_shown(example.value)}"
    return f"    {place.singular} {example.line}{value}"


def _shown(value: str) -> str:
    # repr shows control and bidi characters instead of sending them.
    return repr(value if len(value) <= LONGEST else f"{value[:LONGEST]}...")


def _remedy(cause: Cause) -> Iterable[str]:
    if remedy := remedy_of(cause.code, cause.reason):
        yield f"    {remedy}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
