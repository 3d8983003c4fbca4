"""What startimport prints: the sample, the files, and what to do next."""

import re
import shlex
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from generators.code import ColumnPlan, ImportPlan, Unmatched
from generators.writing import Change, Outcome, Status, shown
from importkit.errors import visible
from importkit.source import Dialect, shown_source

HEADER_WIDTH = 40
STATUS_WIDTH = max(len(status) for status in Status)
MARGIN = "   "
GUESS = b"# Guess:"
READER = "fastexcel"  # What reads workbooks; the tools of developers bring it along.


def describe_sample(plan: ImportPlan, sample: Path | str) -> str:
    """Return the size and notes of a sample, and a table of its columns with reasons."""
    columns = _counted(len(plan.columns) + len(plan.unmatched), "column")
    titles = ("header", "field", "type", "empty", "reason")
    rows = [titles, *(_described(plan, column) for column in plan.columns)]
    lines = [
        f"{Path(shown_source(sample)).name}: {_counted(plan.rows, 'row')}, {columns}, "
        f"{(plan.origin and plan.origin.kind) or _dialect(plan.dialect)}",
        *(f"{MARGIN}{note}" for note in plan.notes),
        "",
        *_table(rows),
    ]
    if plan.unmatched:
        lines += ["", "Not imported:"]
        lines += _table([(_short(item.header), _why(item)) for item in plan.unmatched])
    if any(item.candidates for item in plan.unmatched):
        lines += ["", "State the field of a column with --field HEADER=FIELD."]
    if plan.misfits:
        lines += ["", *plan.misfits]
    return "\n".join(lines)


def describe_changes(changes: Iterable[Change], root: Path) -> str:
    """Return one line per file: its status and its path."""
    return "\n".join(
        f"{MARGIN}{change.status:>{STATUS_WIDTH}}  {shown(change.path, root)}"
        for change in changes
    )


def describe_end(
    plan: ImportPlan, outcome: Outcome, sample: Path | str, root: Path
) -> str:
    """Return what the user has to do: check guesses, and run commands."""
    guesses = _guesses(outcome.changes, root)
    parts = [
        guesses,
        outcome.advice,
        *plan.advice,
        _next_steps(plan, outcome, sample, root),
    ]
    return "\n\n".join(part for part in parts if part)


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
    return f'{guesses} {verb} marked "Guess:" in {" and ".join(counts)}: check them.'


def _next_steps(
    plan: ImportPlan, outcome: Outcome, sample: Path | str, root: Path
) -> str:
    run = "uv run manage.py"
    steps = []
    if plan.is_of_sheet and not _depends_on(READER, root):
        steps.append(f"uv add {READER}  # reads the workbooks in production, too")
    if outcome.writes_model:
        if not plan.place.is_new:
            steps.append(f"{run} makemigrations {plan.place.label}")
        steps.append(f"{run} migrate")
    file = visible(shlex.quote(shown_source(sample)))
    steps += [
        f"uv run pytest {plan.place.folder}",
        f"{run} import_{plan.name} --file {file} --dry_run",
    ]
    return "\n".join(["Next:", *(f"{MARGIN}{step}" for step in steps)])


def _depends_on(package: str, root: Path) -> bool:
    """Return whether a package is installed wherever the project is."""
    path = root / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    dependencies = project.get("project", {}).get("dependencies", [])
    return any(re.match(rf"{package}\b", text) for text in dependencies)


def _why(item: Unmatched) -> str:
    nearest = ", ".join(item.candidates)
    return f"{item.reason}; nearest: {nearest}" if nearest else item.reason


def _described(plan: ImportPlan, column: ColumnPlan) -> tuple[str, ...]:
    source = column.column
    if column.field is not None:
        kind, reason = str(column.field).removeprefix("models."), source.evidence
    else:
        kind = str(column.dtype).removeprefix("pl.")
        guess = column.evidence and f"a guess: {column.evidence}"
        doubts = "; ".join(text for text in (column.doubt, guess) if text)
        reason = doubts or f"as {plan.model_label} says"
    empty = f"{source.nulls / source.rows:.0%}" if source.nulls else ""
    return _short(source.header), column.name, kind, empty, reason


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(_width, cells)) for cells in zip(*rows, strict=True)]
    return [
        (MARGIN + "  ".join(map(_padded, cells, widths))).rstrip() for cells in rows
    ]


def _padded(text: str, wanted: int) -> str:
    return text + " " * (wanted - _width(text))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _short(header: str) -> str:
    text = visible(header)
    return text if len(text) <= HEADER_WIDTH else f"{text[: HEADER_WIDTH - 3]}..."


def _dialect(dialect: Dialect) -> str:
    parts = [f'separator "{visible(dialect.separator)}"']
    if dialect.quote != '"':
        parts.append(f"quote {dialect.quote}" if dialect.quote else "no quotes")
    if not dialect.header:
        parts.append("no header")
    return ", ".join([*parts, dialect.encoding])


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
