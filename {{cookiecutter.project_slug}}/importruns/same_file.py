"""Whether the file of a run was imported before, by the same command with the same options."""

from argparse import _ArgumentGroup
from typing import Any

from django.core.management import CommandError

from importkit.commands import USAGE, spellings
from importkit.import_data import NothingToDo
from importruns.models import ImportRun, Status
from importruns.times import clock

GO_ON, SKIP, REFUSE = "go-on", "skip", "refuse"
# What differs between two runs that do the same.
SAYS_NOTHING = frozenset(
    ["file", "report", "rejects", "yes", "force", "wait", "timeout", "same_file"]
)


def add_arguments(group: _ArgumentGroup) -> None:
    """Add the option that says what a file that was imported before does."""
    group.add_argument(
        *spellings("same_file"),
        choices=(GO_ON, SKIP, REFUSE),
        default=GO_ON,
        help="Say what happens if the same file was imported before: go-on imports it all "
        "the same, since somebody may have changed the rows meanwhile; skip ends with exit "
        "code 0, refuse with 2. The default is %(default)s.",
    )


def earlier_runs(record: ImportRun) -> list[ImportRun]:
    """Return the last runs that may have imported the same file, the newest first."""
    same = ImportRun.objects.filter(
        command=record.command, size=record.size, status=Status.DONE
    ).exclude(sha256="")
    # A run that skipped the file has not imported it.
    same = same.exclude(counts__rows_read=None)
    wanted = _meaning(record.options)
    return [run for run in same[:20] if _meaning(run.options) == wanted]


def said_of(earlier: ImportRun, choice: str) -> str:
    """Return what is said of a file that was imported before.

    Raises:
        NothingToDo: The choice is to skip the file.
        CommandError: The choice is to refuse it.
    """
    text = f"The same file was imported as {earlier} on {clock(earlier.started_at)}"
    if choice == SKIP:
        raise NothingToDo(f"{text}: there is nothing to do (--same-file {SKIP}).")
    if choice == REFUSE:
        raise CommandError(
            f"{text} (--same-file {REFUSE}). To import it all the same, leave the option out.",
            returncode=USAGE,
        )
    return f"{text}; checking it all the same."


def _meaning(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in SAYS_NOTHING}
