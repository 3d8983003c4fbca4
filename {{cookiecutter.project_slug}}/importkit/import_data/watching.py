"""Who is told what a run does while it does it: the bar of a terminal, a ledger, a server."""

import logging
from argparse import ArgumentParser
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.management import CommandError
from django.utils.module_loading import import_string

from importkit.import_data.reports.outcome import Outcome
from importkit.import_data.run import Run
from importkit.loading import Journal
from importkit.models import ModelClass

if TYPE_CHECKING:
    from importkit.import_data.command import ImportDataBaseCommand

logger = logging.getLogger(__name__)

LAST_EVENT = "ended"  # What a watcher holds, it lets go of then.


class Cancelled(KeyboardInterrupt):
    """A watcher ends the run, as Ctrl-C does: it is rolled back, with exit code 3."""


@dataclass(frozen=True)
class LastRun:
    """The run before this one of the same command that did what it was asked to do.

    Attributes:
        name: Its name in messages, such as ``run 41``.
        numbers: What it counted, as in ``Outcome.numbers``.
    """

    name: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


class Watcher:
    """Is told what a run does; a subclass takes what it needs.

    The methods are called in the order in which they stand here. If the database ends a
    run in the way of another one, the run starts again, with ``source_read``. An error in a
    method is told and does not end the run; ``CommandError``, ``Cancelled`` and ``NothingToDo``
    do.
    """

    def __init__(self, command: "ImportDataBaseCommand") -> None:
        """Watch a run of a command, whose options are known by then."""
        self.command = command

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Add options of its own to those of every import."""

    def started(self, run: Run) -> None:
        """Hear that a run starts: its options are read and do not contradict each other."""

    def source_read(self, run: Run) -> None:
        """Hear which files the run reads; of a lazy source, no row has been read yet."""

    def loading(self, models: Collection[ModelClass]) -> None:
        """Hear that rows are about to be written, or planned, before the transaction."""

    def batch(self, model: ModelClass, rows: int) -> None:
        """Hear that so many rows of a model were just handled.

        Raises:
            Cancelled: The run is to end.
        """

    def loaded(self) -> None:
        """Hear that no batch follows, also because of an error."""

    def ended(self, outcome: Outcome) -> None:
        """Hear how the run ended: all is committed or rolled back, and reported."""

    def last_run(self) -> LastRun | None:
        """Return the last run of this command that was done, if that is known."""
        return None

    def journal(self) -> Journal | None:
        """Return where the run notes the rows that it writes, if it can be undone."""
        return None


class NothingToDo(Exception):  # noqa: N818  it is no error
    """A watcher ends the run before anything is written: it has nothing to do, and is done."""


@cache
def watchers_of_apps() -> tuple[type[Watcher], ...]:
    """Return the classes that watch every import of the project.

    An app names its own in its ``AppConfig``: ``import_watchers = ("path.to.Class",)``.
    """
    paths = (getattr(app, "import_watchers", ()) for app in apps.get_app_configs())
    return tuple(map(import_string, chain.from_iterable(paths)))


class Watchers:
    """All watchers of one run, of which none can harm the run by an error of its own."""

    def __init__(
        self,
        watchers: Iterable[Watcher] = (),
        warn: Callable[[str], None] = lambda _text: None,
    ) -> None:
        """Tell watchers, and give the text of an error in one of them to ``warn``."""
        self._watchers = list(watchers)
        self._failed: list[Watcher] = []
        self._warn = warn

    def tell(self, event: str, *args: Any) -> None:
        """Call a method of each watcher; one that has failed is told of the end alone.

        Args:
            event: The name of the method.
            args: What the method takes.
        """
        for watcher in self._watchers:
            if watcher not in self._failed or event == LAST_EVENT:
                self._ask(watcher, event, *args)

    def last_run(self) -> LastRun | None:
        """Return the last run that was done, from the first watcher that knows it."""
        found = (self._ask(each, "last_run") for each in self._watchers)
        return next((run for run in found if run is not None), None)

    def journal(self) -> Journal | None:
        """Return where the run notes its rows, from the first watcher that knows it."""
        found = (self._ask(each, "journal") for each in self._watchers)
        return next((journal for journal in found if journal is not None), None)

    def _ask(self, watcher: Watcher, event: str, *args: Any) -> Any:
        """Return what a method of a watcher returns; nothing if it fails."""
        try:
            return getattr(watcher, event)(*args)
        except (CommandError, NothingToDo):
            raise
        except Exception as error:
            logger.debug("A watcher failed.", exc_info=True)
            if watcher not in self._failed:
                self._warn(
                    f"{type(watcher).__name__} cannot follow this import any more "
                    f"({type(error).__name__}: {error}). The import goes on."
                )
            self._failed.append(watcher)
            return None


def add_watchers_arguments(parser: ArgumentParser) -> None:
    """Add the options of the watchers that apps have."""
    for watcher in watchers_of_apps():
        watcher.add_arguments(parser)
