"""The options of an import: what they are, and which do not go together."""

import os
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.core.management import CommandError

from importkit.commands import USAGE, ABCBaseCommand, spellings
from importkit.import_data.deletion import DEFAULT_MAX_DELETE, Limit
from importkit.loading import Mode

RUN, BATCH = "run", "batch"
STOP, SKIP = "stop", "skip"
NO_REJECTS = Limit(0, is_share=False)


class ImportOptionsCommand(ABCBaseCommand):
    """A command with the options of an import."""

    class Options(ABCBaseCommand.Options):
        """Names of the options that every import has."""

        MODE = "mode"
        MAX_DELETE = "max_delete"
        COMMIT = "commit"
        ON_ERROR = "on_error"
        REJECTS = "rejects"
        ALLOW_REJECTS = "allow_rejects"
        REPORT = "report"

    refused_options: ClassVar[Mapping[str, str]] = {
        Options.THREADS: (
            "one connection holds the one transaction of an import, and reading runs "
            "beside it already"
        ),
        Options.PROCESSES: (
            "handing instances from process to process takes longer than making them"
        ),
    }

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of an import to those of every command."""
        parser.add_argument(
            *spellings(self.Options.MODE),
            choices=[mode.value for mode in Mode],
            help="What to do with rows whose natural key is in the table, and with "
            "rows that are not: upsert where the command states a key, else insert.",
        )
        parser.add_argument(
            *spellings(self.Options.MAX_DELETE),
            type=Limit.parse,
            default=DEFAULT_MAX_DELETE,
            metavar="N|N%",
            help="How many rows of a table --delete may take: %(default)s.",
        )
        parser.add_argument(
            *spellings(self.Options.COMMIT),
            choices=(RUN, BATCH),
            default=RUN,
            help="Commit the run as a whole (%(default)s), or each batch by itself.",
        )
        parser.add_argument(
            *spellings(self.Options.ON_ERROR),
            choices=(STOP, SKIP),
            default=STOP,
            help="Write nothing if a row does not fit (%(default)s), or go on without "
            "such rows and put them into the file of rejects.",
        )
        parser.add_argument(
            *spellings(self.Options.REJECTS),
            type=Path,
            metavar="PATH",
            help="Where rejects go: beside the file, with .rejects.csv behind its name.",
        )
        parser.add_argument(
            *spellings(self.Options.ALLOW_REJECTS),
            type=Limit.parse,
            default=NO_REJECTS,
            metavar="N|N%",
            help="How many rejects still end with exit code 0: %(default)s.",
        )
        parser.add_argument(
            *spellings(self.Options.REPORT),
            type=Path,
            metavar="PATH",
            help="Write what was done, and all that is wrong, to a file as JSON; also "
            "with --dry_run, and if the run fails.",
        )
        super().add_arguments(parser)

    def _check_together(self) -> None:
        """Refuse options that contradict each other."""
        if self._by_batch and self.get_option(self.Options.TIMEOUT):
            raise CommandError(
                f"--timeout rolls a run back, which --commit {BATCH} does not allow.",
                returncode=USAGE,
            )
        if not self._skips and (
            self._option(self.Options.REJECTS, None)
            or self._option(self.Options.ALLOW_REJECTS, NO_REJECTS) != NO_REJECTS
        ):
            raise CommandError(
                f"--rejects, --allow-rejects: there are rejects only with --on-error {SKIP}.",
                returncode=USAGE,
            )
        if self._skips and self.get_option(self.Options.DELETE):
            raise CommandError(
                f"--delete: with --on-error {SKIP} the rows that are rejected would look "
                "like rows that the source no longer has.",
                returncode=USAGE,
            )
        mode = self._option(self.Options.MODE, None)
        if self.get_option(self.Options.DELETE) and mode != Mode.SYNC:
            raise CommandError(
                f"--delete: only --mode {Mode.SYNC} looks for rows to delete.",
                returncode=USAGE,
            )

    @property
    def _leaves_batches(self) -> bool:
        return self._by_batch and not self.get_option(self.Options.DRY_RUN)

    @property
    def _by_batch(self) -> bool:
        return bool(self._option(self.Options.COMMIT, RUN) == BATCH)

    @property
    def _skips(self) -> bool:
        return bool(self._option(self.Options.ON_ERROR, STOP) == SKIP)

    def _option(self, name: str, default: object) -> Any:
        """Return an option, also where the steps are run without any."""
        return self.options.get(name, default)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run without colours if ``NO_COLOR`` is set, unless they are asked for."""
        if os.environ.get("NO_COLOR") and not options["force_color"]:
            options["no_color"] = True
        return super().execute(*args, **options)

    def _tell(self, remark: str) -> None:
        if self._verbosity() > 1:
            self._say(remark)

    def _say(self, text: str, style: Callable[[str], str] | None = None) -> None:
        """Print a text, in colour only where it goes to a terminal."""
        is_coloured = self.stdout.isatty() or self._option("force_color", False)
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        # What the output has no characters for must not stop a run that is done.
        shown = text.encode(encoding, "backslashreplace").decode(encoding)
        self.stdout.write(shown, style if is_coloured else None)

    def _verbosity(self) -> int:
        return int(self.options.get("verbosity", 1))
