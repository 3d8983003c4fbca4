"""Step 1, import: the encoding of a sample, and why it was chosen."""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from importkit.display_names import shown_name
from importkit.errors import SourceError
from importkit.source.detection.latin import fits, is_clear
from importkit.source.detection.scripts import Reading, readings

# The longer marks first: that of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_BYTES = 200_000  # Bytes in which letters are counted: enough to tell, and fast.
WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
CONTROL = re.compile(r"[\0-\x08\x0e-\x1f]")
OTHER_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1f]")
# The share of bytes that may be control characters beside NUL: a stray NUL comes with
# few of them, the bytes of a picture or a program are an eighth of them.
MOST_CONTROL = 0.01
# The share of characters beyond ASCII that must be whole in a file that is UTF-8 with a
# few broken bytes. In text of another encoding hardly any is.
MIN_SHARE_OF_WHOLE_CHARACTERS = 0.9
# So many more letters than cp1252 does another encoding explain, if it reads better: a
# single name proves nothing.
MIN_LETTERS = 2


class Encoding(NamedTuple):
    """The encoding of a file.

    Attributes:
        name: The name of a codec of Python.
        reason: Why it was chosen; empty where there is no doubt.
        doubtful: Characters that the language of the file, if it is of this encoding,
            does not have.
    """

    name: str
    reason: str = ""
    doubtful: str = ""


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
    if b"\0" in data and (wide := _wide(path, data)):
        return wide
    try:
        data.decode()
    except UnicodeDecodeError:
        return _nearly_utf_8(data) or _of_bytes(data)
    return Encoding("utf-8")


def _wide(path: Path, data: bytes) -> Encoding | None:
    """Return UTF-16 or UTF-32 without a byte order mark; None for text with stray NULs.

    In these encodings each line end and each separator is one byte and one or three
    NULs. Elsewhere a NUL is a character of its own, which costs its row.

    Raises:
        SourceError: The file holds NULs and is no text.
    """
    for name in WIDE:
        try:
            # The data of a long file may end in the middle of a character.
            text = codecs.getincrementaldecoder(name)().decode(data)
        except UnicodeDecodeError:
            continue
        ends = max(data.count(b"\n"), data.count(b"\r"))
        found = max(text.count("\n"), text.count("\r"))
        if found and 2 * found >= ends and not CONTROL.search(text[:SAMPLE_BYTES]):
            what = "every other byte is" if "16" in name else "three of four bytes are"
            return Encoding(name, f"{what} empty")
    head = data[:SAMPLE_BYTES]
    first = head.lstrip(b"\r\n").splitlines()[0]
    others = len(OTHER_CONTROL.findall(head))
    if b"\0" not in first and others <= MOST_CONTROL * len(head):
        return None
    raise SourceError(
        f'"{shown_name(path)}" is not delimited text: it holds NUL bytes.'
    )


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
    """Return an encoding of one byte a character, or an East Asian one: a guess."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    text = b"\n".join(lines)
    # A character of several bytes must not be cut.
    sample = (
        text[: text.rfind(b"\n", 0, SAMPLE_BYTES)] if len(text) > SAMPLE_BYTES else text
    )
    likely = readings(data, sample)
    if likely and likely[0].name != "cp1252":
        return _of_script(likely)
    return _latin(data, sample)


def _of_script(likely: list[Reading]) -> Encoding:
    """Return an encoding of another script than Latin, and the next that reads otherwise."""
    best, *others = likely
    reason = "words are in another script than Latin"
    others = [other for other in others if other.text != best.text]
    if best.is_sure or not others:
        return Encoding(best.name, reason if best.is_sure else f"a guess: {reason}")
    return Encoding(best.name, f"a guess: {reason}; {_next(others[0].name)}")


def _latin(data: bytes, sample: bytes) -> Encoding:
    """Return an encoding of Latin letters."""
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        name, reason = "latin-1", "it is no UTF-8, and holds bytes that cp1252 lacks"
    else:
        name, reason = "cp1252", "it is no UTF-8"
    found = {fit.name: fit for fit in fits(sample)}
    western, best = found["cp1252"], next(iter(found.values()))
    if is_clear(best, western) and _is_of(data, best.name):
        reason = "a guess: all its letters are of one language in it"
        return Encoding(best.name, f"{reason}; {_next(name)}")
    others = [fit for fit in found.values() if fit.text != western.text]
    if not others:
        return Encoding(name, f"a guess: {reason}", western.foreign)
    if len(others[0].foreign) + MIN_LETTERS <= len(western.foreign):
        better = others[0].name
        reason += f"; its letters read better as {better}: is it --encoding {better}?"
    elif len(others[0].foreign) <= len(western.foreign):
        reason += f"; {_next(others[0].name)}"
    return Encoding(name, f"a guess: {reason}", western.foreign)


def _is_of(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _next(name: str) -> str:
    return f"the next likely one is --encoding {name}"
