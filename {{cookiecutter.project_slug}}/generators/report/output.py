"""What startimport prints: the sample, the files, and what to do next."""

import shlex
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from generators.code import ImportPlan, Unmatched
from generators.naming import (
    add_command,
    command_for_tests,
    lacks_package,
    manage_command,
)
from generators.report.table import (
    MARGIN,
    WIDTH,
    in_lines,
    list_of_columns,
    table_of_columns,
)
from generators.report.values import first_values
from generators.writing import Change, Outcome, Status, shown
from importkit import guides
from importkit.errors import visible
from importkit.source import Dialect, shown_source

STATUS_WIDTH = max(len(status) for status in Status)
GUESS = b"# Guess:"
READER = "fastexcel"  # What reads workbooks; the tools of developers bring it along.
WRITER = "xlsxwriter"  # What writes the workbooks of tests.


def describe_sample(
    plan: ImportPlan, sample: Path | str, rows: pl.DataFrame, width: int = WIDTH
) -> str:
    """Return the size and notes of a sample, and a table of its columns with reasons.

    Args:
        plan: What startimport is about to write.
        sample: The file.
        rows: Its rows, of which each column shows a few values.
        width: The characters of a line.
    """
    lines = [
        in_lines(heading_of(plan, sample), width),
        *(in_lines(f"{MARGIN}{note}", width) for note in plan.notes),
        "",
        *table_of_columns(plan, first_values(plan.columns, rows), width),
    ]
    if plan.unmatched:
        lines += ["", "Not imported:"]
        unmatched = ((item.header, why(item)) for item in plan.unmatched)
        lines += list_of_columns(unmatched, width)
    if any(item.candidates for item in plan.unmatched):
        lines += ["", "State the field of a column with --field HEADER=FIELD."]
    if plan.misfits:
        lines += ["", *(in_lines(line, width) for line in plan.misfits)]
    return "\n".join(lines)


def heading_of(plan: ImportPlan, sample: Path | str) -> str:
    """Return the name and the size of a sample, and how it is written."""
    columns = _counted(len(plan.columns) + len(plan.unmatched), "column")
    return (
        f"{Path(shown_source(sample)).name}: {_counted(plan.rows, 'row')}, {columns}, "
        f"{(plan.origin and plan.origin.kind) or _dialect(plan.dialect)}"
    )


def describe_changes(changes: Iterable[Change], root: Path) -> str:
    """Return one line per file: its status and its path."""
    return "\n".join(
        f"{MARGIN}{change.status:>{STATUS_WIDTH}}  {shown(change.path, root)}"
        for change in changes
    )


def describe_end(
    plan: ImportPlan,
    outcome: Outcome,
    sample: Path | str,
    root: Path,
    width: int = WIDTH,
) -> str:
    """Return what the user has to do: check guesses, and run commands."""
    guesses = _guesses(outcome.changes, root)
    told = (guesses, outcome.advice, *plan.advice)
    parts = [
        *(_advice_in_lines(text, width) for text in told),
        _next_steps(plan, outcome, sample, root),
    ]
    return "\n\n".join(part for part in parts if part)


def _advice_in_lines(advice: str, width: int) -> str:
    """Return advice in lines; commands and code in it stay as they are, to be copied."""
    words, blank, code = advice.partition("\n\n")
    lines = [
        line if line.startswith(" ") else in_lines(line, width)
        for line in words.split("\n")
    ]
    return "\n".join(lines) + blank + code


def _guesses(changes: Iterable[Change], root: Path) -> str:
    """Return how many guesses are in which files; empty without any."""
    counts = {
        shown(change.path, root): change.after.count(GUESS)
        for change in changes
        if GUESS in change.after
    }
    if not counts:
        return ""
    guesses = _counted(sum(counts.values()), "guess", "guesses")
    verb = "is" if sum(counts.values()) == 1 else "are"
    return (
        f'{guesses} {verb} marked "Guess:" in {" and ".join(counts)}: check them. '
        f"{guides.INFERENCE} says how kinds are inferred."
    )


def _next_steps(
    plan: ImportPlan, outcome: Outcome, sample: Path | str, root: Path
) -> str:
    run = manage_command(root)
    steps = []
    if plan.is_of_sheet:
        steps += _steps_for_sheets(root)
    if outcome.needs_migration:
        if not plan.place.is_new:
            steps.append(f"{run} makemigrations {plan.place.label}")
        steps.append(f"{run} migrate")
    file = visible(shlex.quote(shown_source(sample)))
    steps += [
        command_for_tests(root, str(plan.place.folder), plan.place.module),
        f"{run} import_{plan.name} --file {file} --dry_run",
    ]
    return "\n".join(["Next:", *(f"{MARGIN}{step}" for step in steps)])


def _steps_for_sheets(root: Path) -> list[str]:
    """Return the commands that add what workbooks need and the project lacks."""
    steps = []
    if lacks_package(root, READER):
        steps.append(
            f"{add_command(root)} {READER}  # reads the workbooks in production, too"
        )
    if find_spec(WRITER) is None:
        add = add_command(root, for_developers=True)
        steps.append(f"{add} {WRITER}  # writes the workbooks of the tests")
    return steps


def why(item: Unmatched) -> str:
    """Return why a column is not imported, with the fields that may be meant."""
    nearest = ", ".join(item.candidates)
    return f"{item.reason}; nearest: {nearest}" if nearest else item.reason


def _dialect(dialect: Dialect) -> str:
    parts = [f'separator "{visible(dialect.separator)}"']
    if dialect.quote != '"':
        parts.append(f"quote {dialect.quote}" if dialect.quote else "no quotes")
    if not dialect.header:
        parts.append("no header")
    return ", ".join([*parts, dialect.encoding])


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
