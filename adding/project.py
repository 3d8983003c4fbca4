"""The project: where it is, which Python runs it, and what that Python says of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MARK = "importkit probe: "
# Folders in which no manage.py of a project is.
OTHERS = {"node_modules", "site-packages", "venv", "env"}
# How long a project may take to import its settings.
SECONDS = 60
ENVIRONMENTS = (".venv", "venv", "env")
# What is copied to where the packages of the project are; GENERATORS can be left out.
LEDGER = "importruns"
FOLDERS = ("importkit", LEDGER)
GENERATORS = "generators"


class RefusedError(Exception):
    """The project cannot be added to: the sentence says why, and what to do."""


@dataclass(frozen=True)
class Project:
    """A Django project.

    Attributes:
        folder: The folder of its manage.py.
        root: The folder from which its packages are imported.
        has_root: Whether manage.py came so far that this folder is known.
        python: The program that was asked.
        is_guess: Whether no environment of the project was found, so that the Python of
            this command was asked.
        version: The version of that Python.
        packages: The installed version of each package that was asked for, None if missing.
        settings: The module of its settings; empty if that is not known.
        file: The file of the settings; None if they cannot be imported.
        apps: INSTALLED_APPS; None if it is neither a list nor a tuple, or not known.
        has_tuple: Whether INSTALLED_APPS is a tuple.
        has_debug: Whether the settings say DEBUG.
        is_debugging: Whether DEBUG is on there.
        has_postgresql: Whether a database is PostgreSQL.
        places: In which folder a package of this name is already, by name.
        error: Why the settings cannot be imported; empty if they can.
    """

    folder: Path
    root: Path
    has_root: bool
    python: str
    is_guess: bool
    version: tuple[int, ...]
    packages: dict[str, str | None]
    settings: str
    file: Path | None
    apps: list[str] | None
    has_tuple: bool
    has_debug: bool
    is_debugging: bool
    has_postgresql: bool
    places: dict[str, Path]
    error: str


def find_manage(path: Path) -> Path:
    """Return the manage.py of a project: at the path, or in a folder below it.

    Raises:
        RefusedError: There is none, or more than one.
    """
    if path.is_file() and path.name == "manage.py":
        return path.resolve()
    if not path.is_dir():
        raise RefusedError(
            f'There is no folder "{path}": name the folder of a project.'
        )
    if (path / "manage.py").is_file():
        return (path / "manage.py").resolve()
    found = [
        manage
        for pattern in ("*/manage.py", "*/*/manage.py")
        for manage in sorted(path.glob(pattern))
        if not any(_is_other(part) for part in manage.relative_to(path).parts)
    ]
    if len(found) == 1:
        return found[0].resolve()
    if found:
        names = ", ".join(str(manage.parent) for manage in found)
        raise RefusedError(f"More than one project is there: name one of {names}.")
    raise RefusedError(
        f'There is no manage.py in "{path}": name the folder of a Django project. '
        "To start a new project, see the README of the template."
    )


def _is_other(part: str) -> bool:
    return part.startswith((".", "{")) or part in OTHERS


def ask(manage: Path, python: str | None, names: tuple[str, ...]) -> Project:
    """Let the Python of a project say what the project has.

    Args:
        manage: The manage.py.
        python: The program to ask; None to find the environment of the project.
        names: The packages to look for.

    Raises:
        RefusedError: The program cannot be run, or gives no answer.
    """
    found = _from_here(python) if python else _environment(manage.parent)
    program = found or sys.executable
    said = _said(program, manage, names)
    root = said.get("root")
    places = {name: said.get(name) for name in (*FOLDERS, GENERATORS)}
    return Project(
        folder=manage.parent,
        root=Path(root).resolve() if root else manage.parent,
        has_root=bool(root),
        python=program,
        is_guess=found is None,
        version=tuple(said["python"]),
        packages=said["packages"],
        settings=said.get("settings", ""),
        file=Path(said["file"]) if said.get("file") else None,
        apps=said.get("apps"),
        has_tuple=said.get("tuple", False),
        has_debug=said.get("debug", False),
        is_debugging=said.get("debugs", False),
        has_postgresql=said.get("postgresql", False),
        places={name: Path(place).resolve() for name, place in places.items() if place},
        error=said.get("error", ""),
    )


def above(folder: Path) -> list[Path]:
    """Return a folder and those above it, up to the one that git or an owner starts at."""
    folders = []
    for parent in (folder, *folder.parents):
        folders.append(parent)
        if (parent / ".git").exists() or parent == Path.home():
            break
    return folders


def _from_here(python: str) -> str:
    """Return a program as it is named from any folder: it is run from another one."""
    is_path = bool(os.path.dirname(python))
    # The link itself: an environment is where its link is.
    return os.path.abspath(python) if is_path else python


def _environment(folder: Path) -> str | None:
    """Return the Python of a project's environment; None if there is none."""
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    places = [parent / name for parent in above(folder) for name in ENVIRONMENTS]
    programs = [str(place / inside) for place in places if (place / inside).exists()]
    if programs:
        return programs[0]
    return _environment_of_poetry(folder) or _active(inside)


def _active(inside: str) -> str | None:
    """Return the Python of the active environment, unless that is the template's own."""
    active = Path(os.environ.get("VIRTUAL_ENV", HERE))
    is_ours = HERE.parent in active.resolve().parents or active == HERE
    return None if is_ours else str(active / inside)


def _environment_of_poetry(folder: Path) -> str | None:
    locked = any((parent / "poetry.lock").exists() for parent in above(folder))
    poetry = shutil.which("poetry") if locked else None
    if poetry is None:
        return None
    done = subprocess.run(
        [poetry, "env", "info", "--executable"],
        cwd=str(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.stdout.decode().strip() or None


def _said(program: str, manage: Path, names: tuple[str, ...]) -> dict[str, Any]:
    command = [program, str(HERE / "probe.py"), str(manage), *names]
    variables = {
        **os.environ,
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        done = subprocess.run(
            command,
            cwd=str(manage.parent),
            env=variables,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise RefusedError(
            f"{manage} gave no answer within {SECONDS} seconds: does it, or do the "
            "settings, wait for something? Nothing was written."
        ) from None
    except OSError as error:
        raise RefusedError(f'"{program}" cannot be run: {error.strerror}.') from error
    *_, last = done.stdout.decode("utf-8", "replace").split(MARK)
    try:
        answer: dict[str, Any] = json.loads(last)
    except ValueError:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [
            "nothing"
        ]
        raise RefusedError(
            f'"{program}" is no Python that can be asked: {said[-1]}'
        ) from None
    return answer
