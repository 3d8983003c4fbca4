"""Step 1, import: a file is opened, and unpacked while it is read if it is packed."""

import bz2
import gzip
import lzma
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

from importkit.display_names import (
    display_name,
    shown,
    shown_name,
    with_shown_paths,
)
from importkit.errors import SourceError, did_you_mean, visible

# The limit, in bytes, of what a file unpacks to and of what is downloaded: a small file
# can unpack to terabytes, and a server can send without end.
MOST_BYTES = 4_000_000_000
STEP_BYTES = 1_000_000  # How much is read at a time where all of a file is read.
SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zip")
# What unpacking raises if a file is damaged; zstd has an error of its own.
DAMAGED: tuple[type[Exception], ...] = (
    EOFError,
    OSError,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
)
# Python has zstd from 3.14 on; before that it comes with the extra "zstd".
ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
IS_ENCRYPTED = 0x1  # The bit of a zip member that has a password.
# Files that macOS and Windows leave in folders: hidden ones, thumbnails, settings.
BY_PRODUCT = re.compile(
    r"(^|/)(__MACOSX/|\.[^./]|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE
)
MOST_NAMES = 1_000  # How many files of a folder are looked at.
SCHEMES = ("http:", "https:", "s3:")  # The first part of a Path that was an address.
NAMES = 10  # How many members of a zip archive a message names.


class Stamp(NamedTuple):
    """By what a file is known to be the same, unchanged file.

    Attributes:
        size: Its bytes.
        changed: When its content was last changed, in nanoseconds.
        inode: The number of the file itself: another file of this name has another one.
    """

    size: int
    changed: int
    inode: int


class Readable(Protocol):
    """A file that can be read from its beginning to its end."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most ``size`` of them; none at the end."""


@contextmanager
def opened(path: Path) -> Iterator[Readable]:
    """Open a file; a packed file is unpacked while it is read.

    Raises:
        SourceError: The file is missing, a folder, unreadable or damaged; or it is a zip
            archive of several files; or it unpacks to more than ``MOST_BYTES``.
    """
    if path.is_char_device() or path.is_block_device():
        raise SourceError(f'"{shown(path)}" is a device, not a file.')
    if path.is_fifo() or path.is_socket():
        raise SourceError(f'"{shown(path)}" is a pipe, which can be read only once.')
    try:
        with path.open("rb") as file, _unpacked(path, file) as plain:
            yield plain
    except FileNotFoundError:
        raise SourceError(_missing(path)) from None
    except IsADirectoryError:
        names = _names_in(path)
        example = f': name a file in it, such as "{visible(names[0])}"' if names else ""
        raise SourceError(
            f'"{shown(path)}" is a folder, not a file{example}.'
        ) from None
    except OSError as error:
        raise SourceError(
            f'"{shown(path)}" cannot be read: {error.strerror}.'
        ) from error


def _missing(path: Path) -> str:
    """Return that there is no such file, with what may be meant."""
    if path.parts[0] in SCHEMES:
        return (
            f'"{path}" was an address before a Path was made of it: declare the option '
            "without type=Path, and read it with scan_source."
        )
    if name := display_name(path):
        return f'There is no file "{name}".'  # Nobody knows the folder of such a file.
    if not path.parent.exists():
        return f'There is no file "{path}": there is no folder "{path.parent}" either.'
    return (
        f'There is no file "{path}"{did_you_mean(path.name, _names_in(path.parent))}.'
    )


def _names_in(folder: Path) -> list[str]:
    """Return the names of the files in a folder, sorted, of not too many."""
    try:
        entries = [*islice(folder.iterdir(), MOST_NAMES)]
        return sorted(each.name for each in entries if each.is_file())
    except OSError:
        return []


def check_readable(path: Path) -> None:
    """Refuse a file that cannot be opened.

    Raises:
        SourceError: As ``opened`` does.
    """
    with opened(path):
        pass


def stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of a file; None if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def refuse_change(path: Path, before: Stamp | None) -> None:
    """Refuse a file that is not as it was before it was read for the first time.

    A file is opened several times: for its header, its rows, its rejects. What was read
    is of one state only if nothing has changed until the end.

    Args:
        path: The file.
        before: Its stamp before it was read; None if it is not known.

    Raises:
        SourceError: The file has changed, was replaced, or is gone.
    """
    now = stamp_of(path)
    if before is None or now == before:
        return
    if now is None:
        what = "it was removed"
    elif now.inode != before.inode:
        what = "another file has its name now"
    elif now.size != before.size:
        what = f"it had {before.size:,} bytes, and has {now.size:,} now"
    else:
        what = "something was written to it"
    raise SourceError(
        f'"{visible(shown_name(path))}" has changed while it was read: {what}. Wait until the '
        "file is complete, and run the command again."
    )


def is_packed(path: Path) -> bool:
    """Return whether a file is packed, by the end of its name."""
    return path.suffix.lower() in SUFFIXES


def needed(module: str, package: str, what: str) -> Any:
    """Import a module of an optional package.

    Args:
        module: The name of the module.
        package: The name by which the package is installed.
        what: The source that cannot be read without it, for the message.

    Raises:
        SourceError: The package is not installed; the message says how to install it.
    """
    try:
        return import_module(module)
    except ImportError:
        raise SourceError(
            f'{what} cannot be read without the package "{package}": install it '
            f"(uv add {package}, or pip install {package})."
        ) from None


@contextmanager
def _unpacked(path: Path, file: BinaryIO) -> Iterator[Readable]:
    if not is_packed(path):
        yield file
        return
    errors = _errors()
    with ExitStack() as stack:
        try:
            plain = stack.enter_context(closing(_unpacker(path, file)))
        except errors as error:
            raise _damaged(path, error) from error
        yield _Limited(path, plain, errors)


def _errors() -> tuple[type[Exception], ...]:
    """Return what unpacking raises if a file is damaged."""
    # A zip archive can be packed with zstd, too.
    try:
        return (*DAMAGED, import_module(ZSTD).ZstdError)
    except ImportError:
        return DAMAGED


def _unpacker(path: Path, file: BinaryIO) -> Any:
    match path.suffix.lower():
        case ".gz":
            return gzip.GzipFile(fileobj=file)
        case ".bz2":
            return bz2.BZ2File(file)
        case ".xz":
            return lzma.LZMAFile(file)
        case ".zst":
            return needed(ZSTD, ZSTD, f'"{shown_name(path)}"').ZstdFile(file)
    archive = zipfile.ZipFile(file)
    try:
        return archive.open(_only_member(path, archive))
    except NotImplementedError:
        raise SourceError(
            f'"{shown_name(path)}" is packed in a way that Python does not know: unpack it first.'
        ) from None


def _only_member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        member
        for member in archive.infolist()
        if not (member.is_dir() or BY_PRODUCT.search(member.filename))
    ]
    if not members:
        raise SourceError(
            f'"{shown_name(path)}" is a zip archive without a file in it.'
        )
    if len(members) > 1:
        names = ", ".join(f'"{visible(member.filename)}"' for member in members[:NAMES])
        left = len(members) - NAMES
        more = f" and {left:,} more" if left > 0 else ""
        raise SourceError(
            f'"{shown_name(path)}" holds {len(members):,} files: {names}{more}. Unpack it, and '
            "import the one that you mean."
        )
    [member] = members
    if member.flag_bits & IS_ENCRYPTED:
        raise SourceError(f'"{shown_name(path)}" has a password: unpack it first.')
    return member


class _Limited:
    """The content of a packed file, up to ``MOST_BYTES``."""

    def __init__(
        self, path: Path, file: Readable, errors: tuple[type[Exception], ...]
    ) -> None:
        self._path = path
        self._file = file
        self._errors = errors
        self._size = 0

    def read(self, size: int = -1, /) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(STEP_BYTES), b""))
        try:
            data = self._file.read(size)
        except self._errors as error:
            raise _damaged(self._path, error) from error
        self._size += len(data)
        if self._size > MOST_BYTES:
            raise SourceError(
                f'"{shown_name(self._path)}" unpacks to more than {MOST_BYTES:,} bytes. If you '
                "trust it, unpack it, and import the file that it holds."
            )
        return data


def _damaged(path: Path, error: Exception) -> SourceError:
    reason = with_shown_paths(str(error)) or type(error).__name__
    return SourceError(
        f'"{shown_name(path)}" cannot be unpacked ({reason.rstrip(".")}): check that the file is '
        "complete, and that its name ends as its kind requires."
    )
