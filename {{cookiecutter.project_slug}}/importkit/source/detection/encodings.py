"""Step 1, import: the encoding of a sample file, and what speaks for it."""

import codecs
import re
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from importkit.errors import SourceError

# The longer marks first: that of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_BYTES = 200_000
# Of the characters of more than one byte so many have to be whole, to be UTF-8 at all.
NEARLY = 0.9
# So many bytes that are not ASCII stand in a row, where words are of another script.
RUN = 3
OTHER_SCRIPTS = (
    *("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic"),
    *("cp1253", "iso8859-7", "cp1255", "iso8859-8", "cp1256", "iso8859-6"),
    *("cp874", "cp932", "shift_jis", "euc-jp", "gb18030", "big5", "cp949", "euc-kr"),
)
# What stands beside small letters: in Windows' Latin, in that of the middle of Europe,
# on a Macintosh and in DOS.
LETTERS = {
    "cp1252": "àáâãäåæçèéêëìíîïðñòóôõöøœšžùúûüýþÿß",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžäöüßőűâăîşţđ",
    "mac-roman": "àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿß",
    "cp850": "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿß",
}


class Encoding(NamedTuple):
    """The encoding of a file.

    Attributes:
        name: A codec of Python's.
        reason: Why the file is taken for it; empty where that is plain.
    """

    name: str
    reason: str = ""


def detect_encoding(path: Path, data: bytes) -> Encoding:
    """Return the encoding of a file by what ``read_telling`` returns of it.

    Raises:
        SourceError: It is no text.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            reason = "its byte order mark says so" if name != "utf-8" else ""
            return Encoding(name, reason)
    if b"\0" in data:
        return _wide(path, data)
    try:
        data.decode()
    except UnicodeDecodeError:
        return _nearly_utf_8(data) or _of_bytes(data)
    return Encoding("utf-8")


def _wide(path: Path, data: bytes) -> Encoding:
    """Return which UTF-16 has its empty bytes where a file has them."""
    head = data[:SAMPLE_BYTES]
    # What is ASCII has every other byte empty: the second of each pair, or the first.
    first, second = head[::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if second > first else "utf-16-be"
    with_mark_or_many = max(first, second) > 4 * min(first, second)
    if with_mark_or_many and max(first, second) * 5 > len(head):
        try:
            # What is told of a long file may end in the middle of a character.
            codecs.getincrementaldecoder(name)().decode(data)
        except UnicodeDecodeError:
            pass
        else:
            return Encoding(name, "every other byte is empty")
    raise SourceError(f'"{path.name}" is not a text file: it holds NUL bytes.')


def _nearly_utf_8(data: bytes) -> Encoding | None:
    """Return UTF-8 for what has a few broken bytes in it."""
    text = data.decode(errors="surrogateescape")
    broken = len(re.findall("[\udc80-\udcff]", text))
    whole = len(re.findall("[^\0-\x7f\udc80-\udcff]", text))
    if whole < NEARLY * (whole + broken):
        return None
    plural = "" if broken == 1 else "s"
    return Encoding("utf-8", f"all but {broken:,} byte{plural} of it are")


def _of_bytes(data: bytes) -> Encoding:
    """Return the encoding of what has one byte for a character, or is East Asian."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:SAMPLE_BYTES]
    if found := _other_script(data, sample):
        return found
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        name, reason = "latin-1", "it is no UTF-8, and holds bytes that cp1252 lacks"
    else:
        name, reason = "cp1252", "it is no UTF-8"
    if other := _other_letters(sample):
        reason += f"; its letters read better as {other}: is it --encoding {other}?"
    return Encoding(name, reason)


def _other_letters(sample: bytes) -> str:
    """Return what may be the encoding of Latin letters, rather than Windows' Latin.

    That is a guess from few letters, for a human to make.
    """
    counts = {name: _letters(sample, name) for name in LETTERS}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > 1.5 * counts["cp1252"] + 2 else ""


def _other_script(data: bytes, sample: bytes) -> Encoding | None:
    """Return an encoding of a script that is not Latin, where whole words are in it."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    if 2 * sum(run for run in runs if run >= RUN) < sum(runs):
        return None
    try:
        chardet = import_module("chardet")
    except ImportError:  # It is of the development group, as startimport is.
        return None
    found = chardet.detect(
        sample, include_encodings=(*OTHER_SCRIPTS, "cp1252"), compat_names=False
    )
    name = codecs.lookup(str(found["encoding"] or "cp1252")).name
    if name == "cp1252":
        return None
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return None
    return Encoding(name, "whole words are in another script than Latin")


def _letters(sample: bytes, name: str) -> int:
    """Count the bytes beside small ASCII letters that are small letters, too.

    Those that Windows has curly quotes and dashes at prove nothing.
    """
    inside = re.findall(
        rb"(?<=[a-z])[\x80-\x90\x98-\xff]|[\x80-\x90\x98-\xff](?=[a-z])", sample
    )
    text = b"".join(inside).decode(name, "replace")
    return sum(letter in LETTERS[name] for letter in text)
