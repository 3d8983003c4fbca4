"""Files are created, found identical, in conflict or replaced; all or nothing."""

import os
import re
import shutil
import stat
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from io import IOBase
from itertools import count, product
from pathlib import Path

import pytest

from generators.writing.files import (
    Change,
    compare,
    diff,
    write,
)

type Tree = dict[str, tuple[str, bytes, int]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def tree(folder: Path) -> Tree:
    """Return all that lies in a folder: kind, content and mode by path."""
    return {
        path.relative_to(folder).as_posix(): (
            "link" if path.is_symlink() else "folder" if path.is_dir() else "file",
            b"" if path.is_dir() else path.read_bytes(),
            stat.S_IMODE(path.lstat().st_mode),
        )
        for path in sorted(folder.rglob("*"))
    }


def statuses(changes: tuple[Change, ...]) -> list[str]:
    return [change.status.value for change in changes]


def test_a_new_file_is_created_with_its_folders(root: Path) -> None:
    write(compare(root, {"shop/cleaning/products.py": "é = 1\n"}))

    assert (root / "shop/cleaning/products.py").read_bytes() == "é = 1\n".encode()
    assert list(tree(root)) == ["shop", "shop/cleaning", "shop/cleaning/products.py"]


def test_a_new_file_has_the_mode_of_any_new_file(root: Path) -> None:
    (root / "ordinary.py").touch()

    write(compare(root, {"new.py": ""}))

    assert (root / "new.py").stat().st_mode == (root / "ordinary.py").stat().st_mode


def test_a_second_run_is_identical_and_touches_nothing(root: Path) -> None:
    write(compare(root, {"a.py": "1\n"}))
    before = (root / "a.py").stat()

    changes = compare(root, {"a.py": "1\n"}, force=True)
    write(changes)

    after = (root / "a.py").stat()
    assert statuses(changes) == ["identical"]
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_file_with_other_line_ends_is_identical(root: Path) -> None:
    (root / "a.py").write_bytes(b"1\r\n2\r\n")

    changes = compare(root, {"a.py": "1\n2\n"}, force=True)
    write(changes)

    assert statuses(changes) == ["identical"]
    assert (root / "a.py").read_bytes() == b"1\r\n2\r\n"


def test_a_file_that_differs_is_a_conflict_and_is_kept(root: Path) -> None:
    (root / "a.py").write_text("mine\n")

    changes = compare(root, {"a.py": "theirs\n"})
    write(changes)

    assert statuses(changes) == ["conflict"]
    assert (root / "a.py").read_text() == "mine\n"


def test_force_replaces_a_file_and_keeps_its_mode(root: Path) -> None:
    (root / "a.py").write_text("mine\n")
    (root / "a.py").chmod(0o740)

    changes = compare(root, {"a.py": "theirs\n"}, force=True)
    write(changes)

    assert statuses(changes) == ["force"]
    assert tree(root) == {"a.py": ("file", b"theirs\n", 0o740)}


def test_a_link_within_the_root_is_written_through(root: Path) -> None:
    (root / "real.py").write_text("old\n")
    (root / "link.py").symlink_to("real.py")

    write(compare(root, {"link.py": "new\n"}, force=True))

    assert (root / "link.py").is_symlink()
    assert (root / "real.py").read_text() == "new\n"


def test_a_diff_shows_what_would_change_by_relative_path(root: Path) -> None:
    (root / "changed.py").write_bytes(b"a\r\nb\r\nc")
    (root / "same.py").write_text("same\n")

    changes = compare(
        root,
        {"shop/new.py": "1\n", "changed.py": "a\nB\nc\n", "same.py": "same\n"},
    )

    assert diff(changes, root) == (
        "--- /dev/null\n"
        "+++ b/shop/new.py\n"
        "@@ -0,0 +1 @@\n"
        "+1\n"
        "--- a/changed.py\n"
        "+++ b/changed.py\n"
        "@@ -1,3 +1,3 @@\n"
        " a\n"
        "-b\n"
        "-c\n"
        "\\ No newline at end of file\n"
        "+B\n"
        "+c\n"
    )


def outside_link(root: Path) -> str:
    (root / "link").symlink_to(root.parent, target_is_directory=True)
    return "link/a.py"


def outside_file_link(root: Path) -> str:
    (root.parent / "other.py").touch()
    (root / "a.py").symlink_to(root.parent / "other.py")
    return "a.py"


def folder_in_the_way(root: Path) -> str:
    (root / "a.py").mkdir()
    return "a.py"


def file_in_the_way(root: Path) -> str:
    (root / "shop").touch()
    return "shop/cleaning/a.py"


def broken_link(root: Path) -> str:
    (root / "a.py").symlink_to("nowhere.py")
    return "a.py"


def broken_folder_link(root: Path) -> str:
    (root / "shop").symlink_to("nowhere")
    return "shop/a.py"


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (outside_link, '"link/a.py" is outside the project folder '),
        (outside_file_link, '"a.py" is outside the project folder '),
        (lambda root: "../a.py", '"../a.py" is outside the project folder '),
        (lambda root: "shop/../a.py", '"shop/../a.py" is outside the project folder '),
        (lambda root: "/etc/a.py", '"/etc/a.py" is outside the project folder '),
        (folder_in_the_way, '"a.py" is not a file: move or rename it.'),
        (broken_link, '"a.py" is not a file: move or rename it.'),
        (file_in_the_way, '"shop" is not a folder: move or rename it.'),
        (broken_folder_link, '"shop" is not a folder: move or rename it.'),
    ],
)
def test_a_path_that_leaves_the_root_or_is_blocked_is_refused(
    root: Path, prepare: Callable[[Path], str], message: str
) -> None:
    name = prepare(root)

    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        compare(root, {name: "1\n"}, force=True)


def test_a_file_that_changed_after_it_was_compared_is_not_overwritten(
    root: Path,
) -> None:
    (root / "a.py").write_text("old\n")
    changes = compare(root, {"new.py": "1\n", "a.py": "new\n"}, force=True)
    (root / "a.py").write_text("edited meanwhile\n")

    with pytest.raises(
        ValueError, match="was changed by somebody else just now, so nothing was"
    ):
        write(changes)

    assert list(tree(root)) == ["a.py"]
    assert (root / "a.py").read_text() == "edited meanwhile\n"


@dataclass(frozen=True)
class Fault:
    """One call by which files are written fails, before or after doing its work."""

    owner: object
    name: str
    turn: int
    late: bool
    error: BaseException

    def __str__(self) -> str:
        when = "after" if self.late else "before"
        return f"{when}-{self.name}-{self.turn}-{type(self.error).__name__}"

    def failing(self) -> Callable[..., object]:
        """Return the function that fails once."""
        function = getattr(self.owner, self.name)
        turns = count(1)

        def call(*args: object, **kwargs: object) -> object:
            if next(turns) != self.turn:
                return function(*args, **kwargs)
            with ExitStack() as opened:
                if self.late and isinstance(done := function(*args, **kwargs), IOBase):
                    opened.enter_context(done)
            raise self.error

        return call


FAULTS = [
    Fault(owner, name, turn, late, error)
    for (owner, name), turn, late, error in product(
        [
            *((Path, "mkdir"), (Path, "open"), (Path, "replace"), (os, "fsync")),
            *((shutil, "copy2"), (shutil, "copymode")),
        ],
        [1, 2],
        [False, True],
        [KeyboardInterrupt(), OSError(28, "No space left on device")],
    )
]


@pytest.mark.parametrize("fault", FAULTS, ids=Fault.__str__)
def test_a_write_that_is_killed_anywhere_leaves_the_tree_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    for name in ("a.py", "b.py"):
        (root / name).write_text("old\n")
    names = ("x/y/new.py", "a.py", "b.py", "z/new.py")
    changes = compare(root, dict.fromkeys(names, "new\n"), force=True)
    before = tree(root)
    monkeypatch.setattr(fault.owner, fault.name, fault.failing())

    with pytest.raises(type(fault.error)):
        write(changes)

    monkeypatch.undo()
    assert tree(root) == before


def test_a_folder_that_takes_no_files_leaves_the_tree_as_it_was(root: Path) -> None:
    (root / "blocked").mkdir()
    changes = compare(root, {"a/new.py": "1\n", "blocked/new.py": "1\n"})
    (root / "blocked").rmdir()
    (root / "blocked").touch()
    before = tree(root)

    with pytest.raises(OSError, match="blocked"):
        write(changes)

    assert tree(root) == before
