"""A process that holds locks until it reads a line: ``... holding NAME NAME``."""

import os
import subprocess
import sys
import time

import django


def main(names: list[str]) -> None:
    """Hold the locks, and say so; start a program that lives on, too."""
    django.setup()
    from django.db import connection  # noqa: PLC0415

    from importruns.locks import LockedError, locked  # noqa: PLC0415

    try:
        with locked(connection, names):
            command = [sys.executable, "-c", "import time; time.sleep(60)"]
            pids = [subprocess.Popen(command, stdout=subprocess.DEVNULL).pid]  # noqa: S603  it is this program
            # A fork of PostgreSQL's client keeps the session, and the transaction in it.
            if connection.vendor == "sqlite":
                pids.append(forked())
            sys.stdout.write(f"held {' '.join(map(str, pids))}\n")
            sys.stdout.flush()
            sys.stdin.readline()
    except LockedError as error:
        sys.stdout.write(f"{error}\n")


def forked() -> int:
    """Fork a process that does nothing for a while; return its number."""
    number = os.fork()
    if number:
        return number
    os.close(sys.stdout.fileno())
    time.sleep(60)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
