"""Step 1, import: a packed file is unpacked while it is read, up to a limit."""

import bz2
import gzip
import lzma
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from importkit.errors import SourceError, visible

# What a source may be when it is unpacked or downloaded: a small file may unpack to
# something without end.
MOST_BYTES = 4_000_000_000
STEP_BYTES = 1_000_000
SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zip")
DAMAGED: tuple[type[Exception], ...] = (
    EOFError,
    OSError,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
)
IS_ENCRYPTED = 0x1


class Readable(Protocol):
    """What can be read."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes; none at the end."""


def is_packed(path: Path) -> bool:
    """Say whether a file is packed, by the end of its name."""
    return path.suffix.lower() in SUFFIXES


@contextmanager
def unpacked(path: Path, file: BinaryIO) -> Iterator[Readable]:
    """Open what a file holds: of a packed one what it unpacks to, else the file itself.

    Args:
        path: Where it is; the end of its name says whether it is packed.
        file: The file, open.

    Raises:
        SourceError: It is damaged, holds several files, or more than the limit.
    """
    if not is_packed(path):
        yield file
        return
    with ExitStack() as stack:
        try:
            plain = stack.enter_context(closing(_opened(path, file)))
        except _errors() as error:
            raise _damaged(path, error) from error
        yield Limited(path, plain)


class Limited:
    """What a packed file unpacks to, as far as the limit goes."""

    def __init__(self, path: Path, file: Readable) -> None:
        """Count from nothing."""
        self._path = path
        self._file = file
        self._read = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes.

        Raises:
            SourceError: The file is damaged, or there are too many.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(STEP_BYTES), b""))
        try:
            data = self._file.read(size)
        except _errors() as error:
            raise _damaged(self._path, error) from error
        self._read += len(data)
        if self._read > MOST_BYTES:
            raise SourceError(
                f'"{self._path.name}" unpacks to more than {MOST_BYTES:,} bytes: if it '
                "is to be trusted, unpack it and import what it holds."
            )
        return data


def only_member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the one file of a zip archive.

    Raises:
        SourceError: There is none, there are several, or it has a password.
    """
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    if not members:
        raise SourceError(f'"{path.name}" is a zip archive without a file in it.')
    if len(members) > 1:
        names = ", ".join(f'"{visible(member.filename)}"' for member in members[:10])
        more = f" and {len(members) - 10:,} more" if len(members) > 10 else ""
        raise SourceError(
            f'"{path.name}" holds {len(members):,} files: {names}{more}. Unpack it, and '
            "import the one that you mean."
        )
    [member] = members
    if member.flag_bits & IS_ENCRYPTED:
        raise SourceError(f'"{path.name}" has a password: unpack it first.')
    return member


def _opened(path: Path, file: BinaryIO) -> Any:
    match path.suffix.lower():
        case ".gz":
            return gzip.GzipFile(fileobj=file)
        case ".bz2":
            return bz2.BZ2File(file)
        case ".xz":
            return lzma.LZMAFile(file)
        case ".zst":
            return _zstd(f'"{path.name}"').ZstdFile(file)
    archive = zipfile.ZipFile(file)
    try:
        return archive.open(only_member(path, archive))
    except NotImplementedError:
        raise SourceError(
            f'"{path.name}" is packed in a way that Python does not know: unpack it first.'
        ) from None


def _zstd(what: str) -> Any:
    """Return the module for zstd, which Python has from 3.14 on."""
    if sys.version_info >= (3, 14):
        return needed("compression.zstd", "zstd", what)
    return needed("backports.zstd", "zstd", what)


def _errors() -> tuple[type[Exception], ...]:
    """Return what is raised by a file that is damaged."""
    for name in ("compression.zstd", "backports.zstd"):
        if module := sys.modules.get(name):
            return (*DAMAGED, module.ZstdError)
    return DAMAGED


def _damaged(path: Path, error: Exception) -> SourceError:
    reason = str(error) or type(error).__name__
    return SourceError(
        f'"{path.name}" cannot be unpacked ({reason.rstrip(".")}): is it whole, and what '
        "its name says?"
    )


def needed(module: str, extra: str, what: str) -> Any:
    """Import a module of an optional package.

    Args:
        module: Its name.
        extra: The extra of this project that installs it.
        what: What cannot be read without it.

    Raises:
        SourceError: It is not installed; says how to install it.
    """
    try:
        return import_module(module)
    except ImportError:
        raise SourceError(
            f'{what} cannot be read without the extra "{extra}": install it with '
            f"uv sync --extra {extra}."
        ) from None


def check_readable(path: Path) -> None:
    """Refuse a file that is missing, a folder, or unreadable.

    Raises:
        SourceError: It is.
    """
    with opened(path):
        pass


@contextmanager
def opened(path: Path) -> Iterator[Readable]:
    """Open a file, and unpack it on the way if it is packed.

    Raises:
        SourceError: It is missing, a folder, unreadable or damaged.
    """
    if path.is_char_device() or path.is_block_device():
        raise SourceError(f'"{path}" is a device, not a file.')
    try:
        with path.open("rb") as file, unpacked(path, file) as plain:
            yield plain
    except FileNotFoundError:
        raise SourceError(f'There is no file "{path}".') from None
    except IsADirectoryError:
        raise SourceError(f'"{path}" is a folder, not a file.') from None
    except OSError as error:
        raise SourceError(f'"{path}" cannot be read: {error.strerror}.') from error
