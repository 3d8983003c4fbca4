"""Turn data into Python names and literals: the one door from data to source."""

import builtins
import keyword
import re
import sys
import unicodedata
from collections.abc import Iterable
from itertools import count

from django.db.models import Model

MAX_LENGTH = 50

# Taken in a model's body (its attributes, `models` and `str`, which the body
# itself uses) and on a CleaningDF (`df`, `lines`, `left_out`).
RESERVED = frozenset(
    {*dir(Model), "objects", "pk", "id", "meta", "models", "str"}
    | {"df", "lines", "left_out", *keyword.kwlist}
)

# Taken in the modules of an import: what they define or may bring in.
RESERVED_CLASSES = frozenset(
    {*dir(builtins), "Any", "ArgumentParser", "CleaningDF", "Command", "DType"}
    | {"Decimal", "Dialect", "ImportDataBaseCommand", "Iterable", "Mapping"}
    | {"Model", "Parser", "Path"}
)

# Latin letters that NFKD leaves whole, so that ASCII would drop them.
LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O"}
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i"}
)

IRREGULAR = {
    **{word: word for word in ("alias", "atlas", "canvas", "gas", "lens")},
    **{word: word for word in ("news", "series", "species")},
    **{"cookies": "cookie", "movies": "movie", "people": "person"},
}


class Source(str):
    """Text that already is Python source, safe to print as it stands."""

    __slots__ = ()


class Identifier(Source):
    """A valid Python name."""

    __slots__ = ()


def literal(text: str) -> Source:
    """Write a text as a Python string literal, quoted as ruff format quotes it.

    Each character is escaped as ``repr`` escapes it, so that control, bidi and
    zero-width characters are always visible in source.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(char if char in "'\"" else repr(char)[1:-1] for char in text)
    return Source(quote + body.replace(quote, "\\" + quote) + quote)


def snake(text: str) -> str:
    """Reduce a text to lower-case ASCII words joined by single underscores."""
    ascii_text = (
        unicodedata.normalize("NFKD", text.translate(LATIN))
        .encode("ascii", "ignore")
        .decode()
    )
    # Split where lower case meets upper case and where an acronym ends, but not
    # before the plural s of one: unitPrice, HTTPCode, IDs.
    words = re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s\b)[a-z])",
        "_",
        ascii_text.replace("'", ""),
    )
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def identifiers(headers: Iterable[str]) -> tuple[Identifier, ...]:
    """Name each header: valid, unique, and nothing that a model or Python uses.

    Of several equal names the first whose header reads so keeps it; the others are
    numbered from 2, past any number that another header claims.
    """
    plain = [snake(header) for header in headers]
    wanted = [_identifier(name, position) for position, name in enumerate(plain, 1)]
    taken = {*plain, *wanted}
    kept: set[str] = set()
    names: list[Identifier] = []
    for name, own in zip(wanted, plain, strict=True):
        free = name not in kept and (name == own or name not in plain)
        unique = name if free else _numbered(name, taken)
        kept.add(unique)
        taken.add(unique)
        names.append(Identifier(unique))
    return tuple(names)


def class_name(import_name: str) -> Identifier:
    """Name the model of an import: the singular of its last word, in CamelCase."""
    *words, last = (snake(import_name) or "record").split("_")
    name = "".join(word.capitalize() for word in (*words, _singular(last)))
    return Identifier(f"{name}Record" if name in RESERVED_CLASSES else name)


def check_import_name(name: str) -> Identifier:
    """Return the name of an import, or say why it cannot be one.

    Raises:
        ValueError: The name is not a lower-case Python name, or is taken by
            Python or its standard library. The message suggests another.
    """
    if reason := _refusal(name):
        raise ValueError(
            f"{literal(name)} cannot name an import: {reason}. "
            f"Try {literal(_suggestion(name))}."
        )
    return Identifier(name)


def _identifier(words: str, position: int) -> str:
    """Make a name of a header's words, for now without regard to the others."""
    if not words:
        return f"column_{position}"
    if words[0].isdigit():
        return _cut(f"column_{words}", MAX_LENGTH)
    if words == "id":
        return "source_id"
    return f"{words}_value" if words in RESERVED else _cut(words, MAX_LENGTH)


def _numbered(name: str, taken: set[str]) -> str:
    """Number a name with the first number that nobody has."""
    candidates = (f"{_cut(name, MAX_LENGTH - len(f'_{n}'))}_{n}" for n in count(2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _cut(name: str, length: int) -> str:
    """Shorten a name, without leaving an underscore at its end."""
    return name[:length].rstrip("_")


def _singular(word: str) -> str:
    """Take the plural ending off an English word, as three rules know it."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if re.search(r"[a-z]{2}ies$", word):
        return f"{word[:-3]}y"
    if re.search(r"(ss|x|ch|sh|ias|[^aeo]us)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^iu]s$(?<!ss)", word) else word


def _refusal(name: str) -> str | None:
    """Say why a name cannot be that of an import and its modules."""
    if not (name.isidentifier() and name.isascii() and name == name.lower()):
        return "it must be a lower-case Python name (letters, digits, underscores)"
    if name != snake(name):
        return "its underscores must be single, between letters or digits"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "it is a Python keyword"
    if name in sys.stdlib_module_names:
        return "it is a module of Python's standard library"
    if len(name) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    return None


def _suggestion(name: str) -> str:
    """Find a name near to a refused one."""
    near = _cut(snake(name), MAX_LENGTH - len("import_"))
    if not near:
        return "products"
    if near[0].isdigit():
        return f"import_{near}"
    return f"{near}_records" if _refusal(near) else near
