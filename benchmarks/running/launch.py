"""Run one command and write down what it cost: a program of its own, kept small.

Linux counts the memory of the process that starts a command as the command's, so the
benchmark, with polars in it, must not be that process.
"""

import json
import os
import sys
import time


def main(report: str, output: str, *command: str) -> None:
    """Run a command to its end; write its cost as JSON and its output as it comes."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    start = time.perf_counter()
    child = os.posix_spawnp(
        command[0],
        command,
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )
    _, status, usage = os.wait4(child, 0)
    cost = {
        "seconds": time.perf_counter() - start,
        "cpu": usage.ru_utime + usage.ru_stime,
        # Kilobytes, but for macOS.
        "memory": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        "code": os.waitstatus_to_exitcode(status),
    }
    with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123  pathlib is 2 MB
        json.dump(cost, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
