"""The record of imports, for operators: list, show, cancel, start again, undo, prune."""

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.management import CommandError
from django.utils import timezone

from importkit.commands import USAGE, ABCBaseCommand, positive_number
from importruns import listing, queue, undoing
from importruns.models import ImportRun, Status
from importruns.pruning import prune

LAST = 20
DAYS = re.compile(r"([0-9]{1,5})d")


def days(text: str) -> int:
    """Read ``90d``, for argparse."""
    found = DAYS.fullmatch(text)
    if not found:
        raise ArgumentTypeError(f'"{text}" is not a number of days such as 90d.')
    return int(found[1])


class Command(ABCBaseCommand):
    """Lists the imports on record, and acts on one of them."""

    help = "List the imports on record, show one, start it again, cancel or undo it."
    # None of this reads templates or URLs.
    requires_system_checks = ()

    refused_options: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("force", "delete", "timeout", "batch_size", "threads", "processes"),
        "the record of imports has no use for it",
    )

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        """Add the number of a run, the filters, and what can be done."""
        parser.add_argument("run", nargs="?", type=int, help="Show all of this run.")
        add = parser.add_argument_group("which runs are listed").add_argument
        add("--command", help="List the runs of this command only.")
        add("--status", choices=Status.values, help="List runs with this status only.")
        add(
            "--last",
            type=positive_number,
            default=LAST,
            metavar="N",
            help="List the last N runs. The default is %(default)s.",
        )
        add("--json", action="store_true", help="Print JSON.")
        group = parser.add_argument_group("what is done with a run")
        add = group.add_mutually_exclusive_group().add_argument
        add(
            "--retry",
            type=int,
            metavar="RUN",
            help="Queue the run again, for manage.py runimports.",
        )
        add(
            "--cancel",
            type=int,
            metavar="RUN",
            help="Take the run out of the queue, or "
            "end it at its next batch; then it is rolled back.",
        )
        add(
            "--undo",
            type=int,
            metavar="RUN",
            help="Take back what the run wrote, where "
            "nobody has changed it since; with --dry_run say what that would be.",
        )
        add(
            "--prune",
            type=days,
            metavar="90d",
            help="Remove the stored files, the "
            "problems and what undoing takes of runs that ended so many days ago. The "
            "record of each stays.",
        )

    def handle_command(self) -> str | None:
        """Do what was asked."""
        with queue.told_to_migrate():
            return self._answer()

    def _answer(self) -> str | None:
        for name, act in {
            "retry": self._retry,
            "cancel": self._cancel,
            "undo": self._undo,
            "prune": self._prune,
        }.items():
            if (value := self.get_option(name)) is not None:
                return act(value)
        queue.mark_lost()
        number = self.get_option("run")
        return self._list() if number is None else self._show(number)

    def _list(self) -> str:
        names = ("command", "status")
        given = {name: self.get_option(name) for name in names}
        wanted = {name: value for name, value in given.items() if value}
        runs = [*ImportRun.objects.filter(**wanted)[: self.get_option("last")]]
        if self.get_option("json"):
            return _json([listing.as_json(run) for run in runs])
        return listing.as_table(runs) if runs else "No import is on record."

    def _show(self, number: int) -> str:
        run = _run(number)
        if self.get_option("json"):
            return _json(listing.as_json(run))
        return listing.describe(run)

    def _retry(self, number: int) -> str:
        run = _run(number)
        if run.status in (Status.QUEUED, Status.RUNNING):
            raise CommandError(
                f"Run {number} is {run.status}: there is nothing to retry."
            )
        if self.get_option("dry_run"):
            return f"Run {number} would be queued again."
        same = {"stored_file": run.stored_file, "file_name": run.file_name}
        known = {name: value for name, value in same.items() if value}
        again = queue.enqueue(run.command, run.options, parent=run, **known)
        return (
            f"Run {again.pk} is queued: the same as run {number}. manage.py runimports "
            "starts it."
        )

    def _cancel(self, number: int) -> str:
        run = _run(number)
        same = ImportRun.objects.filter(pk=number, status=run.status)
        if self.get_option("dry_run"):
            return f"Run {number} is {run.status}; nothing was changed."
        if run.status == Status.QUEUED and same.update(
            status=Status.INTERRUPTED,
            is_cancelled=True,
            finished_at=timezone.now(),
            error="It was cancelled before it began.",
        ):
            return f"Run {number} is taken out of the queue."
        if run.status == Status.RUNNING and same.update(is_cancelled=True):
            return f"Run {number} ends at its next batch, and is rolled back."
        raise CommandError(f"Run {number} is {_run(number).status}: it has ended.")

    def _undo(self, number: int) -> str:
        _run(number)
        return undoing.describe(
            undoing.undo(number, dry_run=self.get_option("dry_run"))
        )

    def _prune(self, number: int) -> str:
        dry_run = self.get_option("dry_run")
        done = prune(number, dry_run=dry_run)
        for path in done.files:
            self.stdout.write(str(path))
        what = (
            f"{_count(len(done.files), 'file')}, the problems of "
            f"{_count(len(done.runs), 'run')} and {_count(done.images, 'row')} for undoing"
        )
        return f"{'To remove' if dry_run else 'Removed'}: {what}."


def _run(number: int) -> ImportRun:
    try:
        return ImportRun.objects.get(pk=number)
    except ImportRun.DoesNotExist:
        raise CommandError(
            f"There is no run {number}. manage.py imports lists those on record.",
            returncode=USAGE,
        ) from None


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
