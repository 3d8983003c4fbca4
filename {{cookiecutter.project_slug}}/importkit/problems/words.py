"""Problems in words: grouped by cause, with the first lines, and what helps."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from importkit.problems.codes import remedy_of
from importkit.problems.frame import EXAMPLES, Cause, Example, Place, causes

GROUPS = 5
LONGEST = 80  # Characters of a value.


# The rows of examples as they stand in their file, where they are known.
type Excerpts = Mapping[Example, str]
type ReadExcerpts = Callable[[Iterable[Example]], Excerpts]


def describe(problems: pl.DataFrame, place: Place) -> str:
    """Return problems by cause, with examples, where only the frame is known.

    Args:
        problems: One row a problem, of ``SCHEMA``.
        place: What their lines count.
    """

    def group(cause: Cause) -> Iterable[str]:
        yield f"  {_about(cause)}{cause.reason}, {_count(cause.rows, 'row')}"
        yield from (_example(example, place) for example in cause.examples())
        # A row as a whole shows no value that would tell what to do.
        if not cause.column:
            yield from _remedy(cause)

    return _listed(problems, causes(problems), group)


def explain(problems: pl.DataFrame, place: Place, read: ReadExcerpts) -> str:
    """Return the text that a person reads: causes with codes, rows and what helps.

    Args:
        problems: One row a problem, of ``SCHEMA``.
        place: What their lines count.
        read: Returns the rows of some examples as they stand in their file.
    """
    found = causes(problems)
    shown = [example for cause in found[:GROUPS] for example in cause.examples()]
    excerpts = read(shown)

    def group(cause: Cause) -> Iterable[str]:
        about, rows = _about(cause), _count(cause.rows, "row")
        yield f"  {about}{cause.reason} [{cause.code}], {rows}"
        for example in cause.examples():
            yield excerpts.get(example) or _example(example, place)
        yield from _remedy(cause)

    return _listed(problems, found, group)


def describe_left_out(left_out: pl.DataFrame, place: Place) -> str:
    """Return one line per reason for rows that were left out on purpose.

    Args:
        left_out: One row each, with ``line`` and ``reason``.
        place: What their lines count.
    """
    groups = left_out.group_by("reason", maintain_order=True)
    return "\n".join(
        f"Left out {_count(group.height, 'row')}: {reason} "
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
) -> str:
    rows = problems["line"].n_unique()
    heading = f"{_count(problems.height, 'problem')} in {_count(rows, 'row')}:"
    lines = [line for cause in found[:GROUPS] for line in group(cause)]
    more = len(found) - GROUPS
    rest = [f"  ... and {_count(more, 'more cause')}"] if more > 0 else []
    return "\n".join([heading, *lines, *rest])


def _about(cause: Cause) -> str:
    # What is wrong with a row as a whole is in no column.
    return f"{cause.column}: " if cause.column else ""


def _example(example: Example, place: Place) -> str:
    value = "" if example.value is None else f": {_shown(example.value)}"
    return f"    {place.singular} {example.line}{value}"


def _shown(value: str) -> str:
    # repr shows control and bidi characters instead of sending them.
    return repr(value if len(value) <= LONGEST else f"{value[:LONGEST]}...")


def _remedy(cause: Cause) -> Iterable[str]:
    if remedy := remedy_of(cause.code):
        yield f"    {remedy}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
