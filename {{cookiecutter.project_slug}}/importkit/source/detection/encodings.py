"""Step 1, import: the encoding of a sample, and why it was chosen."""

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
SAMPLE_BYTES = 200_000  # Bytes in which letters are counted: enough to tell, and fast.
# The share of characters beyond ASCII that must be whole in a file that is UTF-8 with a
# few broken bytes. In text of another encoding hardly any is.
MIN_SHARE_OF_WHOLE_CHARACTERS = 0.9
# Bytes beyond ASCII that stand in a row in words of another script; in Latin words there
# are rarely more than two.
SCRIPT_RUN = 3
# How many more letters than cp1252 another encoding must read, to be offered: half as
# many again, and two, so that a single name proves nothing.
MIN_RATIO_OF_LETTERS, MIN_LETTERS = 1.5, 2
OTHER_SCRIPTS = (
    *("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic"),
    *("cp1253", "iso8859-7", "cp1255", "iso8859-8", "cp1256", "iso8859-6"),
    *("cp874", "cp932", "shift_jis", "euc-jp", "gb18030", "big5", "cp949", "euc-kr"),
)
# Small letters of each encoding of Latin script: Windows in the west and in the middle of
# Europe, Macintosh, DOS.
LETTERS = {
    "cp1252": "àáâãäåæçèéêëìíîïðñòóôõöøœšžùúûüýþÿß",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžäöüßőűâăîşţđ",
    "mac-roman": "àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿß",
    "cp850": "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿß",
}


class Encoding(NamedTuple):
    """The encoding of a file.

    Attributes:
        name: The name of a codec of Python.
        reason: Why it was chosen; empty where there is no doubt.
    """

    name: str
    reason: str = ""


def detect_encoding(path: Path, data: bytes) -> Encoding:
    """Return the encoding of a file.

    Args:
        path: The file, for messages.
        data: The parts of it that ``encoding_sample`` returns.

    Raises:
        SourceError: The file is not text.
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
    """Return UTF-16 without a byte order mark, big-endian or little-endian.

    In UTF-16 every other byte of ASCII text is 0: the second of each pair in the
    little-endian form, the first in the big-endian. One of the two must have more than
    four times as many as the other, and a fifth of all bytes must be 0.
    """
    head = data[:SAMPLE_BYTES]
    first, second = head[::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if second > first else "utf-16-be"
    is_one_sided = max(first, second) > 4 * min(first, second)
    if is_one_sided and max(first, second) * 5 > len(head):
        try:
            # The data of a long file may end in the middle of a character.
            codecs.getincrementaldecoder(name)().decode(data)
        except UnicodeDecodeError:
            pass
        else:
            return Encoding(name, "every other byte is empty")
    raise SourceError(f'"{path.name}" is not delimited text: it holds NUL bytes.')


def _nearly_utf_8(data: bytes) -> Encoding | None:
    """Return UTF-8 for text in UTF-8 with a few broken bytes."""
    text = data.decode(errors="surrogateescape")
    broken = len(re.findall("[\udc80-\udcff]", text))
    whole = len(re.findall("[^\0-\x7f\udc80-\udcff]", text))
    if whole < MIN_SHARE_OF_WHOLE_CHARACTERS * (whole + broken):
        return None
    plural = "" if broken == 1 else "s"
    return Encoding("utf-8", f"all but {broken:,} byte{plural} of it are")


def _of_bytes(data: bytes) -> Encoding:
    """Return an encoding of one byte a character, or an East Asian one."""
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
    """Return an encoding that reads clearly more Latin letters than cp1252; or nothing.

    Few letters prove little, so it is only offered to the user.
    """
    counts = {name: _letters(sample, name) for name in LETTERS}
    best = max(counts, key=lambda name: counts[name])
    least = MIN_RATIO_OF_LETTERS * counts["cp1252"] + MIN_LETTERS
    return best if counts[best] > least else ""


def _other_script(data: bytes, sample: bytes) -> Encoding | None:
    """Return an encoding of a script other than Latin, if half of the bytes form words."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    if 2 * sum(run for run in runs if run >= SCRIPT_RUN) < sum(runs):
        return None
    try:
        chardet = import_module("chardet")
    except ImportError:  # It is a development dependency, as startimport is.
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
    """Count the bytes beside small ASCII letters that this encoding reads as letters.

    Bytes 0x91 to 0x97, which are quotes and dashes in cp1252, are not counted.
    """
    inside = re.findall(
        rb"(?<=[a-z])[\x80-\x90\x98-\xff]|[\x80-\x90\x98-\xff](?=[a-z])", sample
    )
    text = b"".join(inside).decode(name, "replace")
    return sum(letter in LETTERS[name] for letter in text)
