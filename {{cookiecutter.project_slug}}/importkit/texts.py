"""Characters that no one sees, and the normal forms of Unicode: which texts look alike."""

import re
import unicodedata

# Characters of format (Unicode's Cf) that stray into files: byte order marks, spaces and
# joiners without a width, marks of direction, soft hyphens. Written for polars and re.
_RANGES = (
    *(("00ad", "00ad"), ("061c", "061c"), ("180e", "180e"), ("200b", "200f")),
    *(("202a", "202e"), ("2060", "2064"), ("2066", "206f"), ("feff", "feff")),
)
INVISIBLE = "".join(rf"\x{{{first}}}-\x{{{last}}}" for first, last in _RANGES)
# For polars: one of them, those at the ends, those that are no joiners, and joiners beside
# a character of ASCII, which they do not join.
ANY_INVISIBLE = f"[{INVISIBLE}]"
ENDS = rf"^[\s{INVISIBLE}]+|[\s{INVISIBLE}]+$"
NO_JOINER = rf"[{INVISIBLE}&&[^\x{{200c}}\x{{200d}}]]"
JOINERS_ASTRAY = (
    r"(?P<seen>[\x00-\x7f])[\x{200c}\x{200d}]+",
    r"[\x{200c}\x{200d}]+(?P<seen>[\x00-\x7f])",
)
_PATTERN = re.compile(
    "[" + "".join(f"{chr(int(a, 16))}-{chr(int(b, 16))}" for a, b in _RANGES) + "]"
)


def look_of(text: str) -> str:
    """Return a text in the normal form NFC, without invisible characters and outer space.

    Two texts that a person cannot tell apart are the same in this form.
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", _PATTERN.sub("", text)).strip()
