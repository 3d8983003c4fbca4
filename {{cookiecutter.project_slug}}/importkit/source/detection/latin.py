"""Step 1, import: which encoding of Latin letters a sample is in, by the languages it reads as.

One byte is one letter in all of them, so any bytes can be read in any of them. What tells
them apart is that the marked letters of a file are those of a language.
"""

import re
from typing import NamedTuple

WESTERN = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüß",  # German
    "áéíóúüñªº",  # Spanish
    "áâãàçéêíóôõúüªº",  # Portuguese
    "àèéìîòùü",  # Italian
    "àçèéíïòóúü",  # Catalan
    "áâäèéêëïíóôöûúü",  # Dutch
    "åäöéáüàšž",  # Swedish, Finnish
    "åæøéèêóòôäöü",  # Danish, Norwegian
    "áéíóúýðþæö",  # Icelandic
    "áâàéêèëíîìïóôòöúûùüẁẃŵŷýÿ",  # Irish, Scottish, Welsh
)
CENTRAL = (
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîșțşţ",  # Romanian
    "čćđšž",  # Croatian, Slovenian, Bosnian
)
TURKISH = ("çğıöşüâîû",)
BALTIC = (
    "ąčęėįšųūž",  # Lithuanian
    "āčēģīķļņōŗšūž",  # Latvian
    "äöõüšž",  # Estonian
)
# The small marked letters of the languages that are written in each encoding: Windows
# in the west, in the middle of Europe, in Turkey and at the Baltic, the older
# encodings of the same letters, Macintosh, DOS.
LANGUAGES = {
    "cp1252": WESTERN,
    "cp1250": CENTRAL,
    "cp1254": TURKISH,
    "cp1257": BALTIC,
    "iso8859-2": CENTRAL,
    "mac-roman": WESTERN,
    "cp850": WESTERN,
    "cp852": CENTRAL,
    "cp857": TURKISH,
}
# Where encodings explain as many letters, the one that comes first in LANGUAGES is meant.
# So many marked letters, and so many different ones, that cp1252 leaves unexplained and
# another encoding reads all of, are no accident: a single foreign name has fewer.
MIN_UNEXPLAINED, MIN_DIFFERENT = 3, 2
# A word with bytes beyond ASCII, and at least one ASCII letter by which it is Latin.
WORD = re.compile(rb"[A-Za-z\x80-\xff]*[A-Za-z][A-Za-z\x80-\xff]*")
ORDINAL_INSIDE = re.compile(r"[ªº](?=[^\W\d_])")
NOT_IN_WORDS = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2032\xa0\xab\xbb\xad"


class Fit(NamedTuple):
    """How well an encoding explains the marked letters of a sample.

    Attributes:
        name: The name of a codec of Python.
        foreign: The characters in words that are not of its likeliest language.
        text: The words with marked characters, as they read in it.
    """

    name: str
    foreign: str
    text: str


def fits(sample: bytes) -> list[Fit]:
    """Return how well each encoding explains a sample, the best first."""
    words = [word for word in WORD.findall(sample) if not word.isascii()]
    data = b" ".join(words)
    found = [_fit(name, data) for name in LANGUAGES]
    return sorted(found, key=lambda fit: len(fit.foreign))


def is_clear(best: Fit, western: Fit) -> bool:
    """Return whether a sample is in this encoding rather than in cp1252."""
    return (
        best.name in {"cp1250", "cp1254", "cp1257"}
        and not best.foreign
        and len(western.foreign) >= MIN_UNEXPLAINED
        and len(set(western.foreign)) >= MIN_DIFFERENT
    )


def _fit(name: str, data: bytes) -> Fit:
    text = data.decode(name, "replace")
    marked = [c for c in text if not c.isascii() and c not in NOT_IN_WORDS]
    inside = ORDINAL_INSIDE.findall(text)
    alphabets = [_with_capitals(letters) for letters in LANGUAGES[name]]
    best = min(alphabets, key=lambda known: sum(c not in known for c in marked))
    foreign = "".join(c for c in marked if c not in best) + "".join(inside)
    return Fit(name, foreign, text)


def _with_capitals(letters: str) -> frozenset[str]:
    return frozenset(letters + letters.upper() + ("İ" if "ı" in letters else ""))
