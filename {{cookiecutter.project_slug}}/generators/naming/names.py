"""Turn headers and values into Python names and literals."""

import builtins
import keyword
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from django.apps import apps
from django.db.models import Model

from generators.naming.letters import ascii_letters, ascii_signs
from generators.naming.project import is_inside, project_folder
from importkit.errors import visible

# Characters. PostgreSQL cuts names of columns at 63 bytes; Django adds suffixes.
MAX_LENGTH = 50
# Headers whose words are remembered: several rules ask for those of each column.
MOST_HEADERS = 4_096

# Names that a field cannot have: attributes of a model, names that the body of a
# model uses (`models`, `str`), and attributes of a CleaningDF.
RESERVED = frozenset(
    {*dir(Model), "objects", "pk", "id", "meta", "models", "str"}
    | {"df", "lines", "left_out", "self", *keyword.kwlist}
    # Columns that every table of PostgreSQL has already.
    | {"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"}
)

# Class names that a model cannot have: the modules of an import define or import them.
TAKEN = frozenset(
    {"ArgumentParser", "CleaningDF", "CleaningError", "CleaningTests", "Command"}
    | {"CommandError", "DType", "Decimal", "Dialect", "ImportDataBaseCommand"}
    | {
        "ImportTests",
        "Model",
        "OnEmpty",
        "Parser",
        "Path",
        "SimpleTestCase",
        "StringIO",
    }
    | {"TemporaryDirectory", "TestCase", "TotalRows", "UTC", "UUID", "ZoneInfo"}
)

# Names that ruff takes for those of secrets (S105, S106).
SECRET = re.compile(r"(^|_)(pas+wo?r?d|pass(phrase)?|pwd|token|secrete?)($|_)", re.I)

# Categories of characters that carry meaning: letters, marks, digits; €, °, ♥.
SIGNIFICANT = frozenset(
    {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No", "Sc", "So"}
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


class ModelName(NamedTuple):
    """How source names a model.

    Attributes:
        name: The class.
        module: The module to import it from.
        manager: The manager to read it with.
        is_own: Whether the model belongs to the project, not to an installed package.
    """

    name: Identifier
    module: Source
    manager: Identifier = Identifier("objects")
    is_own: bool = True

    @property
    def path(self) -> str:
        """The dotted path of the class."""
        return f"{self.module}.{self.name}"


def literal(value: str | float | None) -> Source:
    """Write a value as a Python literal, a text quoted as ruff format quotes it.

    Each character is escaped as ``repr`` escapes it, so that control, bidi and
    zero-width characters are always visible in source.
    """
    if not isinstance(value, str):
        return Source(repr(value))
    quote = "'" if value.count('"') > value.count("'") else '"'
    body = visible(value.replace("\\", r"\\"))
    return Source(quote + body.replace(quote, f"\\{quote}") + quote)


@lru_cache(maxsize=MOST_HEADERS)
def snake(text: str) -> str:
    """Reduce a text to lower-case ASCII words joined by single underscores.

    Signs become words only if the text has no letters and no digits.
    """
    return _snake(ascii_letters(text)) or _snake(ascii_signs(text))


def identifiers(headers: Iterable[str]) -> tuple[Identifier, ...]:
    """Make a valid and unique name of each header, which no model and not Python uses.

    If several headers give one name, the first header that reads exactly so has the
    name. The others are numbered from 2; numbers that another header has are skipped.
    """
    plain = [snake(header) for header in headers]
    wanted = [_identifier(name, position) for position, name in enumerate(plain, 1)]
    read = {*plain}
    taken = {*plain, *wanted}
    kept: set[str] = set()
    numbers: dict[str, Iterator[int]] = {}
    names: list[Identifier] = []
    for name, own in zip(wanted, plain, strict=True):
        free = name not in kept and (name == own or name not in read)
        left = numbers.setdefault(name, count(2))
        unique = name if free else _numbered(name, left, taken)
        kept.add(unique)
        taken.add(unique)
        names.append(Identifier(unique))
    return tuple(names)


def class_name(import_name: str) -> Identifier:
    """Name the model of an import: the singular of its last word, in CamelCase."""
    *words, last = (snake(import_name) or "record").split("_")
    name = "".join(word.capitalize() for word in (*words, _singular(last)))
    taken = name in TAKEN or hasattr(builtins, name)
    return Identifier(f"{name}Record" if taken else name)


def check_class_name(name: str) -> Identifier:
    """Return the name of a new model if it is valid.

    Raises:
        ValueError: The name is not a class name, or the import itself uses it.
    """
    valid = name.isidentifier() and name[0].isupper() and not name.endswith("_")
    if not valid or "__" in name or len(name) > MAX_LENGTH or keyword.iskeyword(name):
        raise ValueError(
            f"{literal(name)} cannot name a model: it must be a Python name in "
            f"CamelCase, of at most {MAX_LENGTH} characters."
        )
    if name in TAKEN:
        raise ValueError(
            f'The import itself uses a class "{name}": choose another name for the '
            "model with --model-name."
        )
    return Identifier(name)


def model_name(model: type[Model]) -> ModelName:
    """Name an existing model and the module to import it from, its app's if possible."""
    module = apps.get_app_config(model._meta.app_label).models_module
    public = module is not None and getattr(module, model.__name__, None) is model
    return ModelName(
        Identifier(model.__name__),
        Source(module.__name__ if module is not None and public else model.__module__),
        Identifier(_manager(model)),
        is_inside(model._meta.app_label, project_folder()),
    )


def _manager(model: type[Model]) -> str:
    """Return the name of a manager that hides no rows, the default one if possible."""
    managers = [model._default_manager, *model._meta.managers]
    plain = (m for m in managers if m.name and not m.get_queryset().query.where)
    return next((manager.name for manager in plain), "_base_manager")


def check_import_name(name: str) -> Identifier:
    """Return the name of an import if it is valid.

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


def _snake(text: str) -> str:
    # Split where lower case meets upper case and where an acronym ends, but not
    # before the plural s of one: unitPrice, HTTPCode, IDs.
    words = re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s\b)[a-z])",
        "_",
        text.replace("'", ""),
    )
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _identifier(words: str, position: int) -> str:
    """Make a valid name of the words of one header; it may not be unique."""
    if not words:
        return f"column_{position}"
    if words[0].isdigit():
        return _cut(f"column_{words}", MAX_LENGTH)
    if words == "id":
        return "source_id"
    return f"{words}_value" if words in RESERVED else _cut(words, MAX_LENGTH)


def _numbered(name: str, numbers: Iterator[int], taken: set[str]) -> str:
    """Number a name with the next number that gives a free name."""
    candidates = (f"{_cut(name, MAX_LENGTH - len(f'_{n}'))}_{n}" for n in numbers)
    return next(candidate for candidate in candidates if candidate not in taken)


def _cut(name: str, length: int) -> str:
    """Shorten a name, without leaving an underscore at its end."""
    return name[:length].rstrip("_")


def _singular(word: str) -> str:
    """Take the plural ending off an English word, by three rules and a list."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if re.search(r"[a-z]{2}ies$", word):
        return f"{word[:-3]}y"
    if re.search(r"(ss|x|ch|sh|ias|[^aeo]us)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^iu]s$(?<!ss)", word) else word


def _refusal(name: str) -> str | None:
    """Return why an import and its modules cannot have a name, None if they can."""
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
    """Return a valid name that resembles a refused one."""
    near = _cut(snake(name), MAX_LENGTH - len("import_"))
    if not near:
        return "products"
    if near[0].isdigit():
        return f"import_{near}"
    return f"{near}_records" if _refusal(near) else near


def verbose_name(header: str, name: str) -> str | None:
    """Return the verbose name of a field: its header.

    None if the header differs from the name only in case, spaces and punctuation.
    """
    read = " ".join(header.split())
    is_visible = any(map(str.isprintable, read))
    return read if is_visible and _significant(read) != _significant(name) else None


def _significant(text: str) -> str:
    """Return the letters and digits of a text, and the signs that stand for words."""
    return "".join(
        char
        for char in unicodedata.normalize("NFKC", text).lower()
        if char == "%" or unicodedata.category(char) in SIGNIFICANT
    )


def normal(name: str) -> str:
    """Reduce a name to the form in which names are compared: letters and digits only."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "", text)
