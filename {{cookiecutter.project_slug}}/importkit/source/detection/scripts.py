"""Step 1, import: which script the bytes of a sample are, by how they read as words.

A library ranks the encodings. Of a short sample it knows little, so each reading is weighed
by what people write: words are of one script, and large letters stand at the beginning of
a word or everywhere in it.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

# In the order of how common they are: it decides between encodings that read alike.
OTHER_SCRIPTS = (
    *("cp932", "euc-jp", "gb18030", "big5", "cp949", "shift_jis", "euc-kr"),
    *("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic"),
    *("cp1253", "iso8859-7", "cp1255", "iso8859-8", "cp1256", "iso8859-6", "cp874"),
)
# The library names a rare extension of these; they are tried in this order.
USUAL = {
    "euc_jis_2004": ("euc_jp", "euc_jis_2004"),
    "euc_kr": ("cp949",),
    "big5hkscs": ("big5", "cp950", "big5hkscs"),
    "shift_jis_2004": ("cp932",),
    "shift_jis": ("cp932",),
}
JAPANESE = {"cp932", "euc_jp", "euc_jis_2004"}
MULTI_BYTE = {*JAPANESE, "gb18030", "big5", "big5hkscs", "cp950", "cp949"}
# Bytes of a sample that are read as words in each encoding: some hundred lines.
READ_BYTES = 20_000
# The share of characters that may be out of place in a reading: more is no text.
MOST_OUT_OF_PLACE = 0.25
# How steeply the weight of a reading falls with that share: one character of ten out of
# place leaves less than half of it.
STEEPNESS = 8
# The least confidence (0 to 1) of a reading with words in kana, which other bytes hardly
# ever form, of one in half-width kana, and of any strict reading of two bytes a character.
KANA, HALF_KANA, STRICT = 0.1, 0.01, 0.003
KANA_WEIGHT = 3  # How much more a reading weighs whose words are all in kana.
# Below this confidence the library itself has no answer.
FLOOR = 0.2
# A word of an encoding of single bytes in another script is as long at least, in bytes.
SCRIPT_RUN = 3
WORD = re.compile(
    r"[^\W\d_]+(?:[\u0300-\u036f\u0e31-\u0e4e\uff70\uff9e\uff9f]+[^\W\d_]*)*"
)
KANA_WORD = re.compile("[\u3041-\u30ff]{2,}")
HALF_KANA_WORD = re.compile("[\uff66-\uff9f]{2,}")
# Half-width kana that stand where Japanese has none: small ones, n and the long mark at
# the beginning of a word, marks of voice behind a sound that has no such form.
HALF_KANA_ASTRAY = re.compile(
    "(?<![\uff66-\uff9f])[\uff67-\uff70\uff9d-\uff9f]|(?<![\uff73\uff76-\uff84\uff8a-\uff8e])\uff9e"
    "|(?<![\uff8a-\uff8e])\uff9f|(?<=[\u4e00-\u9fff])[\uff61-\uff9f](?=[\u4e00-\u9fff])"
    "|(?<=[A-Za-z])[\uff61-\uff9f]|[\uff61-\uff9f](?=[A-Za-z])"
)
# What no text of a table holds: control characters, and what boxes are drawn with.
NEVER = re.compile("[\x80-\x9f\u2500-\u259f\ue000-\uf8ff\ufffd]")
# Signs of print beside a letter, and opening quotes behind one.
SIGN_BESIDE = re.compile(
    "(?<=[^\\W\\d_])[\u2020\u2021\u02c6\u02dc\u0192\u201a\u201c\u201e\u2039]"
    "|[\u2020\u2021\u02c6\u02dc\u0192](?=[^\\W\\d_])"
)
# A sign between two letters, other than the dashes, quotes and dots that stand there.
SIGN_INSIDE = re.compile(
    r"(?<=[^\W\d_])[\xa1-\xac\xae-\xb6\xb8-\xbf\xd7\xf7\u2030\u2020\u2021\u201a\u201e\u02c6\u02dc\u20ac\u2122\u2022\u2116\u2200-\u22ff\u25ca](?=[^\W\d_])"
)
IDEOGRAPH = "[\u3041-\u9fff\uac00-\ud7a3]"
# A single ideograph in a Latin word. One behind a large letter is usual ("A\u793e").
IDEOGRAPH_ALONE = re.compile(
    f"(?<=[a-z]){IDEOGRAPH}(?!{IDEOGRAPH})|(?<!{IDEOGRAPH}){IDEOGRAPH}(?=[A-Za-z])"
)


class Reading(NamedTuple):
    """An encoding in which a sample reads as text.

    Attributes:
        name: The name of a codec of Python.
        text: The sample as it reads in it.
        weight: How much speaks for it; larger is likelier.
        is_sure: Whether the library is confident of it.
    """

    name: str
    text: str
    weight: float
    is_sure: bool


def readings(data: bytes, sample: bytes) -> list[Reading]:
    """Return the encodings in which a sample reads as text, the likeliest first.

    Args:
        data: All that is known of the file; it is of the encoding, without exception.
        sample: Its lines that are not ASCII.

    Returns:
        Readings in other scripts than Latin, and in cp1252. Nothing without chardet.
    """
    part = sample[: sample.rfind(b"\n", 0, READ_BYTES) + 1] or sample[:READ_BYTES]
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    has_words = 2 * sum(run for run in runs if run >= SCRIPT_RUN) >= sum(runs)
    found: dict[str, Reading] = {}
    for library_name, confidence in _ranked(sample):
        name = _usual(library_name, data)
        if not name or name in found:
            continue
        if name != "cp1252" and name not in MULTI_BYTE and not has_words:
            continue
        text = part.decode(name, "replace")
        if weight := _weight(name, text, confidence):
            found[name] = Reading(name, text, weight, confidence >= FLOOR)
    order = [*(codecs.lookup(name).name for name in OTHER_SCRIPTS), "cp1252"]

    def rank(reading: Reading) -> tuple[float, int]:
        place = order.index(reading.name) if reading.name in order else len(order)
        return -float(f"{reading.weight:.1g}"), place

    return sorted(found.values(), key=rank)


def _ranked(sample: bytes) -> Iterator[tuple[str, float]]:
    try:
        chardet = import_module("chardet")
    except ImportError:  # It is a development dependency, as startimport is.
        return
    ranked = chardet.detect_all(
        sample,
        include_encodings=(*OTHER_SCRIPTS, "cp1252"),
        compat_names=False,
        ignore_threshold=True,
    )
    for found in ranked:
        if found["encoding"]:
            yield codecs.lookup(str(found["encoding"])).name, found["confidence"]
    # It leaves out what it takes to be no text, for instance words in half-width kana.
    yield from ((name, 0.0) for name in ("cp932", "euc_jp", "gb18030", "big5", "cp949"))


def _usual(name: str, data: bytes) -> str:
    """Return the commonest encoding of a family that reads all of the file; or nothing."""
    for usual in USUAL.get(name, (name,)):
        try:
            data.decode(usual)
        except UnicodeDecodeError:
            continue
        return usual
    return ""


def _weight(name: str, text: str, confidence: float) -> float:
    """Return how much speaks for a reading; 0 if it is no text."""
    beyond = sum(not char.isascii() for char in text)
    share = out_of_place(text, name) / beyond if beyond else 1.0
    letters = sum(char.isalpha() and not char.isascii() for char in text)
    if share > MOST_OUT_OF_PLACE or (name != "cp1252" and 2 * letters < beyond):
        return 0.0
    if name in MULTI_BYTE:
        confidence = max(confidence, STRICT)
    if name in JAPANESE and HALF_KANA_WORD.search(text):
        confidence = max(confidence, HALF_KANA)
    if name in JAPANESE and (kana := KANA_WORD.findall(text)):
        confidence = max(confidence, KANA) * (
            1 + KANA_WEIGHT * len("".join(kana)) / beyond
        )
    return confidence * (1 - share) ** STEEPNESS


def out_of_place(text: str, name: str) -> int:
    """Count the characters beyond ASCII that do not stand where people write them."""
    found = len(NEVER.findall(text)) + len(SIGN_INSIDE.findall(text))
    found += len(SIGN_BESIDE.findall(text))
    found += len(IDEOGRAPH_ALONE.findall(text)) + len(HALF_KANA_ASTRAY.findall(text))
    return found + sum(
        sum(not char.isascii() for char in word)
        for word in WORD.findall(text)
        if not word.isascii() and not _is_word(word, name)
    )


def _is_word(word: str, name: str) -> bool:
    scripts = {_script(char) for char in word if char.isalpha()}
    if "kana" in scripts and name not in JAPANESE:
        return False
    if scripts <= {"kana", "han", "latin"} or scripts <= {"hangul", "latin"}:
        is_latin = scripts == {"latin"}
    elif len(scripts) > 1:
        return False
    else:
        is_latin = scripts == {"latin"}
    if is_latin or word.upper() == word.lower():
        return True
    rest = word[1:]
    return rest == rest.lower() or word == word.upper()


@cache
def _script(char: str) -> str:
    name = unicodedata.name(char, "").split(" ")[0].lower()
    if name in {"hiragana", "katakana", "katakana-hiragana", "halfwidth"}:
        return "kana"
    if name in {"cjk", "fullwidth", "ideographic"}:
        return "han"
    return "latin" if name in {"feminine", "masculine", "micro"} else name
