"""Write text of any script in ASCII."""

import re
import unicodedata

from anyascii import anyascii

# The sign for a millionth is a Greek m in Unicode, but people write u for it: um, us.
MICRO = re.compile(r"[\u00b5\u03bc](?=[A-Za-z])")
HANGUL = re.compile("[\uac00-\ud7a3]")
APOSTROPHES = "\u2018\u2019"


def ascii_letters(text: str) -> str:
    """Write the letters and digits of a text in ASCII; other signs become spaces.

    Each ideograph becomes a word, since its script does not mark where words end.
    """
    text = unicodedata.normalize("NFKC", MICRO.sub("u", text))
    around = f" {text} "
    return "".join(
        _written(char, around[place], around[place + 2])
        for place, char in enumerate(text)
    )


def ascii_signs(text: str) -> str:
    """Write a text of signs alone in ASCII words: "EUR" for the sign of the euro."""
    return "" if text.isascii() else anyascii(text)


def _written(char: str, before: str, after: str) -> str:
    """Write one character in ASCII; its case follows the characters beside it."""
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
    # One letter may become several, which are all capitals in a word of capitals.
    in_capitals = after.isupper() or (before.isupper() and not after.islower())
    return letters.upper() if char.isupper() and in_capitals else letters
