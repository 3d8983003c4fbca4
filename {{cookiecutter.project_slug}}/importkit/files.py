"""Step 1, import: the bytes of a file, as UTF-8 and piece by piece."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from importkit.errors import SourceError

UTF_8 = {"utf-8", "utf8", "utf-8-sig"}


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that is there and not empty.

    Raises:
        SourceError: It is missing, a folder, unreadable or empty.
    """
    with _opened(path) as file:
        data = file.read()
    if not data.strip():
        raise SourceError(f'"{path.name}" is empty.')
    return data


def utf_8_chunks(path: Path, encoding: str, size: int) -> Iterator[bytes]:
    """Yield the content of a file as UTF-8 without a BOM; UTF-8 itself is not checked.

    Args:
        path: The file.
        encoding: A codec of Python's.
        size: How many bytes of the file to read at a time.

    Raises:
        SourceError: The file cannot be read, or is not of this encoding.
    """
    with _opened(path) as file:
        chunks = iter(lambda: file.read(size), b"")
        if encoding.lower().replace("_", "-") in UTF_8:
            yield next(chunks, b"").removeprefix(codecs.BOM_UTF8)
            yield from chunks
            return
        texts = _decoded(path, chunks, encoding)
        yield next(texts, "").removeprefix("\ufeff").encode()
        yield from (text.encode() for text in texts)


def decode(path: Path, data: bytes, encoding: str, line: int = 1) -> str:
    """Return the text of a file, or of a part that starts on a line, without its BOM.

    Raises:
        SourceError: The bytes are not of this encoding; names the first bad line.
    """
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise _unknown(encoding) from None
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding, line, error) from None


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path.is_char_device() or path.is_block_device():
        raise SourceError(f'"{path}" is a device, not a file.')
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise SourceError(f'There is no file "{path}".') from None
    except IsADirectoryError:
        raise SourceError(f'"{path}" is a folder, not a file.') from None
    except OSError as error:
        raise SourceError(f'"{path}" cannot be read: {error.strerror}.') from error


def _decoded(path: Path, chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        raise _unknown(encoding) from None
    line = 1
    try:
        for chunk in chunks:
            text = decoder.decode(chunk)
            yield text
            line += text.count("\n")
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding, line, error) from None


def _unknown(encoding: str) -> SourceError:
    return SourceError(f'Python knows no encoding "{encoding}".')


def _undecodable(
    path: Path, encoding: str, line: int, error: UnicodeDecodeError
) -> SourceError:
    line += error.object[: error.start].decode(encoding, "replace").count("\n")
    return SourceError(
        f'"{path.name}" is not {encoding}: line {line} holds the byte '
        f"0x{error.object[error.start]:02x}. Name the encoding that the file has in the "
        'Dialect, for example encoding="cp1252".'
    )
