"""The report of a run: its outcome and all rows with problems, as JSON for other programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any

import polars as pl

from importkit import problems
from importkit.display_names import shown
from importkit.import_data.expectations import reported
from importkit.import_data.reports.outcome import Outcome

VERSION = 1
SLICE = 10_000  # Rows that are turned into text at a time, to bound memory.


def report_of(
    outcome: Outcome, left_out: pl.DataFrame, found: pl.DataFrame
) -> Iterator[bytes]:
    """Yield the report of a run, from behind ``REPORT_OPENING``; rows slice by slice.

    Args:
        outcome: What the run did.
        left_out: The rows that were left out on purpose, with ``line`` and ``reason``.
        found: The problems, of ``problems.SCHEMA``.
    """
    yield str(VERSION).encode()
    for name, value in as_json(outcome).items():
        # Bytes in the name of a file that are not text are escaped, as in JSON.
        text = json.dumps(value, ensure_ascii=False)
        yield f',\n"{name}": {text}'.encode(errors="backslashreplace")
    by_line = found.sort("line", maintain_order=True)
    for name, rows in {"left_out": left_out, "problems": by_line}.items():
        yield f',\n"{name}": ['.encode()
        yield from _rows(rows)
        yield b"]"
    yield b"\n}\n"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON has it: texts, numbers, lists and objects."""
    return {
        "command": outcome.command,
        "files": list(map(shown, outcome.files)),
        "mode": outcome.mode,
        "dry_run": outcome.dry_run,
        "status": outcome.status,
        "exit_code": outcome.exit_code,
        "error": outcome.error,
        "warnings": list(outcome.warnings),
        "models": list(map(asdict, outcome.models)),
        "deleted": dict(outcome.deleted),
        "changed_by_deletion": dict(outcome.changed_by_deletion),
        "rows_read": outcome.rows_read,
        "rows_rejected": outcome.rows_rejected,
        "rejects": outcome.rejects and shown(outcome.rejects),
        "problems_in": outcome.problems_in,
        "left_out_in": outcome.left_out_in,
        "expectations": list(map(reported, outcome.expectations)),
        "causes": list(map(_cause, outcome.causes)),
    }


def _cause(cause: problems.Cause) -> dict[str, Any]:
    return {
        "column": cause.column,
        "code": cause.code or None,
        "reason": cause.reason,
        "rows": cause.rows,
        "first_lines": cause.lines,
        "remedy": problems.remedy_of(cause.code, cause.reason),
        "remedy_for_sender": cause.for_sender,
    }


def _rows(df: pl.DataFrame) -> Iterator[bytes]:
    """Yield rows as the elements of a JSON array, many in each chunk."""
    for number, part in enumerate(df.iter_slices(SLICE)):
        text = BytesIO()
        part.write_ndjson(text)
        # Each line is one object: polars escapes line ends in values.
        objects: Sequence[bytes] = text.getvalue().rstrip(b"\n").split(b"\n")
        yield (b",\n" if number else b"\n") + b",\n".join(objects)
