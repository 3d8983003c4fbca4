"""Find the file of a project's settings that makes the list of its apps."""

import ast
from importlib.util import find_spec, resolve_name
from pathlib import Path

from generators.writing.installed_apps import INSTALLED_APPS, makes_installed_apps


def find_settings_file(module: str, root: Path) -> Path | None:
    """Return the file that makes INSTALLED_APPS: of the settings, or of what they import.

    Args:
        module: The dotted name of the settings.
        root: The project's folder, in which the file has to be.

    Returns:
        The file. Where none is found to make the list, that of the settings; None if that
        is outside of the project.
    """
    return _making(module, root, set()) or _file_of(module, root)


def _making(module: str, root: Path, seen: set[str]) -> Path | None:
    path = _file_of(module, root)
    if path is None or module in seen:
        return None
    seen.add(module)
    text = path.read_text("utf-8", "surrogateescape")
    if makes_installed_apps(text):
        return path
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = (_making(name, root, seen) for name in _imported(text, package))
    return next((path for path in found if path), None)


def _imported(text: str, package: str) -> list[str]:
    """Return the modules from which a module may have INSTALLED_APPS, the last first."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return []
    return [
        resolve_name("." * node.level + (node.module or ""), package)
        for node in reversed(tree.body)
        if isinstance(node, ast.ImportFrom)
        and any(alias.name in {"*", INSTALLED_APPS} for alias in node.names)
    ]


def _file_of(module: str, root: Path) -> Path | None:
    """Return the file of a module, if the file is in the project."""
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).absolute()
    inside = path.is_relative_to(root.absolute()) and "site-packages" not in path.parts
    return path if inside else None
