"""A time limit for a command: when the time is up, all databases are rolled back."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

from django.core.management.base import CommandError
from django.db import connections

from importkit.commands.transactions import opened
from importkit.errors import ConfigurationError

TIMED_OUT = 124
ENDING = (signal.SIGINT, signal.SIGTERM)
INTERRUPTS = (0, 0.1, 0.5)  # Seconds before each interrupt that follows a signal.


class TimeIsUp(KeyboardInterrupt):
    """The time limit of a command has passed.

    This is not an ``Exception``, so that no ``except Exception`` in a command catches it.
    It is a ``KeyboardInterrupt``, because psycopg cancels its statement for that one.
    """


@contextmanager
def time_limit(
    seconds: int | None, *, writes: bool = True, waits: bool = False
) -> Iterator[Callable[[], None]]:
    """Stop the block after some seconds and roll back what it wrote to any database.

    With a limit, the block runs in one transaction on every configured database, except
    where its settings have ``"ATOMIC_COMMANDS": False``. The limit of an enclosing block
    stays in force.

    Args:
        seconds: How long the block may take; None for no limit.
        writes: Whether the block writes to the databases.
        waits: Whether the block waits for others before it writes. A transaction of
            SQLite keeps all others from writing, so it begins when the block calls what
            it is given.

    Raises:
        CommandError: The time is up (exit code 124).
        ConfigurationError: No alarm can be set here.
    """
    if seconds is None:
        yield lambda: None
        return
    if not can_keep_time():
        raise ConfigurationError(
            "--timeout: needs the alarm of a Unix system, in the main thread of a"
            " process. Run the command without --timeout, or in a process of its own."
        )
    alarm = TimeIsUp()
    try:
        # The alarm is off before the transactions end: no commit is called a rollback.
        with ExitStack() as stack, _ring(seconds, alarm):
            late: list[str] = []

            def begin() -> None:
                while late:
                    stack.enter_context(opened(late.pop(), writes=writes))

            for connection in connections.all():
                # A record of what ran stays, however the command ends.
                if not connection.settings_dict.get("ATOMIC_COMMANDS", True):
                    continue
                if waits and connection.vendor == "sqlite":
                    late.append(connection.alias)
                else:
                    stack.enter_context(opened(connection.alias, writes=writes))
            yield begin
    except TimeIsUp as error:
        if error is not alarm:
            raise
        raise CommandError(
            f"Stopped after {seconds} s (--timeout). All that the command had written"
            " to the databases was rolled back.",
            returncode=TIMED_OUT,
        ) from error


def can_keep_time() -> bool:
    """Return whether an alarm can be set on this system and in this thread."""
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer")


@contextmanager
def _ring(seconds: int, alarm: TimeIsUp) -> Iterator[None]:
    """Raise the alarm in the block after some seconds, unless one is due sooner."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise alarm

    due, interval = signal.getitimer(signal.ITIMER_REAL)
    if 0 < due <= seconds:
        yield
        return
    started = time.monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    watch = _sqlite_watch(seconds)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        watch.cancel()
        signal.signal(signal.SIGALRM, handler)
        if due:
            left = due - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), interval)


def _sqlite_watch(seconds: int) -> threading.Timer:
    """Start a timer that ends the running statement of SQLite, which ignores alarms."""
    watched = [c for c in connections.all() if c.vendor == "sqlite"]

    timer = threading.Timer(seconds + 0.1, _interrupt_statements, [watched])
    timer.daemon = True
    timer.start()
    return timer


def _interrupt_statements(wrappers: Iterable[Any]) -> None:
    """End the running statements of connections to SQLite."""
    for wrapper in wrappers:
        if wrapper.connection is not None:
            wrapper.connection.interrupt()


@contextmanager
def statements_end_with_signals() -> Iterator[None]:
    """Have SIGINT and SIGTERM end the running statement of SQLite.

    Python calls a handler only when the statement has returned, which may take minutes.
    The number of a signal is written to a socket at once, and a thread that reads it
    interrupts the connections.
    """
    watched = [c for c in connections.all() if c.vendor == "sqlite"]
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not watched:
        yield
        return
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    if before != -1:  # Somebody else reads the signals.
        signal.set_wakeup_fd(before)
        reader.close()
        writer.close()
        yield
        return

    ended = threading.Event()

    def interrupt() -> None:
        while number := reader.recv(1):
            # Again after a moment: a statement may begin between the signal and the first
            # interrupt, which would not reach that statement.
            for pause in INTERRUPTS if number[0] in ENDING else ():
                if not ended.wait(pause):
                    _interrupt_statements(watched)

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)
        ended.set()
        writer.close()
        thread.join()
        reader.close()


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """Turn SIGTERM into a ``KeyboardInterrupt``, so that what is open is rolled back.

    This works in the main thread only, and only if the signal has no handler yet.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
