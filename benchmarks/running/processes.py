"""Step 3, processes: commands in a clean environment, run or measured."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures.results import Run, StepError

HERE = Path(__file__).resolve().parents[1]
LAST_LINES = 6
OURS = {
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "LOG_LEVEL",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "SECRET_KEY",
}


@dataclass(frozen=True)
class Command:
    """What to run, where, the environment variables that it needs, and how it ends."""

    words: Sequence[str]
    folder: Path
    variables: Mapping[str, str]
    code: int = 0

    def environment(self) -> dict[str, str]:
        """Return the environment of a shell, without what is set for our projects."""
        kept = {name: os.environ[name] for name in os.environ.keys() - OURS}
        return kept | dict(self.variables)


def run(command: Command) -> str:
    """Run a command that prepares something; return what it prints.

    Raises:
        StepError: It did not end with 0; with its last lines.
    """
    done = subprocess.run(  # noqa: S603  the commands are those of the benchmark
        list(command.words),
        cwd=command.folder,
        env=command.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise StepError(last_lines(done.stdout + done.stderr))
    return done.stdout


def measure(command: Command, scratch: Path) -> Run:
    """Run a command from a new process to its end and return what it cost.

    Raises:
        StepError: It did not end with its code; with its last lines.
    """
    report, output = scratch / "cost.json", scratch / "output.txt"
    # What was written before is not this command's to wait for.
    os.sync()
    launch = [sys.executable, "-I", "-S", str(HERE / "running" / "launch.py")]
    subprocess.run(  # noqa: S603  the commands are those of the benchmark
        [*launch, str(report), str(output), *command.words],
        cwd=command.folder,
        env=command.environment(),
        check=True,
    )
    cost = json.loads(report.read_text())
    if (code := cost.pop("code")) != command.code:
        text = output.read_text(encoding="utf-8", errors="replace")
        raise StepError(last_lines(text) or f"It ended with {code}.")
    return Run(**cost)


def last_lines(text: str) -> str:
    """Return the end of an output, where the reason of a failure stands."""
    lines = [line.rstrip()[:300] for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-LAST_LINES:])


def tell(text: str) -> None:
    """Say how far it is."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
