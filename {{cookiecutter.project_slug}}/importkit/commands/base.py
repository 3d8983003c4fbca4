"""The base of every command: its options, its questions and its exit codes."""

import gc
import sys
from abc import abstractmethod
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from importkit.call_logging import LoggingMixin
from importkit.commands.parsers import made_readable
from importkit.commands.time_limit import (
    TimeIsUp,
    statements_end_with_signals,
    terminated_like_interrupted,
    time_limit,
)
from importkit.errors import ConfigurationError, ImportKitError, did_you_mean

# Exit codes.
USAGE = 2
INTERRUPTED = 3
# The timer of an operating system takes no larger number of seconds.
NUMBERS = range(1, 2**31)


class BuiltIn:
    """Names of the options that every command has."""

    DRY_RUN = "dry_run"
    FORCE = "force"
    DELETE = "delete"
    YES = "yes"
    TIMEOUT = "timeout"
    BATCH_SIZE = "batch_size"
    THREADS = "threads"
    PROCESSES = "processes"


SWITCHES = {
    BuiltIn.DRY_RUN: "Say what would be done and write nothing.",
    BuiltIn.FORCE: "Go on where the command would otherwise stop or ask.",
    BuiltIn.DELETE: "Allow the command to delete.",
    BuiltIn.YES: "Answer every question with yes.",
}
COUNTS = {
    BuiltIn.TIMEOUT: "After N seconds, roll back and end with exit code 124.",
    BuiltIn.BATCH_SIZE: "Write N rows at a time.",
    BuiltIn.THREADS: "Use N threads.",
    BuiltIn.PROCESSES: "Use N processes.",
}
DEFAULTS = dict.fromkeys(SWITCHES, False) | dict.fromkeys(COUNTS)


class ABCBaseCommand(LoggingMixin, BaseCommand):
    """A command with the built-in options.

    A subclass implements ``add_command_arguments`` and ``handle_command``. Calls of its
    methods are logged (see ``call_logging``).

    An error that the user can solve ends the command with one message and an exit code:
    2 for wrong usage, 3 after Ctrl-C or SIGTERM, 124 after ``--timeout``. The traceback
    is shown only with ``--traceback``.

    Attributes:
        refused_options: The built-in options that the command refuses, each with the
            reason. The reason is shown by ``--help``, and when the option is used.
    """

    class Options(BuiltIn):
        """Names of the options, for ``get_option``; a subclass may add its own."""

    refused_options: ClassVar[Mapping[str, str]] = MappingProxyType({})

    _waits_before_it_writes: ClassVar[bool] = False
    # Begins the transactions of --timeout, as far as they have not begun.
    _begin_transactions: Callable[[], None] = staticmethod(lambda: None)
    args: tuple[Any, ...] = ()
    options: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what a Django command takes."""
        super().__init__(*args, **kwargs)
        self.stderr.style_func = on_first_line(self.style.ERROR)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a subclass that overrides ``handle``, which checks the options."""
        super().__init_subclass__(**kwargs)
        if cls.handle is not ABCBaseCommand.handle:
            raise ConfigurationError(
                f'"{cls.__name__}" overrides handle, which makes the built-in options'
                " work. Implement handle_command instead."
            )

    def run_from_argv(self, argv: list[str]) -> None:
        """Run the command as the one work of its process."""
        try:
            super().run_from_argv(argv)
        finally:
            # The process ends. Without this, Python looks for objects to free among all
            # that polars and Django have made, which takes longer than a small import.
            gc.freeze()

    def create_parser(
        self, prog_name: str, subcommand: str, **kwargs: Any
    ) -> CommandParser:
        """Return the parser of the command, with a short usage and options in groups."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        made_readable(parser)
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of the subclass, then the built-in ones."""
        self.add_command_arguments(parser)
        refused = [
            name for name in (*SWITCHES, *COUNTS) if name in self.refused_options
        ]
        taken = [name for name in (*SWITCHES, *COUNTS) if name not in refused]
        self._add_built_in(parser, "every command of this project", taken)
        self._add_built_in(parser, "refused by this command", refused)

    def _add_built_in(
        self, parser: ArgumentParser, title: str, names: Sequence[str]
    ) -> None:
        add = parser.add_argument_group(title).add_argument
        for name in names:
            flags, text = spellings(name), self._help_of(name)
            if name in SWITCHES:
                add(*flags, action="store_true", help=text)
            else:
                add(*flags, type=positive_number, metavar="N", help=text)

    @final
    def handle(self, *args: Any, **options: Any) -> str | None:
        """Check the options, run ``handle_command``, and turn errors into messages.

        Raises:
            CommandError: The command ended early. Its ``returncode`` is the exit code.
        """
        self.base_handle(*args, **options)
        self._check_options()
        try:
            with (
                terminated_like_interrupted(),
                statements_end_with_signals(),
                time_limit(
                    self.get_option(self.Options.TIMEOUT),
                    writes=not self.get_option(self.Options.DRY_RUN),
                    waits=self._waits_before_it_writes,
                ) as self._begin_transactions,
            ):
                return self.handle_command()
        except ImportKitError as error:
            raise CommandError(str(error), returncode=error.returncode) from error
        except BrokenPipeError as error:
            raise CommandError(
                "The output could not be written to its end: its reader has gone."
            ) from error
        except TimeIsUp:  # The time limit of the command that called this one.
            raise
        except KeyboardInterrupt as error:
            raise CommandError(
                f"Interrupted. {self.what_stays()}", returncode=INTERRUPTED
            ) from error

    def what_stays(self) -> str:
        """Return what is left of the work after Ctrl-C or SIGTERM, in whole sentences.

        A subclass that knows more about its work says so.
        """
        return (
            "The transaction that was open, if any, was rolled back; what had been "
            "committed before stays."
        )

    def base_handle(self, *args: Any, **options: Any) -> None:
        """Store the arguments and options exactly as they were passed."""
        self.args = args
        self.options = options

    @abstractmethod
    def add_command_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of this command.

        Args:
            parser: The parser of the command, as in any Django command.
        """

    @abstractmethod
    def handle_command(self) -> str | None:
        """Do the work of this command.

        Returns:
            A text that Django prints at the end, or None.
        """

    def get_option(self, option: str) -> Any:
        """Return the value of an option; the default of a built-in one that was not passed.

        Args:
            option: The name of the option, with underscores.

        Raises:
            ConfigurationError: The command has no such option.
        """
        known = {**DEFAULTS, **self.options}
        if option not in known:
            raise ConfigurationError(
                f'There is no option "{option}"{did_you_mean(option, known)}.'
                " Options are declared in add_command_arguments."
            )
        return known[option]

    def confirm(self, question: str) -> bool:
        """Ask a question and return whether the answer is yes.

        With ``--yes`` or ``--force`` the answer is yes, and nothing is asked.

        Args:
            question: A whole question, such as ``Delete 3 rows?``

        Raises:
            CommandError: The input is not a terminal (exit code 2).
        """
        if self.get_option(self.Options.YES) or self.get_option(self.Options.FORCE):
            return True
        if sys.stdin is None or not sys.stdin.isatty():
            raise CommandError(
                f"{question} Nobody can answer here: run again with --yes.",
                returncode=USAGE,
            )
        try:
            return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
        except EOFError:
            return False

    def _help_of(self, name: str) -> str:
        if name not in self.refused_options:
            return {**SWITCHES, **COUNTS}[name]
        # argparse takes a percent sign for the start of a placeholder.
        reason = self.refused_options[name].replace("%", "%%").removesuffix(".")
        return f"{reason[:1].upper()}{reason[1:]}."

    def _check_options(self) -> None:
        """Refuse wrong values, also those passed from Python, and refused options."""
        for name in COUNTS:
            value = self.get_option(name)
            if value is not None and (type(value) is not int or value not in NUMBERS):
                raise CommandError(f"--{name}: {not_a_number(value)}", returncode=USAGE)
        for name, reason in self.refused_options.items():
            if self.get_option(name) not in (None, False):
                raise CommandError(f"--{name}: {reason}", returncode=USAGE)


def on_first_line(style: Callable[[str], str]) -> Callable[[str], str]:
    """Return a style for the first line of a text: rows and marks below it stay plain."""

    def styled(text: str) -> str:
        first, end, rest = text.partition("\n")
        return f"{style(first)}{end}{rest}"

    return styled


def spellings(name: str) -> list[str]:
    """Return the flags of an option: ``--dry_run`` and ``--dry-run``."""
    return list(dict.fromkeys([f"--{name}", f"--{name.replace('_', '-')}"]))


def positive_number(text: str) -> int:
    """Read a whole number of at least 1, for argparse."""
    if not text.isdecimal() or int(text) not in NUMBERS:
        raise ArgumentTypeError(not_a_number(text))
    return int(text)


def not_a_number(value: object) -> str:
    """Return the message for a value that is not a number of ``NUMBERS``."""
    return f'"{value}" is not a whole number from {NUMBERS[0]} to {NUMBERS[-1]}.'
