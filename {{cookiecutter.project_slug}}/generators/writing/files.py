"""Compare new files with those on disk, and write them: all of them or none."""

import difflib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path

from generators.naming import literal

# Comments say how many rows a guess is based on; another sample has more or fewer.
SAMPLE_SIZE = re.compile(r"the ([0-9,]+|one) sample rows?\b")


class Status(StrEnum):
    """What startimport does with a file."""

    CREATE = "create"
    IDENTICAL = "identical"
    CONFLICT = "conflict"
    FORCE = "force"
    SKIP = "skip"
    APPEND = "append"

    @property
    def writes(self) -> bool:
        """Whether the file is written."""
        return self in {Status.CREATE, Status.FORCE, Status.APPEND}


@dataclass(frozen=True)
class Change:
    """A file that exists or is to be written.

    Attributes:
        path: Its absolute path.
        status: What startimport does with it.
        before: Its content now; None where it does not exist.
        after: The content that it is to have.
    """

    path: Path
    status: Status
    before: bytes | None
    after: bytes


def compare(
    root: Path, sources: Mapping[str, str], *, force: bool = False
) -> tuple[Change, ...]:
    """Compare new files with those on disk, without writing any.

    A file with other line ends is identical: git may have changed them.

    Args:
        root: The project's folder; no file may be outside it.
        sources: The text of each file, by its path within the root.
        force: Whether files that differ are to be replaced.

    Raises:
        ValueError: A path leads out of the root, or a file or folder is in its way.
    """
    return tuple(
        _change(_inside(root, name), text, force=force)
        for name, text in sources.items()
    )


def same_code(first: str, second: str) -> bool:
    """Compare two sources, but not their line ends, nor how many rows a sample had."""
    plain = [text.replace("\r\n", "\n") for text in (first, second)]
    one, other = (SAMPLE_SIZE.sub("", text) for text in plain)
    return one == other


def shown(path: Path, root: Path) -> str:
    """Return a path relative to the root, with slashes."""
    return path.relative_to(root.absolute()).as_posix()


def diff(changes: Iterable[Change], root: Path) -> str:
    """Return the changes of all files as one unified diff."""
    return "".join(_file_diff(change, root) for change in changes)


def write(changes: Iterable[Change]) -> None:
    """Write the files that are to be created, replaced or appended to: all or none.

    All new content is on disk before the first file is replaced. If an error or an
    interrupt ends the work early, every file and folder is put back as it was.

    Raises:
        OSError: A file cannot be written; no file was changed.
        ValueError: A file has changed since it was compared; no file was changed.
    """
    with ExitStack() as tidy, ExitStack() as undo:
        writing = [change for change in changes if change.status.writes]
        staged = [(change, *_stage(change, tidy)) for change in writing]
        for change, new, old in staged:
            with _naming(change.path):
                _replace(change, new, old, undo)
        undo.pop_all()


def _change(path: Path, text: str, *, force: bool) -> Change:
    after = text.encode()
    if not path.exists():
        return Change(path, Status.CREATE, None, after)
    before = path.read_bytes()
    if same_code(before.decode("latin-1"), after.decode("latin-1")):
        return Change(path, Status.IDENTICAL, before, after)
    return Change(path, Status.FORCE if force else Status.CONFLICT, before, after)


def _inside(root: Path, name: str) -> Path:
    """Return the absolute path of a file, if a file may be written there."""
    path = root.absolute() / name
    if not path.resolve().is_relative_to(root.resolve()) or ".." in Path(name).parts:
        raise ValueError(
            f"{literal(name)} is outside the project folder {literal(str(root))}."
        )
    if _exists(path) and not path.is_file():
        raise ValueError(f"{literal(name)} is not a file: move or rename it.")
    for parent in list(Path(name).parents)[:-1]:
        if _exists(root / parent) and not (root / parent).is_dir():
            blocking = literal(parent.as_posix())
            raise ValueError(f"{blocking} is not a folder: move or rename it.")
    return path


def _exists(path: Path) -> bool:
    # A link to a file that does not exist is in the way, too.
    return path.exists() or path.is_symlink()


def _file_diff(change: Change, root: Path) -> str:
    """Return the diff of one file, without lines that differ only in how they end."""
    if change.status in {Status.IDENTICAL, Status.SKIP}:
        return ""
    name = shown(change.path, root)
    old = "/dev/null" if change.before is None else f"a/{name}"
    before, after = _lines(change.before or b""), _lines(change.after)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(before, after, old, f"b/{name}")
    )


def _lines(content: bytes) -> list[str]:
    """Split at line feeds only, as diff tools do."""
    text = content.decode(errors="replace").replace("\r\n", "\n")
    return StringIO(text, newline="\n").readlines()


def _stage(change: Change, tidy: ExitStack) -> tuple[Path, Path]:
    """Write the new content, and a copy of the old, beside the file.

    After this, neither replacing the file nor putting it back needs space on the disk.
    """
    target = change.path.resolve()
    mark = secrets.token_hex(4)
    new, old = (
        target.with_name(f".{target.name}.{mark}.{end}") for end in ("new", "old")
    )
    with _naming(change.path):
        _make_folders(target.parent, tidy)
        for temporary in (new, old):
            tidy.callback(temporary.unlink, missing_ok=True)
        with new.open("xb") as file:
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
        if change.before is not None:
            shutil.copy2(target, old)
            shutil.copymode(target, new)
    return new, old


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let an error name the file itself instead of a copy beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _replace(change: Change, new: Path, old: Path, undo: ExitStack) -> None:
    """Replace a file by its staged content, unless somebody has changed the file."""
    target = change.path.resolve()
    if (target.read_bytes() if target.exists() else None) != change.before:
        raise ValueError(
            f"{literal(str(change.path))} was changed by somebody else just now, so "
            "nothing was written: run startimport again."
        )
    if change.before is None:
        undo.callback(target.unlink, missing_ok=True)
    else:
        undo.callback(old.replace, target)
    new.replace(target)


def _make_folders(folder: Path, tidy: ExitStack) -> None:
    """Make a folder and its parents, and have those removed that stay empty."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        tidy.callback(_remove_if_empty, path)
        path.mkdir()


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
