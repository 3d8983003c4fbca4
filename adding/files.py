"""The files: which are copied into a project, and what happens to each of them."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adding.project import FOLDERS, GENERATORS, Project, RefusedError

TEMPLATE = Path(__file__).resolve().parents[1] / "{{cookiecutter.project_slug}}"
NOTE = ".importkit.json"
CACHES = (".pyc", ".pyo")
WRITTEN = frozenset({"create", "update", "force"})


@dataclass(frozen=True)
class File:
    """A file of the template, or one that an earlier version had.

    Attributes:
        name: Its path in the project, with slashes.
        status: create, identical, update, keep, skip, conflict, force, or remove.
        content: What the template has; empty for one that the template has no more.
    """

    name: str
    status: str
    content: bytes = b""


def compare(project: Project, *, with_generators: bool, force: bool) -> list[File]:
    """Compare the files of the template with those of a project.

    A file that its owner did not edit is updated. One that only its owner has changed is
    kept; one that both have changed is in conflict. A guide is never in conflict.

    Args:
        project: The project.
        with_generators: Whether to copy startimport as well.
        force: Whether files in conflict are to be replaced.
    """
    note = read_note(project)
    copied = note.get("files", {})
    wanted = _wanted(project, with_generators=with_generators)
    files = [
        File(name, _status(project, name, content, copied, force=force), content)
        for name, content in sorted(wanted.items())
    ]
    gone = sorted(
        name
        for name in copied
        if name not in wanted
        and (with_generators or "generators" not in name.split("/"))
    )
    return files + [
        File(name, "remove" if _is_as_copied(project, name, copied) else "keep")
        for name in gone
        if (project.folder / name).exists()
    ]


def package_names(*, with_generators: bool) -> list[str]:
    """Return the names of the packages that are copied."""
    return [*FOLDERS, *([GENERATORS] if with_generators else [])]


def taken(project: Project, name: str) -> Path | None:
    """Return where a package or a module of the project's own has a name; None if none has.

    A folder is ours if an earlier run noted it, or if a file in it is as the template has
    it, as after a copy by hand: then its other files are compared.

    Args:
        project: The project.
        name: importkit, importruns, or generators.
    """
    place = project.places.get(name, project.root)
    folder = project.root / name
    if place != project.root:
        return place
    if folder.with_suffix(".py").exists():
        return project.root
    found = [path for path in folder.rglob("*.py") if path.is_file()]
    inside = folder.relative_to(project.folder).as_posix() + "/"
    is_noted = any(
        each.startswith(inside) for each in read_note(project).get("files", {})
    )
    is_ours = is_noted or any(_is_of_template(path, project.root) for path in found)
    return project.root if found and not is_ours else None


def _is_of_template(path: Path, root: Path) -> bool:
    source = TEMPLATE / path.relative_to(root)
    content = path.read_bytes()
    # An empty file is like each other one.
    is_known = bool(content) and source.is_file()
    return is_known and hash_of(content) == hash_of(source.read_bytes())


def write(project: Project, files: list[File], version: str) -> None:
    """Write the files, and the note that says what was copied.

    Args:
        project: The project.
        files: The files.
        version: The version of the template.
    """
    copied = read_note(project).get("files", {})
    for file in files:
        path = project.folder / file.name
        if file.status in WRITTEN:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        if file.status in WRITTEN or file.status == "identical":
            copied[file.name] = hash_of(file.content)
        elif file.status == "remove":
            path.unlink()
            del copied[file.name]
    text = json.dumps({"template": version, "files": copied}, indent=2)
    (project.folder / NOTE).write_text(text + "\n", encoding="utf-8")


def hindrances(project: Project, files: list[File], settings: Path | None) -> list[str]:
    """Return each place that is to be written and cannot be, as sentences.

    Args:
        project: The project.
        files: The files.
        settings: The settings, if they are to be written.
    """
    paths = [
        project.folder / file.name
        for file in files
        if file.status in WRITTEN or file.status == "remove"
    ]
    paths += [project.folder / NOTE, *([settings] if settings else [])]
    # Many files wait for the same folder.
    return list(dict.fromkeys(said for path in paths if (said := _hindrance(path))))


def _hindrance(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder, where a file is to be written: move it away."
    place = path
    while not place.exists():
        place = place.parent
    if place != path and not place.is_dir():
        return f"{place} is a file, where a folder is to be made: move it away."
    if not os.access(place, os.W_OK):
        return f"{place} cannot be written: you have no right to."
    return ""


def read_note(project: Project) -> dict[str, Any]:
    """Return what an earlier run noted; empty where there was none."""
    path = project.folder / NOTE
    if not path.is_file():
        return {}
    try:
        note: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise RefusedError(
            f"{path} is not as it was written: take it from git, or delete it. Files that "
            "were edited are then in conflict."
        ) from None
    return note


def _wanted(project: Project, *, with_generators: bool) -> dict[str, bytes]:
    root = project.root.relative_to(project.folder).as_posix() + "/"
    root = "" if root == "./" else root
    places = {
        name: f"{root}{name}" for name in package_names(with_generators=with_generators)
    }
    places["docs"] = _guides(project)
    return {
        f"{place}/{path.relative_to(TEMPLATE / folder).as_posix()}": path.read_bytes()
        for folder, place in places.items()
        for path in (TEMPLATE / folder).rglob("*")
        if path.is_file() and path.suffix not in CACHES
    }


def _guides(project: Project) -> str:
    """Return the folder of the guides: not among the documents of the project itself."""
    docs = project.folder / "docs"
    is_ours = not docs.exists() or (docs / "codes.md").exists()
    return "docs" if is_ours else "docs/importkit"


def _status(
    project: Project, name: str, content: bytes, copied: dict[str, str], *, force: bool
) -> str:
    path = project.folder / name
    if not path.is_file():
        return "create"
    found = hash_of(path.read_bytes())
    if found == hash_of(content):
        return "identical"
    if copied.get(name) == found:
        return "update"
    if copied.get(name) == hash_of(content):
        return "keep"
    if name.endswith(".md"):
        return "skip"
    return "force" if force else "conflict"


def _is_as_copied(project: Project, name: str, copied: dict[str, str]) -> bool:
    return copied[name] == hash_of((project.folder / name).read_bytes())


def hash_of(content: bytes) -> str:
    """Return what the note says of a file."""
    # git may have changed the line ends.
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
