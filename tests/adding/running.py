"""The command, run on a project as a person runs it."""

from collections.abc import Mapping
from pathlib import Path

from tests.processes import PROGRAMS, run
from tests.template.baking import REPOSITORY

PYTHON = PROGRAMS / "python"


def add(
    site: Path,
    *options: str,
    python: Path = PYTHON,
    code: int = 0,
    variables: Mapping[str, str] | None = None,
) -> str:
    command: list[str | Path] = [
        "python",
        REPOSITORY / "add_importkit.py",
        site,
        "--python",
        python,
    ]
    result = run([*command, *options], site.parent, variables=variables)
    assert result.returncode == code, result.stdout
    return result.stdout


def names(site: Path) -> set[str]:
    return {
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
