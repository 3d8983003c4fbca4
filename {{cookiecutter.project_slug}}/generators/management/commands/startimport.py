"""Start an import: ``manage.py startimport products sample.csv``."""

from argparse import ArgumentParser
from dataclasses import fields
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.management import CommandError

from generators import report
from generators.code import ImportPlan
from generators.describe import as_json, schema_of
from generators.drift import describe_drift, find_drift
from generators.inference import Order
from generators.request import Request, make_plan, read_requested
from generators.sample import source_of
from generators.writing import Outcome, diff, find_outcome, write
from importkit.commands import USAGE, ABCBaseCommand
from importkit.errors import visible

CHANGED = 1
REASON = "startimport writes source files, no rows."


class Command(ABCBaseCommand):
    """Write a model, its cleaning, a command and tests from a sample file."""

    help = "Write a model, its cleaning, an import command and tests from a sample CSV."

    refused_options: ClassVar[dict[str, str]] = {
        ABCBaseCommand.Options.DELETE: REASON,
        ABCBaseCommand.Options.BATCH_SIZE: REASON,
        ABCBaseCommand.Options.THREADS: REASON,
        ABCBaseCommand.Options.PROCESSES: REASON,
    }

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        """Add the sample, the names, and the ways of looking without writing."""
        add = parser.add_argument
        add("name", help="What is imported, in the plural: products.")
        add("sample", type=source_of, help="A file such as those to be imported.")
        add("--app", help="The app to write into; made if there is none.")
        add("--model", help="An existing model to import into: shop.Product.")
        add(
            "--field",
            action="append",
            default=[],
            metavar="HEADER=FIELD",
            help="Which field of --model a column fills, where names do not tell.",
        )
        add("--model-name", help="The new model's name: Product.")
        add("--natural-key", help="The column that no two rows share, or several: a,b.")
        add("--encoding", help="The sample's encoding, where it is not what is found.")
        add(
            "--type",
            action="append",
            default=[],
            metavar="NAME=KIND",
            help="What a column is, whatever it looks like: price=decimal.",
        )
        add(
            "--date-order",
            choices=[*Order],
            help="The order of day, month and year where dates leave it open.",
        )
        add("--sheet", help="The sheet of a workbook: its name, or its number from 1.")
        add("--rows", type=int, help="Look at no more than so many rows of the sample.")
        add = parser.add_mutually_exclusive_group().add_argument
        add(
            "--diff", action="store_true", help="Show what would change; write nothing."
        )
        add(
            "--check",
            action="store_true",
            help="Exit with 1 if the file does not fit the import that exists.",
        )
        add(
            "--schema",
            action="store_true",
            help="Print what the sample's columns are, as JSON; write nothing.",
        )

    def handle_command(self) -> None:
        """Plan, compare, tell, write, say what comes next."""
        root = Path(settings.BASE_DIR)
        request = Request(
            **{item.name: self.get_option(item.name) for item in fields(Request)}
        )
        try:
            if self.get_option("schema"):
                self.stdout.write(as_json(schema_of(read_requested(request)[0])))
                return
            if self.get_option("check"):
                self._check(request)
                return
            plan = make_plan(request, root)
            outcome = find_outcome(
                plan, root, force=self.get_option(self.Options.FORCE)
            )
            if self.get_option("diff"):
                self.stdout.write(diff(outcome.changes, root), ending="")
            else:
                self._tell(report.describe_sample(plan, request.sample))
                self._write(plan, outcome, root)
        except ValueError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except BrokenPipeError:  # Of the output, not of a file.
            raise
        except OSError as error:
            where = f': "{visible(error.filename)}"' if error.filename else ""
            raise CommandError(
                f"{error.strerror}{where}; nothing was written.", returncode=USAGE
            ) from error

    def _check(self, request: Request) -> None:
        found = find_drift(request)
        if found.findings:
            raise CommandError(describe_drift(found), returncode=CHANGED)
        self._tell(describe_drift(found))

    def _write(self, plan: ImportPlan, outcome: Outcome, root: Path) -> None:
        self._tell(f"\n{report.describe_changes(outcome.changes, root)}")
        if outcome.refusal:
            raise CommandError(outcome.refusal, returncode=CHANGED)
        if self.get_option(self.Options.DRY_RUN):
            self._tell("\nNothing was written (--dry_run).")
            return
        write(outcome.changes)
        sample = self.get_option("sample")
        self._tell(f"\n{report.describe_end(plan, outcome, sample, root)}")

    def _tell(self, text: str) -> None:
        """Say what is done, unless silence is asked for (``-v0``)."""
        if self.get_option("verbosity"):
            self.stdout.write(text)
