"""Imports that kill themselves at a statement: ``python -m tests.importruns.killing FILE``.

Each is a fork of this process, which has loaded the project once.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django


def main(file: Path) -> None:
    """Import once for each number that is read, and say how that ended.

    The import kills itself at the statement of this number; at none, if it is negative.
    """
    django.setup()
    # Models can be imported now.
    from tests.importruns.prices.management.commands import (  # noqa: F401, PLC0415  loaded before the forks
        import_prices,
    )

    for line in sys.stdin:
        number = int(line)
        status = forked(partial(imported, file, number))
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


def forked(work: Callable[[], None]) -> int:
    """Work in a fork; return its exit code, or the negative number of its signal."""
    process = os.fork()
    if not process:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def imported(file: Path, number: int) -> None:
    """Import the file, after a look for runs that are lost."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from importruns import queue  # noqa: PLC0415
    from tests.importkit import faults  # noqa: PLC0415

    queue.mark_lost()
    counted = [0]

    def count(_self: Any, what: str) -> None:
        if "PRAGMA" in what:
            return
        if counted[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)
        counted[0] += 1

    with ExitStack() as stack:
        stack.enter_context(patch.object(faults.Statements, "count", count))
        for alias in ("default", "importruns"):
            one = connections[alias]
            stack.enter_context(patch.object(faults, "connection", one))
            stack.enter_context(faults.statements())
        # A server lets go of the locks of a killed process when it notices its end.
        call_command("import_prices", file=file, batch_size=20, wait=20, verbosity=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
