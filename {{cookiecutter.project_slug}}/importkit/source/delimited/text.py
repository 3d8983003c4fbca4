"""Step 1, import: the bytes of a file, as UTF-8 and piece by piece."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from importkit.errors import SourceError
from importkit.source.opening import opened

UTF_8 = {"utf-8", "utf8", "utf-8-sig"}
TELLING_BYTES = 16_000_000
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
# Of these a broken unit may hold half of a line end: there is no going on behind it.
WIDE = ("utf-16", "utf-32")

UNPACK = "Unpack it first."
SCAN = "read it with scan_source in handle_import."
ZIPPED = f"Name it as what it is, and {SCAN}"
SAVE = "Open it in the program that it is of, and save it as CSV."
NO_TEXT = (
    (rb"PK(\x03\x04|\x05\x06)", "a workbook (.xlsx, .ods) or a zip archive", ZIPPED),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook (.xls)", SAVE),
    (rb"%PDF-", "a PDF", "Ask for the data as CSV."),
    (rb"PAR1\x15", "a Parquet file", f"Name it .parquet, and {SCAN}"),
    (rb"\x1f\x8b", "packed with gzip", UNPACK),
    (rb"\x28\xb5\x2f\xfd", "packed with zstd", UNPACK),
    (rb"\xfd7zXZ\x00", "packed with xz", UNPACK),
    (rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", "packed with bzip2", UNPACK),
)


def read_telling(path: Path) -> bytes:
    """Return what tells the encoding of a file that is there and not empty.

    That is its head, whole lines of it if it goes on, and of the lines behind those that
    are not ASCII: first of all what is no UTF-8. It is bounded, the file is not.

    Raises:
        SourceError: It is missing, a folder, unreadable, empty or no text at all.
    """
    with opened(path) as file:
        data = file.read(TELLING_BYTES)
        _refuse_what_is_no_text(path, data)
        if len(data) < TELLING_BYTES or b"\0" in data or data.startswith(WIDE_MARKS):
            rest = b""
        else:
            data, begun = _cut(data)
            rest = b"".join(_not_ascii(begun, lambda: file.read(TELLING_BYTES)))
    if not data.strip():
        raise SourceError(f'"{path.name}" is empty.')
    return data + rest


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """Cut what is read behind its last whole line."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    return data[:end], data[end:]


def _not_ascii(begun: bytes, read: Callable[[], bytes]) -> Iterator[bytes]:
    """Yield lines that are not ASCII: some that are UTF-8, and more that are not."""
    left = {True: TELLING_BYTES // 16, False: TELLING_BYTES}
    while (chunk := read()) and left[False]:
        lines, begun = _cut(begun + chunk)
        if lines.isascii():
            continue
        is_utf_8 = _is_utf_8_text(lines)
        odd = [line for line in lines.splitlines(keepends=True) if not line.isascii()]
        kept = b"".join(odd)[: left[is_utf_8]]
        left[is_utf_8] -= len(kept)
        yield _cut(kept)[0]
    if not begun.isascii():
        yield begun


def _is_utf_8_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def utf_8_chunks(path: Path, encoding: str, size: int) -> Iterator[bytes]:
    """Yield the content of a file as UTF-8 without a BOM; UTF-8 itself is not checked.

    A byte that is not of another encoding is there as a lone surrogate.

    Args:
        path: The file.
        encoding: A codec of Python's.
        size: How many bytes of the file to read at a time.

    Raises:
        SourceError: The file cannot be read, is no text at all, or holds what its
            encoding has no bytes for.
    """
    with opened(path) as file:
        chunks = iter(lambda: file.read(size), b"")
        first = next(chunks, b"")
        _refuse_what_is_no_text(path, first)
        if _is_utf_8(encoding):
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from chunks
            return
        texts = _decoded(path, chain([first], chunks), encoding)
        yield next(texts, "").removeprefix("\ufeff").encode(errors="surrogatepass")
        yield from (text.encode(errors="surrogatepass") for text in texts)


def texts_of(lines: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Yield the texts of lines of what ``utf_8_chunks`` yields.

    A byte that is not of the encoding of the file stands there as a lone surrogate. To
    write it again, encode with ``surrogateescape``.
    """
    errors = "surrogateescape" if _is_utf_8(encoding) else "surrogatepass"
    return (line.decode(errors=errors) for line in lines)


def broken_in(text: str) -> str | None:
    """Say what in one of ``texts_of`` is not of the encoding, if something is."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        byte = ord(text[error.start]) - 0xDC00
        return f"the byte 0x{byte:02x}" if 0x80 <= byte <= 0xFF else "half a character"
    return None


def decoded_head(path: Path, data: bytes, encoding: str) -> str:
    """Return the text of the head of a file, without its BOM.

    Raises:
        SourceError: The bytes are not of this encoding; names the first bad line.
    """
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        return decoder.decode(data).removeprefix("\ufeff")
    except LookupError:
        raise _unknown(encoding) from None
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding, 1, error) from None


def not_of_encoding(path: Path, encoding: str, line: int, what: str) -> SourceError:
    """Return the error for a file, or its header, that is of another encoding."""
    return SourceError(
        f'"{path.name}" is not {encoding}: line {line} holds {what}. Name the encoding '
        'that the file has in the Dialect, for example encoding="cp1252".'
    )


def _decoded(path: Path, chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    try:
        is_wide = codecs.lookup(encoding).name.startswith(WIDE)
        errors = "strict" if is_wide else "surrogateescape"
        decoder = codecs.getincrementaldecoder(encoding)(errors)
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
    what = f"the byte 0x{error.object[error.start]:02x}"
    return not_of_encoding(path, encoding, line, what)


def _is_utf_8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in UTF_8


def _refuse_what_is_no_text(path: Path, data: bytes) -> None:
    for start, kind, remedy in NO_TEXT:
        if re.match(start, data):
            raise SourceError(f'"{path.name}" is {kind}, and no text file. {remedy}')
