"""Commands for the tests, as a project would write them."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from importkit.commands import ABCBaseCommand


class Command(ABCBaseCommand):
    """Do what the test wants."""

    def __init__(self, work: Callable[[], Any] = lambda: None) -> None:
        """Take what to do."""
        super().__init__()
        self.work = work

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        """Add an option of its own."""
        parser.add_argument("--file")

    def handle_command(self) -> str | None:
        """Do it."""
        result: str | None = self.work()
        return result
