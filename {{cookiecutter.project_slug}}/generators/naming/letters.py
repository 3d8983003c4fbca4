"""Letters of any script become those of ASCII, for names."""

import re
import unicodedata

from anyascii import anyascii

# To Unicode the sign of a millionth is a Greek letter: an m, which stands for another.
MICRO = re.compile(r"[\u00b5\u03bc](?=[A-Za-z])")
HANGUL = re.compile("[\uac00-\ud7a3]")
APOSTROPHES = "\u2018\u2019"


def ascii_letters(text: str) -> str:
    """Write the letters and digits of a text in ASCII; other signs become spaces.

    An ideograph is a word by itself, as nothing says where words end.
    """
    text = unicodedata.normalize("NFKC", MICRO.sub("u", text))
    around = f" {text} "
    return "".join(
        _written(char, around[place], around[place + 2])
        for place, char in enumerate(text)
    )


def ascii_signs(text: str) -> str:
    """Say in ASCII what a text of signs alone shows: "eur" for the sign of the euro."""
    return "" if text.isascii() else anyascii(text)


def _written(char: str, before: str, after: str) -> str:
    """Write one character, whose case follows that of the characters beside it."""
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category == "Cf" or char in APOSTROPHES:
        return ""
    if category[0] not in "LMN":
        return " "
    letters = re.sub(r"[^A-Za-z0-9]+", "", anyascii(char))
    if HANGUL.match(char):
        return letters.lower()
    if category == "Lo" and letters[:1].isupper():
        return f" {letters} "
    # One letter may become several: of a word in capitals all are.
    in_capitals = after.isupper() or (before.isupper() and not after.islower())
    return letters.upper() if char.isupper() and in_capitals else letters
