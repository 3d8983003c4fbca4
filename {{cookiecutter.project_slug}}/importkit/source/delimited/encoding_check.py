"""Step 1, import: a file in UTF-8 whose Dialect names another encoding is noticed.

Any bytes can be read in an encoding of single bytes: "\\u00f6" in UTF-8 becomes
"\\u00c3\\u00b6" in cp1252, without an error. The reverse cannot happen: other bytes are no UTF-8.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from importkit.display_names import shown_name
from importkit.errors import SourceError

# A character of UTF-8 of two bytes or more.
CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# The beginning of a character that the end of a chunk has cut.
CUT = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")
BEYOND = re.compile(rb"[\x80-\xff]")
# The share of bytes beyond ASCII that are characters of UTF-8 in a file that is UTF-8
# with a few broken ones. In another encoding hardly any are.
MIN_SHARE = 0.9
# A letter before a quote or a sign can look like one character of UTF-8 ("\u00df\u2026"), and
# weighs 1. A character of three bytes, or the letters of western Europe, of which the
# first byte is then a capital A with an accent before a sign, or characters in a row,
# weigh as much as is needed.
NEEDED = 4
WESTERN = (b"\xc2", b"\xc3")


def checked(path: Path, encoding: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the chunks of a file as they are, unless they are in UTF-8.

    Chunks of ASCII are passed on at once. The others are looked at until they have
    proved to be of another encoding than UTF-8.

    Args:
        path: The file, for messages.
        encoding: The encoding of its dialect, which is another than UTF-8.
        chunks: Its bytes.

    Raises:
        SourceError: The file is in UTF-8.
    """
    weight, line = 0, 1
    for chunk in chunks:
        if not chunk.isascii():
            whole = CUT.sub(b"", chunk)
            found = list(CHARACTER.finditer(whole))
            beyond = len(BEYOND.findall(whole))
            if sum(len(match[0]) for match in found) < MIN_SHARE * beyond:
                yield chunk
                break
            weight += _weight(found)
            if found and weight >= NEEDED:
                line += chunk.count(b"\n", 0, found[0].start())
                raise _is_utf_8(path, encoding, line, found[0][0])
        line += chunk.count(b"\n")
        yield chunk
    yield from chunks


def _weight(found: list[re.Match[bytes]]) -> int:
    is_sure = any(len(match[0]) > 2 or match[0].startswith(WESTERN) for match in found)
    in_a_row = any(one.end() == other.start() for one, other in pairwise(found))
    return NEEDED if is_sure or in_a_row else len(found)


def _is_utf_8(path: Path, encoding: str, line: int, character: bytes) -> SourceError:
    name = codecs.lookup(encoding).name
    read = character.decode(name, "replace")
    return SourceError(
        f'"{shown_name(path)}" is UTF-8, but the Dialect says {encoding}, which reads '
        f'"{character.decode()}" as "{read}" (line {line:,}). Write encoding="utf-8" in '
        f"the Dialect of the import, or save the file as {encoding}."
    )
