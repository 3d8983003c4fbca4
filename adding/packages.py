"""The packages: which the template needs, which of them a project lacks, how to get them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adding.project import Project, above

# What the framework imports, and what the generator imports besides.
RUNTIME = ("polars", "tqdm", "winiutils")
# What it imports where the database is PostgreSQL; it cannot use psycopg2.
POSTGRESQL = ("psycopg",)
DEVELOPMENT = ("anyascii", "chardet", "jinja2", "ruff")
# What the Python of a project is asked for.
ASKED = ("django", "pip", *RUNTIME, *POSTGRESQL, *DEVELOPMENT)
# A project has its own; each lays code out well enough.
ANY_VERSION = frozenset({"ruff"})
OLDEST_DJANGO = (5, 2)
LINE = re.compile(r'^\s*"(([A-Za-z0-9-]+)(?:\[[a-z]+\])?([<>=][^";]*))"', re.MULTILINE)
PYTHON = re.compile(r'^requires-python = ">=([\d.]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Lack:
    """A package that a project lacks.

    Attributes:
        name: Its name.
        wanted: The versions that are needed: ">=2.1,<3".
        stated: How the template states it: "polars>=2.1,<3".
        found: The installed version; None where there is none.
    """

    name: str
    wanted: str
    stated: str
    found: str | None


@dataclass(frozen=True)
class Lacks:
    """What a project lacks: to run imports, and to write them."""

    runtime: list[Lack]
    development: list[Lack]


def find_lacks(project: Project, pyproject: str, with_generators: bool) -> Lacks:
    """Compare the packages of a project with those that the template states.

    Args:
        project: The project.
        pyproject: The text of the template's pyproject.toml.
        with_generators: Whether the project is to have startimport.
    """
    stated = {name: (wanted, text) for text, name, wanted in LINE.findall(pyproject)}
    runtime = (*RUNTIME, *(POSTGRESQL if project.has_postgresql else ()))
    development = DEVELOPMENT if with_generators else ()
    return Lacks(
        [lack for name in runtime for lack in _lack(project, name, *stated[name])],
        [lack for name in development for lack in _lack(project, name, *stated[name])],
    )


def refusals(project: Project, pyproject: str) -> list[str]:
    """Return why a project cannot have the framework at all, as sentences."""
    oldest = _numbers(PYTHON.findall(pyproject)[0])
    django = project.packages.get("django")
    found = []
    if project.version < oldest:
        found.append(
            f"The project runs on Python {_dotted(project.version)} ({project.python}): "
            f"importkit needs {_dotted(oldest)} or newer."
        )
    if django and _numbers(django) < OLDEST_DJANGO:
        found.append(
            f"The project has Django {django}: importkit needs "
            f"{_dotted(OLDEST_DJANGO)} or newer."
        )
    return found


def commands(project: Project, lacks: Lacks) -> list[str]:
    """Return the commands that install what is missing."""
    tool = installer(project)
    groups = [
        (lacks.runtime, ""),
        (lacks.development, {"uv": "--dev ", "poetry": "--group dev "}.get(tool, "")),
    ]
    if tool in {"uv", "poetry"}:
        return [
            f"{tool} add {option}{_quoted(lacking)}"
            for lacking, option in groups
            if lacking
        ]
    lacking = lacks.runtime + lacks.development
    install = "python -m pip" if project.packages.get("pip") else "uv pip"
    return [f"{install} install {_quoted(lacking)}"] if lacking else []


def installer(project: Project) -> str:
    """Return what keeps the packages of a project: uv, poetry, or pip."""
    for folder in above(project.folder):
        for tool in ("uv", "poetry"):
            if (folder / f"{tool}.lock").exists():
                return tool
    return "pip"


def requirements(project: Project) -> list[str]:
    """Return the files in which a project that uses pip states its packages."""
    files = [
        path.relative_to(folder)
        for folder in above(project.folder)
        for pattern in ("requirements*.txt", "requirements/*.txt", "requirements*.in")
        for path in sorted(folder.glob(pattern))
    ]
    return [path.as_posix() for path in files]


def _lack(project: Project, name: str, wanted: str, stated: str) -> list[Lack]:
    found = project.packages.get(name)
    if found and (name in ANY_VERSION or _is_in(found, wanted)):
        return []
    return [Lack(name, wanted, stated, found)]


def _is_in(version: str, wanted: str) -> bool:
    """Return whether a version is in a range such as ``>=2.1,<3``."""
    number = _numbers(version)
    for part in wanted.split(","):
        sign, bound = re.findall(r"(>=|<)\s*([\d.]+)", part)[0]
        if (number >= _numbers(bound)) is not (sign == ">="):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)


def _quoted(lacking: list[Lack]) -> str:
    return " ".join(f'"{lack.stated}"' for lack in lacking)
