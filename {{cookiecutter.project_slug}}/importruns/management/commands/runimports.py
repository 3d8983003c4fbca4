"""Run the imports that are queued: ``manage.py runimports``, by cron or as a service."""

import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from types import FrameType
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils.autoreload import get_child_arguments

from importkit.commands import INTERRUPTED, positive_number
from importruns import queue
from importruns.databases import ALIAS
from importruns.models import ImportRun, Status

PAUSE = 1.0  # Seconds between two looks at an empty queue.
STOPPING = (signal.SIGINT, signal.SIGTERM)
# What concerns the output, which the imports are told, too.
SHOWN = ("no_color", "force_color", "traceback")


class Command(BaseCommand):
    """Take queued runs, the oldest first, and run each in a process of its own.

    A run so has its main thread for signals and --timeout, gives its memory back, and takes
    nobody with it when it is killed.
    """

    help = (
        "Run the imports that are queued, the oldest first, one after the other. Runs whose "
        "process was killed are queued again where that is safe, up to three attempts."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--once",
            action="store_true",
            help="End when nothing is queued any more. This is the default.",
        )
        how.add_argument(
            "--watch",
            action="store_true",
            help="Stay, and look at the queue every second, until SIGTERM or Ctrl-C.",
        )
        parser.add_argument(
            "--max",
            type=positive_number,
            metavar="N",
            help="End after N runs.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run what is queued."""
        self._shown = ["--verbosity", str(options["verbosity"])]
        self._shown += [
            f"--{each.replace('_', '-')}" for each in SHOWN if options[each]
        ]
        self._child: subprocess.Popen[bytes] | None = None
        self._signal: int | None = None
        self._started = 0
        # By number; of a run that was started again, how it ended at last.
        self._ended: dict[int, ImportRun] = {}
        handlers = {each: signal.signal(each, self._stop) for each in STOPPING}
        try:
            with queue.told_to_migrate():
                self._work(options["max"], stays=options["watch"])
                self._look_for_lost(again=False)
        finally:
            for each, handler in handlers.items():
                signal.signal(each, handler)
        self._tell_end(stays=options["watch"])

    def _work(self, most: int | None, *, stays: bool) -> None:
        while self._signal is None and (most is None or self._started < most):
            self._look_for_lost()
            record = queue.queued().first()
            if record is not None:
                self._run(record)
                continue
            if not stays:
                return
            # An idle runner keeps no connection.
            connections[ALIAS].close()
            time.sleep(PAUSE)

    def _look_for_lost(self, *, again: bool = True) -> None:
        for run in queue.mark_lost():
            self.stdout.write(f"Run {run.pk} ({run.command}) is lost. {run.error}")
        for run in queue.queue_lost_again() if again else ():
            self.stdout.write(
                f"Run {run.pk} ({run.command}) is queued again: attempt "
                f"{run.attempts + 1} of {queue.MOST_ATTEMPTS}."
            )

    def _run(self, record: ImportRun) -> None:
        """Have a process of its own run an import, and wait for its end."""
        of = f" of {record.file_name}" if record.file_name else ""
        self.stdout.write(f"Run {record.pk} starts: {record.command}{of}.")
        self.stdout.flush()
        connections[ALIAS].close()
        # In a session of its own, so that Ctrl-C reaches it once, by way of this process.
        self._child = subprocess.Popen(  # noqa: S603  this program
            [*program(), "runimport", str(record.pk), *self._shown],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._signal is not None:  # It came while the process was started.
            self._child.send_signal(self._signal)
        self._child.wait()
        ended, self._child = self._child, None
        self._note_end(record, ended)

    def _note_end(self, record: ImportRun, child: "subprocess.Popen[bytes]") -> None:
        """Tell how the process of a run ended, and count the run."""
        process, exit_code = child.pid, child.returncode
        if exit_code and self._signal is None and queue.never_began(record, exit_code):
            self.stdout.write(f"Run {record.pk} did not begin. {record.error}")
        else:
            record.refresh_from_db()
            if record.process != process or record.status == Status.QUEUED:
                return  # Another runner has taken it.
            if record.status == Status.RUNNING:  # It is lost, which is told later.
                queue.wait_until_noticed(record)
                record.status = Status.LOST
            else:
                self.stdout.write(
                    f"Run {record.pk} ended: {record.status}, exit code {exit_code}."
                )
        self._started += 1
        self._ended[record.pk] = record

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        """Pass a signal on to the import; afterwards this process ends, too."""
        self._signal = number
        if self._child is not None:
            self._child.send_signal(number)

    def _tell_end(self, *, stays: bool) -> None:
        ended = Counter(run.status for run in self._ended.values())
        if ended or not stays:
            each = ", ".join(f"{count} {status}" for status, count in ended.items())
            self.stdout.write(f"Runs: {each}." if each else "Nothing is queued.")
        if self._signal is not None and Status.INTERRUPTED in ended:
            raise CommandError("An import was interrupted.", returncode=INTERRUPTED)
        if not stays and ended.keys() - {Status.DONE, Status.PLANNED}:
            raise CommandError(
                "Not every import is done: manage.py imports shows why.", returncode=1
            )


def program() -> list[str]:
    """Return what started this process, without the name of the command."""
    arguments = get_child_arguments()
    return arguments[: len(arguments) - len(sys.argv[1:])]
