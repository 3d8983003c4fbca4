"""Runs on record as texts and as JSON: a line each, or one with all that is known of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.forms.models import model_to_dict
from django.utils import timezone

from importkit.errors import visible
from importruns.models import ImportRun, Status
from importruns.times import clock

HEADINGS = ("run", "started", "command", "file", "status", "new", "changed", "rejected")
NUMBERS = range(5, 8)  # The places of those that are numbers.
LONGEST = 40  # Characters of a file's name in the list.
COUNTED = ("new", "changed", "unchanged", "missing")


def as_table(runs: Sequence[ImportRun]) -> str:
    """Return runs as a table, a line each."""
    rows = [HEADINGS, *map(_cells, runs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    pairs = enumerate(zip(row, widths, strict=True))
    return "  ".join(
        text.rjust(width) if place in NUMBERS else text.ljust(width)
        for place, (text, width) in pairs
    ).rstrip()


def _cells(run: ImportRun) -> tuple[str, ...]:
    total = totals(run)
    name = visible(run.file_name)
    return (
        str(run.pk),
        clock(run.started_at or run.queued_at),
        run.command,
        name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}...",
        run.status,
        *(_number(total.get(each)) for each in ("new", "changed", "rejected")),
    )


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def totals(run: ImportRun) -> Mapping[str, int]:
    """Return the counts of a run over all its models; none where the run has counted none."""
    models = run.counts.get("models", {}).values()
    found = {
        name: sum(model[name] or 0 for model in models) for name in COUNTED if models
    }
    rejected = run.counts.get("rows_rejected")
    return found if rejected is None else {**found, "rejected": rejected}


def describe(run: ImportRun) -> str:
    """Return all that is known of a run, in lines."""
    facts = [(name, text) for name, text in _facts(run) if text]
    width = max(len(name) for name, _text in facts)
    lines = [f"{name.ljust(width)}  {text}" for name, text in facts]
    return "\n".join([f"Run {run.pk}: {run.command}, {run.status}", *lines])


def _facts(run: ImportRun) -> Iterator[tuple[str, str]]:
    yield "file", visible(run.file_name)
    yield "size", f"{run.size:,} bytes" if run.size is not None else ""
    yield "sha256", run.sha256
    yield "options", ", ".join(f"{name}={run.options[name]}" for name in run.options)
    yield "user", run.user
    yield "host", f"{run.host}, process {run.process}" if run.process else run.host
    yield "code", run.code_version
    yield "queued", clock(run.queued_at)
    yield "started", clock(run.started_at)
    yield "finished", clock(run.finished_at)
    yield "took", _took(run)
    yield "attempts", str(run.attempts)
    yield "again of", str(run.parent) if run.parent_id else ""
    yield "rows", _number(run.counts.get("rows_read"))
    for label, counts in run.counts.get("models", {}).items():
        parts = [f"{counts[n]:,} {n}" for n in COUNTED if counts.get(n) is not None]
        yield label, ", ".join(parts)
    for label, number in run.counts.get("deleted", {}).items():
        yield label, f"{number:,} deleted"
    for label, number in run.counts.get("handled", {}).items():
        yield label, f"{number:,} rows so far"
    yield "rejected", _number(run.counts.get("rows_rejected"))
    for warning in run.counts.get("warnings", ()):
        yield "warning", warning
    for cause in run.causes:
        yield "problem", _cause(cause)
    yield "report", run.report
    yield "rejects", run.rejects
    yield "exit code", "" if run.exit_code is None else str(run.exit_code)
    yield "error", run.error.partition("\n")[0]


def _took(run: ImportRun) -> str:
    if run.started_at is None:
        return ""
    is_going = run.status == Status.RUNNING
    ended = timezone.now() if is_going else run.finished_at
    seconds = (ended - run.started_at) / timedelta(seconds=1) if ended else None
    return "" if seconds is None else f"{seconds:,.1f} s{' so far' if is_going else ''}"


def _cause(cause: Mapping[str, Any]) -> str:
    column = f"{cause['column']}: " if cause["column"] else ""
    code = f" [{cause['code']}]" if cause["code"] else ""
    lines = ", ".join(map(str, cause["first_lines"]))
    # An expectation is about no row.
    rows = f", {cause['rows']:,} rows, first {lines}" if lines else ""
    return f"{column}{cause['reason']}{code}{rows}"


def as_json(run: ImportRun) -> dict[str, Any]:
    """Return all fields of a record, with times as texts of ISO 8601."""
    values = model_to_dict(run)
    return {
        "id": run.pk,
        **{
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in values.items()
            if name != "id"
        },
    }
