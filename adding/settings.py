"""The settings: startimport is added where that is proved to be all that changes."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from adding.project import GENERATORS, LEDGER, Project

STATEMENT = """\
# startimport is only for development.
if DEBUG:
    INSTALLED_APPS += {}
"""


@dataclass(frozen=True)
class Edit:
    """What happens to the settings.

    Attributes:
        file: The file that is written; None if none is.
        text: Its new text.
        reason: Why the user has to add the statement; empty if nobody has to.
    """

    file: Path | None = None
    text: str = ""
    reason: str = ""


def add_generators(project: Project) -> Edit:
    """Add startimport at the end of the settings, after whatever they compute."""
    if project.apps is not None and GENERATORS in project.apps:
        return Edit()
    if project.file is None:
        return Edit(reason=f"the settings cannot be imported ({project.error})")
    if reason := _hindrance(project, project.file):
        return Edit(reason=reason)
    before = project.file.read_bytes().decode("utf-8", "surrogateescape")
    end = "\r\n" if "\r\n" in before else "\n"
    added = statement_for(project)
    text = before.rstrip() + f"\n\n{added}".replace("\n", end)
    if not _only_adds(before, text, added):
        return Edit(reason=f"{project.file.name} cannot be added to")
    return Edit(project.file, text)


def statement_for(project: Project) -> str:
    """Return the lines that add startimport to the settings."""
    return STATEMENT.format(
        '("generators",)' if project.has_tuple else '["generators"]'
    )


def ledger_hint(project: Project) -> str:
    """Return what puts imports on record: it is the choice of the project."""
    if any(app.split(".")[0] == LEDGER for app in project.apps or []):
        return ""
    return (
        f'"{LEDGER}" in INSTALLED_APPS, and then migrate, keeps a record of each import, '
        "from\nwhich it can be undone. Without it, imports work the same."
    )


def _hindrance(project: Project, file: Path) -> str:
    """Return why the statement may do something else in a file, or nothing."""
    if project.apps is None:
        return "INSTALLED_APPS is neither a list nor a tuple there"
    if not project.has_debug:
        return "the settings say no DEBUG"
    if project.folder not in file.parents:
        return f"{file} is outside the project"
    return ""


def _only_adds(before: str, after: str, added: str) -> bool:
    """Return whether the statement at the end is all that two modules differ in."""
    try:
        old, new = ast.parse(before), ast.parse(after)
    except (SyntaxError, ValueError):
        return False
    old.body += ast.parse(added).body
    return ast.dump(old) == ast.dump(new)
