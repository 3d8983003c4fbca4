"""Run one import that is queued: ``manage.py runimport 41``."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from importkit.commands import INTERRUPTED, USAGE, terminated_like_interrupted
from importkit.display_names import display_names
from importkit.errors import ImportKitError
from importkit.import_data import import_named
from importruns import databases, queue
from importruns.flags import flags_of
from importruns.ledger import recorded_as
from importruns.locks import LockedError, RunLocks
from importruns.models import ImportRun, Status

# What concerns the output: as this command was told.
SHOWN = ("verbosity", "no_color", "force_color", "traceback")


class Command(BaseCommand):
    """Run a queued import as a shell would, in the main thread of this process."""

    help = (
        "Run one import that is queued, with the options on record; the exit code is "
        "that of the import. A run that is not queued any more is left alone."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the number of the run."""
        parser.add_argument("run", type=int, help="The number of the run.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take the run, unless another process has done so, and run its import."""
        with queue.told_to_migrate():
            record = ImportRun.objects.filter(pk=options["run"]).first()
        if record is None:
            raise CommandError(
                f"There is no run {options['run']}. manage.py imports shows all runs.",
                returncode=USAGE,
            )
        with terminated_like_interrupted():
            self._take(record, options)

    def _take(self, record: ImportRun, options: dict[str, Any]) -> None:
        locks = RunLocks()
        try:
            locks.hold(record)
            if queue.claim(record):
                self._run(record, options)
            else:
                self._leave(record)
        except LockedError:
            self._leave(record)
        except KeyboardInterrupt as error:
            queue.settle(record, Status.INTERRUPTED, "Interrupted.", INTERRUPTED)
            raise CommandError("Interrupted.", returncode=INTERRUPTED) from error
        finally:
            locks.close()

    def _leave(self, record: ImportRun) -> None:
        record.refresh_from_db()
        self.stdout.write(
            f"Run {record.pk} is {record.status}, not queued: there is nothing to do."
        )

    def _run(self, record: ImportRun, options: dict[str, Any]) -> None:
        """Run the import; whatever happens, the record says how it ended."""
        shown = {name: options[name] for name in SHOWN}
        try:
            command = import_named(record.command)
            flags = flags_of(command, record.options)
            with display_names(_names_of(record)), recorded_as(record):
                call_command(command, *flags, skip_checks=False, **shown)
        except ImportKitError as error:
            queue.settle(record, Status.FAILED, str(error), error.returncode)
            raise CommandError(str(error), returncode=error.returncode) from error
        except CommandError as error:
            queue.settle(record, Status.FAILED, str(error), error.returncode)
            raise
        except Exception as error:
            queue.settle(record, Status.FAILED, type(error).__name__, 1)
            raise
        # The ledger has noted the end already, unless it could not.
        is_plan = record.options.get("dry_run")
        queue.settle(record, Status.PLANNED if is_plan else Status.DONE, "", 0)


def _names_of(record: ImportRun) -> Mapping[Path, str]:
    """Return the name by which people know the stored file of a run."""
    if not (record.stored_file and record.file_name):
        return {}
    return {databases.root() / record.stored_file: record.file_name}
