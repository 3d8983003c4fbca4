"""Other programs, run as a person's shell would run them: nothing of ours leaks in."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

OURS = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "SECRET_KEY",
    "VIRTUAL_ENV",
)
OUR_PREFIXES = ("COOKIECUTTER_", "GIT_", "PYTEST_", "UV_PROJECT", "UV_RUN_")
PROGRAMS = Path(sys.executable).parent
# Of each worker of xdist its own: two mypys that open a new cache at once lock each other out.
CACHE = (
    Path(__file__).resolve().parents[1]
    / ".mypy_cache"
    / f"projects-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
)
# Names the folder for the compiled code of all programs; tests/conftest.py makes it.
BYTECODE = "TESTS_BYTECODE"


def environment(**changes: str) -> dict[str, str]:
    """Build the environment of a shell in which nothing was prepared."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith(OUR_PREFIXES)
    }
    identity = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", "Someone"), ("EMAIL", "someone@example.com"))
    }
    # A bake is compared with its template, so no caches lie beside the sources. To compile
    # a project takes as long as to run it: its second program finds the code compiled.
    folder = os.environ.get(BYTECODE)
    bytecode = (
        {"PYTHONPYCACHEPREFIX": folder} if folder else {"PYTHONDONTWRITEBYTECODE": "1"}
    )
    # What mypy knows of Django and polars is kept, where each project would begin anew.
    return {
        **inherited,
        **identity,
        **bytecode,
        "MYPY_CACHE_DIR": str(CACHE),
        "RUFF_NO_CACHE": "true",
        **changes,
    }


def run(
    command: Sequence[str | Path],
    cwd: Path,
    *,
    answers: str = "",
    variables: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run a command and hand back how it ended, with standard error in the output.

    Args:
        command: Program and arguments. The programs of this environment, such as
            ``python``, ``ruff`` or ``cruft``, are found by name.
        cwd: The folder to run it in.
        answers: What a person would type.
        variables: Environment variables to add.
        timeout: Seconds after which the command counts as hanging.
    """
    program = PROGRAMS / str(command[0])
    return subprocess.run(  # noqa: S603  the commands are those of the tests
        [str(program) if program.exists() else str(command[0]), *map(str, command[1:])],
        cwd=cwd,
        env=environment(PWD=str(cwd), **(variables or {})),
        input=answers,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="backslashreplace",
        timeout=timeout,
        check=False,
    )


def succeed(
    command: Sequence[str | Path],
    cwd: Path,
    *,
    answers: str = "",
    variables: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> str:
    """Run a command that has to end with 0; return its output."""
    result = run(command, cwd, answers=answers, variables=variables, timeout=timeout)
    assert result.returncode == 0, f"{command} in {cwd}:\n{result.stdout}"
    return result.stdout
