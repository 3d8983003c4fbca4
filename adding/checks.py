"""The checks of the project: how each leaves out what its owner did not write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adding.files import package_names
from adding.project import Project, above

if TYPE_CHECKING:
    from pathlib import Path

# Which sections of which file configure a tool: those that begin so.
PLACES = (
    ("ruff", "pyproject.toml", "tool.ruff"),
    ("ruff", "ruff.toml", ""),
    ("ruff", ".ruff.toml", ""),
    ("black", "pyproject.toml", "tool.black"),
    ("mypy", "pyproject.toml", "tool.mypy"),
    ("mypy", "mypy.ini", "mypy"),
    ("mypy", ".mypy.ini", "mypy"),
    ("mypy", "setup.cfg", "mypy"),
)
# What a configuration has that leaves a package out already.
LEFT_OUT = {
    "ruff": r"(?s)exclude\s*=.*\b{}\b",
    "black": r"(?s)exclude\s*=.*\b{}\b",
    "mypy": r"\b{}\.\*",
}
SECTION = re.compile(r"^(?=\[)", re.MULTILINE)


def hints(project: Project, *, with_generators: bool) -> list[str]:
    """Return the lines of configuration that the checks of a project lack.

    Args:
        project: The project.
        with_generators: Whether startimport is copied as well.
    """
    names = package_names(with_generators=with_generators)
    lines = []
    for tool, file, start in PLACES:
        for folder in above(project.folder):
            text = _configuration(folder / file, start)
            is_told = all(
                re.search(LEFT_OUT[tool].format(name), text) for name in names
            )
            if text and not is_told:
                lines += _hint(tool, file, names)
    return lines


def _configuration(path: Path, start: str) -> str:
    """Return the sections of a file that configure a tool; empty if there are none."""
    if not path.is_file():
        return ""
    # Python 3.9 has nothing that reads TOML.
    sections = SECTION.split(path.read_text("utf-8", "replace"))
    return "".join(each for each in sections if each.lstrip("[").startswith(start))


def _hint(tool: str, file: str, names: list[str]) -> list[str]:
    listed = ", ".join(f'"{name}"' for name in names)
    if tool == "ruff":
        return [f"ruff: extend-exclude = [{listed}]"]
    if tool == "black":
        return [f"black: extend-exclude = '/({'|'.join(names)})/'"]
    # To exclude them would not do: mypy follows the imports of generated code.
    modules = [f"{name}.*" for name in names]
    if file == "pyproject.toml":
        listed = ", ".join(f'"{module}"' for module in modules)
        section = ["[[tool.mypy.overrides]]", f"module = [{listed}]"]
        return [f"mypy, in {file}:", *section, "ignore_errors = true"]
    return [f"mypy, in {file}:", f"[mypy-{','.join(modules)}]", "ignore_errors = True"]
