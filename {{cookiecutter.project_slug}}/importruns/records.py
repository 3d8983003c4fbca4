"""What the ledger writes down of a run: its options, its machine and its outcome."""

import getpass
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from importkit import problems
from importkit.errors import visible
from importkit.import_data import Outcome
from importkit.import_data import Status as Ending
from importkit.secret_names import names_secret
from importkit.source import shown_source
from importruns.models import Status

MASK = "***"
MOST_CAUSES = 100
MOST_CHARACTERS = 5_000  # Of the message that ended a run.
# Django's own options, and those of the ledger: they are about the output.
NOT_KEPT = frozenset(
    [
        "settings",
        "pythonpath",
        "traceback",
        "no_color",
        "force_color",
        "skip_checks",
        "verbosity",
        "no_ledger",
        "stdout",
        "stderr",
    ]
)
# The switches of every import.
SWITCHES = frozenset(["dry_run", "delete", "force", "yes"])


def options_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a run as JSON has them, without those that say nothing.

    The value of an option whose name is that of a secret is ``***``, and so is an address
    with a password or a token.
    """
    given = {
        name: value
        for name, value in options.items()
        if name not in NOT_KEPT and not _says_nothing(name, value)
    }
    return {
        name: MASK if _is_secret(name, value) else _as_json(value)
        for name, value in given.items()
    }


def file_of(options: Mapping[str, Any]) -> str:
    """Return the name of the file that a run is asked to import; "" if it has no such option."""
    file = options.get("file")
    return shown_source(file).rpartition("/")[2] if isinstance(file, Path | str) else ""


def _says_nothing(name: str, value: Any) -> bool:
    """Return whether an option is as it is if nobody gives it.

    Of an option of the project, False may be what was given: ``--no-header``.
    """
    return value is None or value in ([], ()) or (value is False and name in SWITCHES)


def _is_secret(name: str, value: Any) -> bool:
    if isinstance(value, str) and "://" in value:
        # An address may hold a user with a password, or a token behind a question mark.
        return names_secret(name) or shown_source(value) != visible(value)
    return names_secret(name) and not isinstance(value, bool)


def _as_json(value: Any) -> Any:
    if isinstance(value, Path):
        # A run that is started again may be started in another folder.
        return str(value.absolute())
    if isinstance(value, list | tuple):
        return list(map(_as_json, value))
    is_plain = type(value) in (bool, int, float, str)
    return value if is_plain else str(value)


def machine() -> dict[str, Any]:
    """Return who runs an import, and where."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # A container may know no name for its user.
        user = ""
    return {
        "user": user,
        "host": socket.gethostname(),
        "process": os.getpid(),
        "code_version": code_version(),
    }


def code_version() -> str:
    """Return ``CODE_VERSION`` of the environment, or the commit of git; "" if neither is there."""
    if version := os.environ.get("CODE_VERSION"):
        return version[:64]
    git = Path(getattr(settings, "BASE_DIR", ".")) / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head[:64]
        name = head.removeprefix("ref: ")
        if (git / name).is_file():
            return (git / name).read_text().strip()[:64]
        # git packs the names of commits that have not changed for a while.
        packed = (git / "packed-refs").read_text().splitlines()
        return next(
            (
                line.partition(" ")[0][:64]
                for line in packed
                if line.endswith(f" {name}")
            ),
            "",
        )
    except OSError:
        return ""


def ending_of(outcome: Outcome) -> dict[str, Any]:
    """Return the fields of the record that say how a run ended."""
    return {
        "status": _status_of(outcome),
        "counts": counts_of(outcome),
        "causes": [_cause(each) for each in outcome.causes[:MOST_CAUSES]],
        "report": str(outcome.report or ""),
        "rejects": str(outcome.rejects or ""),
        "exit_code": outcome.exit_code,
        "error": (outcome.error or "")[:MOST_CHARACTERS],
    }


def _status_of(outcome: Outcome) -> Status:
    if outcome.status == Ending.DONE and outcome.dry_run:
        return Status.PLANNED
    return Status(outcome.status.value)


def counts_of(outcome: Outcome) -> dict[str, Any]:
    """Return what a run did in numbers, with its warnings."""
    return {
        "rows_read": outcome.rows_read,
        "rows_rejected": outcome.rows_rejected,
        "models": {
            each.model: {
                "new": each.new,
                "changed": each.changed,
                "unchanged": each.unchanged,
                "missing": each.missing,
            }
            for each in outcome.models
        },
        "deleted": dict(outcome.deleted),
        "numbers": dict(outcome.numbers),
        "accepted": [each.name for each in outcome.expectations if each.accepted],
        "warnings": list(outcome.warnings)[:MOST_CAUSES],
    }


def _cause(cause: Any) -> dict[str, Any]:
    return {
        "column": cause.column,
        "code": cause.code,
        "reason": cause.reason,
        "rows": cause.rows,
        "first_lines": list(cause.lines),
        "remedy": problems.remedy_of(cause.code, cause.reason),
        "remedy_for_sender": cause.for_sender,
    }
