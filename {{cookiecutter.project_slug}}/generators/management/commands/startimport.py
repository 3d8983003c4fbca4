"""Start an import: ``manage.py startimport products sample.csv``."""

from argparse import Action, ArgumentParser
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from pathlib import Path
from typing import ClassVar

from django.core.management import CommandError

from generators import report
from generators.code import ImportPlan
from generators.describe import as_json, schema_of
from generators.drift import describe_drift, find_drift
from generators.inference import Order
from generators.naming import project_folder
from generators.request import Request, divided, make_plan, read_requested
from generators.sample import progress, source_of
from generators.writing import Outcome, diff, find_outcome, write
from importkit import guides
from importkit.commands import USAGE, ABCBaseCommand
from importkit.errors import visible

# Exit code where files are in conflict, or a file does not fit.
CHANGED = 1
NOTHING_WRITTEN = "Nothing was written."
REASON = "This command writes code, not rows."


class Command(ABCBaseCommand):
    """Write a model, its cleaning, a command and tests from a sample file."""

    help = (
        "Write a model, its cleaning, an import command and tests from a sample file."
    )

    missing_args_message = (
        "say what the files hold, and name one of them: manage.py startimport products "
        f"../products.csv. {guides.see(guides.OPTIONS_OF_STARTIMPORT)}"
    )
    refused_options: ClassVar[dict[str, str]] = {
        ABCBaseCommand.Options.DELETE: REASON,
        ABCBaseCommand.Options.BATCH_SIZE: REASON,
        ABCBaseCommand.Options.THREADS: REASON,
        ABCBaseCommand.Options.PROCESSES: REASON,
    }

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        """Add the name, the sample, and groups of options."""
        parser.add_argument(
            "name",
            help="What the files hold, in the plural: products. In a package of apps: "
            "apps.products.",
        )
        parser.add_argument(
            "sample",
            type=source_of,
            help="A file like those to import, or its URL, or -.",
        )
        add_naming_options(parser)
        add_sample_options(parser)
        add_model_options(parser)
        add_looking_options(parser)

    def handle_command(self) -> None:
        """Write the import, or only look at the sample."""
        root = project_folder()
        request = Request(
            **{item.name: self.get_option(item.name) for item in fields(Request)}
        )
        try:
            request = divided(request)
            if self.get_option("schema"):
                with self._progress():
                    sample, _ = read_requested(request)
                self.stdout.write(as_json(schema_of(sample)))
            elif self.get_option("check"):
                self._check(request)
            elif self.get_option("html"):
                self._show(request, root)
            else:
                self._start(request, root)
        except ValueError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except BrokenPipeError:  # The reader of the output has gone.
            raise
        except OSError as error:
            where = f': "{visible(error.filename)}"' if error.filename else ""
            raise CommandError(
                f"{error.strerror}{where}; nothing was written.", returncode=USAGE
            ) from error

    def what_stays(self) -> str:
        """Return that no file was left: files are written all or not at all."""
        return NOTHING_WRITTEN

    def _start(self, request: Request, root: Path) -> None:
        with self._progress():
            plan, rows = make_plan(request, root)
        outcome = find_outcome(plan, root, force=self.get_option(self.Options.FORCE))
        if self.get_option("diff"):
            self.stdout.write(diff(outcome.changes, root), ending="")
            return
        width = self._width()
        self._print(report.describe_sample(plan, request.sample, rows, width))
        self._write(plan, outcome, root)

    def _show(self, request: Request, root: Path) -> None:
        page: Path = self.get_option("html")
        is_forced = self.get_option(self.Options.FORCE)
        report.check_page(page, request.sample, force=is_forced)
        with self._progress():
            plan, rows = make_plan(request, root)
        text = report.render_page(plan, request.sample, rows)
        if self.get_option(self.Options.DRY_RUN):
            self._print("Nothing was written (--dry_run).")
            return
        page.write_text(text, encoding="utf-8", newline="\n")
        self._print(
            f"{report.heading_of(plan, request.sample)}\n"
            f'The page is "{visible(str(page))}".'
        )

    def _check(self, request: Request) -> None:
        with self._progress():
            found = find_drift(request)
        if found.findings:
            raise CommandError(describe_drift(found), returncode=CHANGED)
        self._print(describe_drift(found))

    def _write(self, plan: ImportPlan, outcome: Outcome, root: Path) -> None:
        self._print(f"\n{report.describe_changes(outcome.changes, root)}")
        if outcome.refusal:
            raise CommandError(outcome.refusal, returncode=CHANGED)
        if self.get_option(self.Options.DRY_RUN):
            self._print("\nNothing was written (--dry_run).")
            return
        write(outcome.changes)
        sample = self.get_option("sample")
        end = report.describe_end(plan, outcome, sample, root, self._width())
        self._print(f"\n{end}")

    def _width(self) -> int:
        """Return how many characters a line of the output has."""
        return report.width_of_terminal() if self.stdout.isatty() else report.WIDTH

    def _progress(self) -> AbstractContextManager[None]:
        """Return what shows a bar while a long sample is read, on a terminal only."""
        is_shown = bool(self.get_option("verbosity")) and self.stderr.isatty()
        return progress(is_shown=is_shown)

    def _print(self, text: str) -> None:
        """Print a text, unless ``-v0`` is given."""
        if self.get_option("verbosity"):
            self.stdout.write(text)


def add_naming_options(parser: ArgumentParser) -> None:
    """Add the options that say what is written."""
    add = parser.add_argument_group("what is written").add_argument
    add("--app", help="Write into this app. The app is made if it does not exist.")
    add("--model-name", metavar="NAME", help="Name the new model, for example Product.")
    add(
        "--natural-key",
        metavar="COLUMN[,COLUMN]",
        help="State the column, or columns, that identify a row.",
    )


def add_sample_options(parser: ArgumentParser) -> None:
    """Add the options that state how the sample is read, and what its columns hold."""
    add = parser.add_argument_group(
        "how the sample is read", "Where startimport finds otherwise."
    ).add_argument
    _add_dialect_options(add)
    add("--sheet", help="The sheet of a workbook: its name, or its number from 1.")
    add(
        "--fill-merged",
        action="store_true",
        help="Give each row of merged cells of a sheet their value.",
    )
    add("--rows", type=int, metavar="N", help="Read only the first N rows.")
    add = parser.add_argument_group("what the columns hold").add_argument
    add(
        "--type",
        action="append",
        default=[],
        metavar="NAME=KIND",
        help="The kind of a column, for example price=decimal. A number may have a unit "
        "behind it, the same in each row. May be repeated.",
    )
    add(
        "--date-order",
        choices=[order.value for order in Order],
        help="The order of day, month and year where the dates do not show it.",
    )


def _add_dialect_options(add: Callable[..., Action]) -> None:
    add("--encoding", metavar="NAME", help="The encoding, such as cp1252.")
    for flag, noun in (("separator", "separator"), ("quote", "quote")):
        add(
            f"--{flag}", metavar="MARK", help=f"The {noun}: one character, or its name."
        )
    add("--escape", metavar="MARK", help="The escape: one character, or none.")
    add("--no-header", action="store_true", help="The first row is one of the table.")
    add("--header-rows", type=int, metavar="N", help="The header has N rows.")
    add("--skip", type=int, metavar="N", help="N lines stand above the table.")


def add_model_options(parser: ArgumentParser) -> None:
    """Add the options for an import into a model that exists."""
    add = parser.add_argument_group("a model that exists").add_argument
    add("--model", help="Import into this model, for example shop.Product.")
    add(
        "--field",
        action="append",
        default=[],
        metavar="HEADER=FIELD",
        help="State the field of --model that a column fills, if their names differ, or "
        "the field of a parent that it names: Author=author__name. May be repeated.",
    )
    add(
        "--split",
        action="append",
        default=[],
        metavar="HEADER=MARK",
        help="State what stands between the rows of a many-to-many field that a cell lists: "
        "Tags=|. May be repeated.",
    )
    add(
        "--create-parents",
        action="store_true",
        help="Let the import create the parents that columns name and that are missing.",
    )


def add_looking_options(parser: ArgumentParser) -> None:
    """Add the options that look at a sample and write nothing."""
    group = parser.add_argument_group(
        "only look", "Write no code. Only one of these options can be given."
    )
    add = group.add_mutually_exclusive_group().add_argument
    add("--diff", action="store_true", help="Show how files would change.")
    add(
        "--check",
        action="store_true",
        help="Say whether a later file fits the import that exists; exit code 1 if not.",
    )
    add(
        "--html",
        type=Path,
        metavar="FILE",
        help="Write a page to look at: kinds, empty cells, frequent values, histograms.",
    )
    add(
        "--schema", action="store_true", help="Print the columns of the sample as JSON."
    )
