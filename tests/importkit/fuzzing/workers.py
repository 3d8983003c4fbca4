"""Step 8 of fuzzing: many files in processes that are watched."""

import os
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

# For one file; what takes longer hangs. Seconds of the processor, so that a busy machine
# is no reason; a process that waits for something uses none, and is given more time.
SECONDS = 60
WAITING = 1_800  # Seconds of the clock.


@dataclass(frozen=True)
class Checked:
    """What became of a file: an outcome, or how it failed."""

    number: int
    outcome: str = ""
    failure: str = ""


def check_all(seed: int, numbers: Sequence[int], jobs: int) -> Iterator[Checked]:
    """Check files in some processes, as they are done; each process takes its share."""
    watched = {
        worker.pipe: worker
        for worker in (_Worker(seed, numbers[job::jobs]) for job in range(jobs))
    }
    while watched:
        for pipe in connection.wait(list(watched), timeout=1):
            assert isinstance(pipe, Connection)
            worker = watched.pop(pipe)
            found = worker.received()
            if found is not None:
                yield found
            if worker.is_needed():
                watched[worker.pipe] = worker
            else:
                worker.join()
        for pipe, worker in list(watched.items()):
            if worker.is_late():
                del watched[pipe]
                yield worker.given_up(
                    f"no end within {SECONDS} seconds of the processor"
                )
                if worker.is_needed():
                    watched[worker.pipe] = worker


class _Worker:
    """A process that checks one file after the other, and starts anew after a crash."""

    def __init__(self, seed: int, numbers: Sequence[int]) -> None:
        self._seed = seed
        self._numbers = list(numbers)
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self.pipe, end = context.Pipe(duplex=False)
        arguments = (end, self._seed, self._numbers)
        self._process = context.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        end.close()
        self._begin()

    def received(self) -> Checked | None:
        """Return what the process has to say, also where it has died."""
        try:
            found: Checked = self.pipe.recv()
        except EOFError:
            self._process.join()
            if not self._numbers:
                return None
            return self.given_up(f"the process ended with {self._process.exitcode}")
        self._numbers.remove(found.number)
        self._begin()
        return found

    def is_needed(self) -> bool:
        """Say whether files are left, or the process has still to end."""
        return bool(self._numbers)

    def join(self) -> None:
        """Wait for the process, which has nothing left to do."""
        self._process.join()

    def _begin(self) -> None:
        self._since = time.monotonic()
        self._used = _seconds_of(self._process.pid)

    def is_late(self) -> bool:
        """Say whether a file takes too long."""
        waited = time.monotonic() - self._since
        used = _seconds_of(self._process.pid)
        if used is None or self._used is None:
            return waited > WAITING
        return used - self._used > SECONDS or waited > WAITING

    def given_up(self, reason: str) -> Checked:
        """End the process, and go on with another one behind the file it was at."""
        self._process.kill()
        self._process.join()
        number = self._numbers.pop(0)
        if self._numbers:
            self._start()
        return Checked(number, failure=reason)


def _seconds_of(process: int | None) -> float | None:
    """Return how long the processor has worked for a process; None if nobody tells."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return None
    # The name of the process, in parentheses, may hold anything.
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _work(pipe: Connection, seed: int, numbers: Sequence[int]) -> None:
    """Check files one by one, in a database of this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    os.environ["DEBUG"] = "true"
    # Files are small: to hand them to other threads takes longer than to read them.
    os.environ["POLARS_MAX_THREADS"] = "1"
    # Models can be imported after that.
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    django.setup()
    # Beside this name the settings would make a file of the second database.
    connections.databases["other"]["NAME"] = ":memory:"
    call_command("migrate", run_syncdb=True, verbosity=0)
    with TemporaryDirectory(prefix="fuzzing") as folder:
        for number in numbers:
            pipe.send(checked(seed, number, Path(folder)))


def checked(seed: int, number: int, folder: Path) -> Checked:
    """Check one file; whatever is raised is a failure."""
    from tests.importkit.fuzzing.cases import case  # noqa: PLC0415
    from tests.importkit.fuzzing.properties import BrokenError, check  # noqa: PLC0415

    try:
        return Checked(number, check(case(seed, number), folder))
    except BrokenError as error:
        return Checked(number, failure=str(error))
    except KeyboardInterrupt:
        raise
    except BaseException:
        return Checked(number, failure=traceback.format_exc())
