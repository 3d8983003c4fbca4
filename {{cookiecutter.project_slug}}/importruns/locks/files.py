"""Locks of one machine: files that the system unlocks when their process ends."""

import os
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from platform import node

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Windows keeps others from reading what is locked: a byte behind the text.
BYTE = 1 << 30

# The open file of each lock that this process holds.
_held: dict[Path, int] = {}


class LockFiles:
    """Locks of the programs that use one database file.

    They lie beside the file, as its journals do: who reaches one reaches the others.
    """

    def __init__(self, database: str) -> None:
        """Take the path of the database file."""
        self._folder = Path(f"{database}-locks")

    def take(self, name: str) -> bool:
        """Take a lock, unless another program, or another thread, holds it."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Python opens files so that no program that is started keeps them open.
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not (_lock(file) and _is_file_of(path, file)):
            os.close(file)
            return False
        _held[path] = file
        with suppress(OSError):  # The lock holds on a full disk, too.
            os.ftruncate(file, 0)
            os.write(file, f"process {os.getpid()} on {node()}".encode())
        return True

    def release(self, name: str) -> None:
        """Let go of a lock and delete its file."""
        path = self._path(name)
        file = _held.pop(path)
        # While it is locked: who has opened it meanwhile sees that it is gone.
        with suppress(OSError):
            path.unlink()
        _unlock(file)
        os.close(file)

    def is_free(self, name: str) -> bool:
        """Return whether no program holds a lock."""
        try:
            file = os.open(self._path(name), os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            return _lock(file)
        finally:
            os.close(file)

    def holder(self, name: str) -> str:
        """Return the process that holds a lock."""
        with suppress(OSError):
            if not self.is_free(name):
                return self._path(name).read_text(encoding="utf-8", errors="replace")
        return ""

    def _path(self, name: str) -> Path:
        # Names of tables may be too long for a file, or have a slash.
        return self._folder / sha256(name.encode()).hexdigest()[:32]


def _lock(file: int) -> bool:
    if sys.platform == "win32":
        os.lseek(file, BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unlock(file: int) -> None:
    # On Windows it is closing that does it.
    if sys.platform != "win32":
        # Not by closing alone: a process that was forked may have the file open, too.
        fcntl.flock(file, fcntl.LOCK_UN)


def _is_file_of(path: Path, file: int) -> bool:
    """Return whether an open file is the one of a path, and not one deleted since."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _forget() -> None:
    """Close the files in a process that was just forked: its parent holds the locks."""
    for file in _held.values():
        os.close(file)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
