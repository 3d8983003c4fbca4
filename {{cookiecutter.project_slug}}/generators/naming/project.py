"""The project: its folder, where its packages are, and how its commands are run."""

import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings

# Apps that came with the template: nobody writes into them, or lists others beside them.
OF_TEMPLATE = frozenset({"generators", "importruns"})
# What keeps the packages of a project, and how it runs and adds to what is there.
RUN = {"uv": "uv run ", "poetry": "poetry run "}
ADD = {"uv": "uv add", "poetry": "poetry add"}
FOR_DEVELOPERS = {"uv": " --dev", "poetry": " --group dev"}
# Files that say how pytest is run, with what they say.
PYTEST = {"pyproject.toml": "[tool.pytest", "pytest.ini": "[pytest]"}
PYTEST |= {"setup.cfg": "[tool:pytest]", "tox.ini": "[pytest]"}


def project_folder() -> Path:
    """Return the folder of manage.py; where there is none, BASE_DIR of the settings."""
    code = packages_folder()
    found = (folder for folder in _above(code) if (folder / "manage.py").is_file())
    return next(found, None) or Path(getattr(settings, "BASE_DIR", code))


def packages_folder() -> Path:
    """Return the folder from which the project's own packages are imported.

    It is the one from which the settings are imported: BASE_DIR may be another.
    """
    module = settings.SETTINGS_MODULE
    spec = find_spec(module.partition(".")[0]) if module else None
    if spec is None:
        return Path.cwd()
    places = spec.submodule_search_locations or [spec.origin or ""]
    return Path(next(iter(places))).resolve().parent


def is_inside(label: str, root: Path) -> bool:
    """Return whether the code of an app is that of the project.

    It is not where it is in an installed package, or came with the template.
    """
    folder = Path(apps.get_app_config(label).path).resolve()
    is_below = folder.is_relative_to(root.resolve())
    is_installed = "site-packages" in folder.parts
    return is_below and not is_installed and label not in OF_TEMPLATE


def own_apps(root: Path) -> list[str]:
    """Return the dotted names of the apps whose code is that of the project."""
    return [c.name for c in apps.get_app_configs() if is_inside(c.label, root)]


def manage_command(root: Path) -> str:
    """Return how the commands of a project are run."""
    tool = _tool(root)
    return (
        "uv run manage.py" if tool == "uv" else f"{RUN.get(tool, '')}python manage.py"
    )


def command_for_tests(root: Path, folder: str, module: str) -> str:
    """Return how the tests of an app are run: by pytest, where the project states it."""
    if any(_says(root, name, text) for name, text in PYTEST.items()):
        return f"{RUN.get(_tool(root), '')}pytest {folder}"
    return f"{manage_command(root)} test {module}"


def add_command(root: Path, *, for_developers: bool = False) -> str:
    """Return how a package is added to a project, or only for those who work on it."""
    tool = _tool(root)
    option = FOR_DEVELOPERS.get(tool, "") if for_developers else ""
    return ADD.get(tool, "python -m pip install") + option


def lacks_package(root: Path, package: str) -> bool:
    """Return whether a project lacks a package in production.

    It may be installed, but only for those who work on the project. Where nothing but pip
    keeps the packages, an installed package is one of the project.
    """
    if find_spec(package) is None:
        return True
    if not _tool(root):
        return False
    path = root / "pyproject.toml"
    stated = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    poetry = stated.get("tool", {}).get("poetry", {}).get("dependencies", {})
    names = [*stated.get("project", {}).get("dependencies", []), *poetry]
    return not any(re.match(rf"{package}\b", name) for name in names)


def _tool(root: Path) -> str:
    """Return what keeps the packages of a project: uv, poetry, or nothing."""
    for folder in _above(root):
        for tool in RUN:
            is_locked = (folder / f"{tool}.lock").exists()
            if is_locked or _has(folder / "pyproject.toml", f"[tool.{tool}"):
                return tool
    return ""


def _says(root: Path, name: str, text: str) -> bool:
    return any(_has(folder / name, text) for folder in _above(root))


def _has(path: Path, text: str) -> bool:
    return path.is_file() and text in path.read_text("utf-8", "replace")


def _above(folder: Path) -> Iterator[Path]:
    """Yield a folder and those above it, up to the one in which git starts."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        yield parent
        if (parent / ".git").exists():
            return
