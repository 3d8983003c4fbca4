"""Step 1, import: the bytes of a file become UTF-8, piece by piece.

A byte that is not of the encoding of the file is kept: it becomes a problem of its row,
and stands in rejects as it was. In text such a byte is a lone surrogate, U+DC80 to
U+DCFF, as Python's error handler "surrogateescape" makes it.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from importkit.display_names import shown_name
from importkit.errors import SourceError, visible
from importkit.source.delimited.encoding_check import checked
from importkit.source.formats import signature_of
from importkit.source.opening import opened

UTF_8 = {"utf-8", "utf8", "utf-8-sig"}
# Codecs of Python that write text as ASCII for names of hosts and for source code, or that
# exist to fail: no program writes a table in one of them.
NOT_OF_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
_ENCODINGS = "Name the encoding of the file, such as utf-8, utf-16, cp1252 or latin-1."
# How many bytes of a file are kept to find its encoding, and as many of lines further
# down: enough for any table by which a person would judge, and little memory.
ENCODING_SAMPLE_BYTES = 16_000_000
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
# Encodings of two or four bytes a character. A broken character may hold half of a line
# end, so that reading cannot go on with the next line.
WIDE = ("utf-16", "utf-32")


def encoding_sample(path: Path) -> bytes:
    """Return the parts of a file by which its encoding can be told.

    These are its first ``ENCODING_SAMPLE_BYTES``, up to the end of a line, and lines further down
    that are not ASCII: as many bytes of lines that are not UTF-8, and a sixteenth as many
    of lines that are. The whole file is read, and memory is bounded.

    Raises:
        SourceError: The file is missing, a folder, unreadable, empty or not text.
    """
    with opened(path) as file:
        data = file.read(ENCODING_SAMPLE_BYTES)
        _refuse_if_not_delimited(path, data)
        if (
            len(data) < ENCODING_SAMPLE_BYTES
            or b"\0" in data
            or data.startswith(WIDE_MARKS)
        ):
            rest = b""
        else:
            data, begun = _cut(data)
            rest = b"".join(_not_ascii(begun, lambda: file.read(ENCODING_SAMPLE_BYTES)))
    if not data.strip():
        raise SourceError(f'"{shown_name(path)}" is empty.')
    return data + rest


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """Return the whole lines, and the line that has only begun."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    return data[:end], data[end:]


def _not_ascii(begun: bytes, read: Callable[[], bytes]) -> Iterator[bytes]:
    left = {
        True: ENCODING_SAMPLE_BYTES // 16,
        False: ENCODING_SAMPLE_BYTES,
    }  # By whether it is UTF-8.
    while (chunk := read()) and left[False]:
        lines, begun = _cut(begun + chunk)
        if lines.isascii():
            continue
        is_utf_8 = _is_utf_8_text(lines)
        found = [line for line in lines.splitlines(keepends=True) if not line.isascii()]
        kept = b"".join(found)[: left[is_utf_8]]
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
    """Yield the content of a file as UTF-8 without a BOM.

    A file in UTF-8 is passed on as it is, and not checked. In any other encoding of one
    byte a character, a byte that the encoding does not have becomes a lone surrogate.

    Args:
        path: The file, plain or packed.
        encoding: A codec of Python's.
        size: How many bytes of the file to read at a time.

    Raises:
        SourceError: The file cannot be read or is not text, or the encoding is unknown,
            or it is UTF-16 or UTF-32 and a character is broken, or the file is UTF-8 and
            the encoding another.
    """
    with opened(path) as file:
        chunks: Iterator[bytes] = iter(lambda: file.read(size), b"")
        first = next(chunks, b"")
        _refuse_if_not_delimited(path, first)
        if _is_utf_8(encoding):
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from chunks
            return
        chunks = chain([first], chunks)
        if not _is_wide(encoding):
            chunks = checked(path, encoding, chunks)
        texts = _decoded(path, chunks, encoding)
        yield next(texts, "").removeprefix("\ufeff").encode(errors="surrogatepass")
        yield from (text.encode(errors="surrogatepass") for text in texts)


def texts_of(lines: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Decode lines of ``utf_8_chunks``.

    A byte that is not of the encoding becomes, or stays, a lone surrogate. To write it
    again, encode with ``surrogateescape``.

    Args:
        lines: Whole lines.
        encoding: The encoding of the file.
    """
    errors = "surrogateescape" if _is_utf_8(encoding) else "surrogatepass"
    return (line.decode(errors=errors) for line in lines)


def broken_in(text: str) -> str | None:
    """Name the first byte of a text of ``texts_of`` that is not of the encoding.

    Returns:
        Words for a message; None where all of the text is of the encoding.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        byte = ord(text[error.start]) - 0xDC00
        return f"the byte 0x{byte:02x}" if 0x80 <= byte <= 0xFF else "half a character"
    return None


def decoded_head(path: Path, data: bytes, encoding: str) -> str:
    """Decode the head of a file, without its BOM; a character may be cut at the end.

    Raises:
        SourceError: The bytes are not of this encoding; the message names the line.
    """
    try:
        decoder = text_codec(encoding).incrementaldecoder()
        return decoder.decode(data).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding, 1, error) from None


def not_of_encoding(path: Path, encoding: str, line: int, what: str) -> SourceError:
    """Return the error for a file that is of another encoding than its dialect says."""
    return SourceError(
        f'"{shown_name(path)}" is not {encoding}: line {line} holds {what}. Name the encoding '
        'that the file has in the Dialect, for example encoding="cp1252".'
    )


def _decoded(path: Path, chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    errors = "strict" if _is_wide(encoding) else "surrogateescape"
    decoder = text_codec(encoding).incrementaldecoder(errors)
    line = 1
    try:
        for chunk in chunks:
            text = decoder.decode(chunk)
            yield text
            line += text.count("\n")
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding, line, error) from None


def text_codec(encoding: str) -> codecs.CodecInfo:
    """Return the codec of an encoding in which files of text are written.

    Raises:
        SourceError: Python has no such codec, or the codec is for something else: "rot13"
            exchanges letters, "zlib" packs bytes.
    """
    try:
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError):  # ValueError: the name holds a NUL.
        raise SourceError(
            f'Python knows no encoding "{visible(encoding)}". {_ENCODINGS}'
        ) from None
    is_text = getattr(codec, "_is_text_encoding", True)
    if not is_text or codec.name in NOT_OF_FILES or codec.incrementaldecoder is None:
        raise SourceError(
            f'"{visible(encoding)}" is a codec of Python, but not an encoding of files. '
            f"{_ENCODINGS}"
        )
    return codec


def _undecodable(
    path: Path, encoding: str, line: int, error: UnicodeDecodeError
) -> SourceError:
    line += error.object[: error.start].decode(encoding, "replace").count("\n")
    what = f"the byte 0x{error.object[error.start]:02x}"
    return not_of_encoding(path, encoding, line, what)


def _is_wide(encoding: str) -> bool:
    return text_codec(encoding).name.startswith(WIDE)


def _is_utf_8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in UTF_8


def _refuse_if_not_delimited(path: Path, head: bytes) -> None:
    if found := signature_of(head):
        raise SourceError(
            f'"{shown_name(path)}" is {found.kind}, not delimited text. '
            f"{found.remedy_for(path)}"
        )
