"""The options of an import: their names and help, their values, and which exclude others."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from importkit.commands import USAGE, ABCBaseCommand, positive_number, spellings
from importkit.loading import Mode

RUN, BATCH = "run", "batch"
STOP, SKIP = "stop", "skip"


@dataclass(frozen=True)
class Limit:
    """The most rows that may be deleted or rejected: a number, or a share in percent."""

    number: float
    is_share: bool

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read ``500`` or ``10%``, for argparse."""
        digits = text.removesuffix("%")
        if not digits.isdecimal() or (text.endswith("%") and int(digits) > 100):
            raise ArgumentTypeError(
                f'"{text}" is neither a number of rows nor a share up to 100%.'
            )
        return cls(int(digits), is_share=text.endswith("%"))

    def __str__(self) -> str:
        """Return the limit as it was written."""
        return f"{self.number}{'%' if self.is_share else ''}"

    def allows(self, rows: int, of: int) -> bool:
        """Return whether ``rows`` of ``of`` rows are within the limit."""
        return rows <= (of * self.number / 100 if self.is_share else self.number)


# A complete file rarely lacks a tenth of the rows; half a file lacks more.
DEFAULT_MAX_DELETE = Limit(10, is_share=True)
NO_REJECTS = Limit(0, is_share=False)


class OptionNames(ABCBaseCommand.Options):
    """Names of the options that every import has."""

    MODE = "mode"
    MAX_DELETE = "max_delete"
    COMMIT = "commit"
    WAIT = "wait"
    ON_ERROR = "on_error"
    REJECTS = "rejects"
    ALLOW_REJECTS = "allow_rejects"
    REPORT = "report"
    ACCEPT = "accept"


@dataclass(frozen=True)
class ImportOptions:
    """The values of the options, read once when a run starts.

    Attributes:
        mode: What may be done to rows of the table; None: upsert the models that have
            a natural key, insert the others.
        batch_size: How many rows are written at a time; None: each writer chooses.
        dry_run: Whether nothing is written.
        by_batch: Whether each batch is committed by itself.
        wait: How many seconds to wait for a lock of another program; None: as long as the
            settings say.
        skips: Whether rows with problems are skipped and become rejects.
        rejects: The path of the file of rejects, if one was given.
        allow_rejects: With how many rejects the run still ends with exit code 0.
        delete: Whether rows that the source no longer has are deleted.
        max_delete: How many rows of a table may be deleted.
        report: The path of the report, if one was given.
        accept: The names of expectations that need not be met.
        timeout: After how many seconds the run is rolled back, if ever.
        verbosity: 0 prints errors only, 2 and more prints remarks too.
        force_color: Whether to print in colour where there is no terminal.
    """

    mode: Mode | None = None
    batch_size: int | None = None
    dry_run: bool = False
    by_batch: bool = False
    wait: int | None = None
    skips: bool = False
    rejects: Path | None = None
    allow_rejects: Limit = NO_REJECTS
    delete: bool = False
    max_delete: Limit = DEFAULT_MAX_DELETE
    report: Path | None = None
    accept: tuple[str, ...] = ()
    timeout: int | None = None
    verbosity: int = 1
    force_color: bool = False

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> "ImportOptions":
        """Read the options of a command; an option that was not passed has its default."""
        names, get = OptionNames, options.get
        mode = get(names.MODE)
        return cls(
            mode=Mode(mode) if mode else None,
            batch_size=get(names.BATCH_SIZE),
            dry_run=get(names.DRY_RUN, False),
            by_batch=get(names.COMMIT, RUN) == BATCH,
            wait=get(names.WAIT),
            skips=get(names.ON_ERROR, STOP) == SKIP,
            rejects=get(names.REJECTS),
            allow_rejects=get(names.ALLOW_REJECTS, NO_REJECTS),
            delete=get(names.DELETE, False),
            max_delete=get(names.MAX_DELETE, DEFAULT_MAX_DELETE),
            report=get(names.REPORT),
            accept=tuple(get(names.ACCEPT) or ()),
            timeout=get(names.TIMEOUT),
            verbosity=int(get("verbosity", 1)),
            force_color=get("force_color", False),
        )

    @property
    def leaves_batches(self) -> bool:
        """Whether batches stay written when the run ends early."""
        return self.by_batch and not self.dry_run

    def check(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            CommandError: They do (exit code 2).
        """
        if self.by_batch and self.timeout:
            raise CommandError(
                f"--timeout rolls a run back, which --commit {BATCH} does not allow.",
                returncode=USAGE,
            )
        if not self.skips and (self.rejects or self.allow_rejects != NO_REJECTS):
            raise CommandError(
                f"--rejects, --allow-rejects: there are rejects only with --on-error {SKIP}.",
                returncode=USAGE,
            )
        if self.skips and self.delete:
            raise CommandError(
                f"--delete: with --on-error {SKIP} the rows that are rejected would look "
                "like rows that the source no longer has.",
                returncode=USAGE,
            )
        if self.delete and self.mode is not Mode.SYNC:
            raise CommandError(
                f"--delete: only --mode {Mode.SYNC} looks for rows to delete.",
                returncode=USAGE,
            )


def add_import_options(parser: ArgumentParser) -> None:
    """Add the options of an import to a parser."""
    _add_writing_options(parser)
    _add_problem_options(parser)


def _add_writing_options(parser: ArgumentParser) -> None:
    names = OptionNames
    add = parser.add_argument_group("what is written").add_argument
    add(
        *spellings(names.MODE),
        choices=[mode.value for mode in Mode],
        help="Say what the import may do to the table. insert creates all rows; upsert "
        "creates rows whose natural key is new and changes the others; update only "
        "changes; sync upserts and looks for rows that the source no longer has. The "
        "default is upsert for models with a natural key, and insert for the others.",
    )
    add(
        *spellings(names.MAX_DELETE),
        type=Limit.parse,
        default=DEFAULT_MAX_DELETE,
        metavar="N|N%",
        help="Let --delete delete at most N rows, or N%% of the rows, of a table; "
        "otherwise nothing is written. The default is %(default)s.",
    )
    add(
        *spellings(names.COMMIT),
        choices=(RUN, BATCH),
        default=RUN,
        help=f"Commit the whole {RUN} at its end, or each {BATCH} by itself. The default "
        "is %(default)s.",
    )
    add(
        *spellings(names.WAIT),
        type=positive_number,
        metavar="SECONDS",
        help="Wait so long for a lock that another program holds. The default is what "
        "the settings of the database say.",
    )


def _add_problem_options(parser: ArgumentParser) -> None:
    names = OptionNames
    add = parser.add_argument_group("rows with problems").add_argument
    add(
        *spellings(names.ON_ERROR),
        choices=(STOP, SKIP),
        default=STOP,
        help=f"Say what a row with a problem does: {STOP} writes nothing; {SKIP} imports "
        "the other rows and writes this one to the file of rejects. The default is "
        "%(default)s.",
    )
    add(
        *spellings(names.REJECTS),
        type=Path,
        metavar="PATH",
        help="Write the rejects to this file. The default is a file beside the source "
        "whose name ends with .rejects.csv.",
    )
    add(
        *spellings(names.ALLOW_REJECTS),
        type=Limit.parse,
        default=NO_REJECTS,
        metavar="N|N%",
        help="End with exit code 0 if there are at most N rejects, or if at most N%% of "
        "the rows are rejects. The default is %(default)s.",
    )
    add(
        *spellings(names.REPORT),
        type=Path,
        metavar="PATH",
        help="Write what the run did, and all problems, to this file as JSON. It is "
        "written with --dry_run too, and when the run fails.",
    )
    add(
        *spellings(names.ACCEPT),
        action="append",
        metavar="NAME",
        help="Import the file although it is not as the expectation with this name says, "
        "for example rows. Give the option once for each name.",
    )
