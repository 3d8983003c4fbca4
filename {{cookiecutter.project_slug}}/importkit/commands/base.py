"""The base of every command: options, questions and a time limit that are kept."""

import sys
from abc import abstractmethod
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, final

from django.core.management.base import BaseCommand, CommandError

from importkit.call_logging import LoggingMixin
from importkit.commands.time_limit import (
    TimeIsUp,
    terminated_like_interrupted,
    time_limit,
)
from importkit.errors import ConfigurationError, ImportKitError, did_you_mean

USAGE = 2
INTERRUPTED = 3
# More than this does not fit into the timer of an operating system.
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
    BuiltIn.FORCE: "Go on where the command would stop to ask.",
    BuiltIn.DELETE: "Allow the command to delete.",
    BuiltIn.YES: "Answer every question with yes.",
}
COUNTS = {
    BuiltIn.TIMEOUT: "Seconds after which to roll back and end with exit code 124.",
    BuiltIn.BATCH_SIZE: "How many rows to write at a time.",
    BuiltIn.THREADS: "How many threads to use.",
    BuiltIn.PROCESSES: "How many processes to use.",
}
DEFAULTS = dict.fromkeys(SWITCHES, False) | dict.fromkeys(COUNTS)


class ABCBaseCommand(LoggingMixin, BaseCommand):
    """A command with common options; a subclass says what it takes and what it does.

    Every call is logged (see ``call_logging``). A problem that the user can solve
    ends the command with one message and an exit code, without a traceback unless
    ``--traceback`` is given: 2 for wrong usage, 3 when interrupted (Ctrl-C, SIGTERM),
    124 when the time was up.

    Attributes:
        refused_options: Built-in options that the command cannot honour, with the
            reason that the user is told.
    """

    class Options(BuiltIn):
        """Names of the options, for ``get_option``; a subclass may add its own."""

    refused_options: ClassVar[Mapping[str, str]] = MappingProxyType({})

    args: tuple[Any, ...] = ()
    options: Mapping[str, Any] = MappingProxyType({})

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a subclass that would step around what ``handle`` promises."""
        super().__init_subclass__(**kwargs)
        if cls.handle is not ABCBaseCommand.handle:
            raise ConfigurationError(
                f'"{cls.__name__}" overrides handle, which keeps the promises of the'
                " built-in options. Implement handle_command instead."
            )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the built-in options, then those of the subclass."""
        for name, text in SWITCHES.items():
            parser.add_argument(*spellings(name), action="store_true", help=text)
        for name, text in COUNTS.items():
            parser.add_argument(
                *spellings(name), type=positive_number, metavar="N", help=text
            )
        self.add_command_arguments(parser)

    @final
    def handle(self, *args: Any, **options: Any) -> str | None:
        """Run the command; a subclass implements ``handle_command``.

        Raises:
            CommandError: The command ended early, with the exit code in its
                ``returncode``.
        """
        self.base_handle(*args, **options)
        self._check_options()
        try:
            with (
                terminated_like_interrupted(),
                time_limit(self.get_option(self.Options.TIMEOUT)),
            ):
                return self.handle_command()
        except ImportKitError as error:
            raise CommandError(str(error), returncode=error.returncode) from error
        except BrokenPipeError as error:
            raise CommandError(
                "The output could not be written to its end: its reader has gone."
            ) from error
        except TimeIsUp:  # The time of the command that called this one.
            raise
        except KeyboardInterrupt as error:
            raise CommandError(
                "Interrupted. The transaction that was open, if any, was rolled back;"
                " what had been committed before stays.",
                returncode=INTERRUPTED,
            ) from error

    def base_handle(self, *args: Any, **options: Any) -> None:
        """Keep the arguments and options exactly as they were passed."""
        self.args = args
        self.options = options

    @abstractmethod
    def add_command_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of this command.

        Args:
            parser: Where to add them, as in any Django command.
        """

    @abstractmethod
    def handle_command(self) -> str | None:
        """Do the work of this command.

        Returns:
            What Django prints at the end, if anything.
        """

    def get_option(self, option: str) -> Any:
        """Return the value of an option; a built-in one has its default if not passed.

        Args:
            option: The name, with underscores.

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
        """Ask a question, unless ``--yes`` or ``--force`` has answered it.

        Args:
            question: What to ask, such as ``Delete 3 rows?``

        Raises:
            CommandError: Nobody is there to answer.
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

    def _check_options(self) -> None:
        """Refuse what argparse has not seen, and what the command cannot honour."""
        for name in COUNTS:
            value = self.get_option(name)
            if value is not None and (type(value) is not int or value not in NUMBERS):
                raise CommandError(f"--{name}: {no_number(value)}", returncode=USAGE)
        for name, reason in self.refused_options.items():
            if self.get_option(name) not in (None, False):
                raise CommandError(f"--{name}: {reason}", returncode=USAGE)


def spellings(name: str) -> list[str]:
    """Return the flags of an option: as Python writes it and as shells do."""
    return list(dict.fromkeys([f"--{name}", f"--{name.replace('_', '-')}"]))


def positive_number(text: str) -> int:
    """Read a whole number that is more than zero, for argparse."""
    if not text.isdecimal() or int(text) not in NUMBERS:
        raise ArgumentTypeError(no_number(text))
    return int(text)


def no_number(value: object) -> str:
    """Say what is wrong with a value that should be a positive number."""
    return f'"{value}" is not a whole number from {NUMBERS[0]} to {NUMBERS[-1]}.'
