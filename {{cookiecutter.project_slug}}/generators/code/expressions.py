"""Expressions and imports, as Python source that needs no layout: ruff gives it one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from generators.naming import Source, literal


@dataclass(frozen=True)
class Call:
    """A call, its positional arguments before its keywords."""

    function: Source
    arguments: tuple["Expression", ...] = ()
    keywords: tuple[tuple[Source, "Expression"], ...] = ()

    def __str__(self) -> str:
        """Return the call as source, on one line."""
        named = [f"{name}={value}" for name, value in self.keywords]
        return f"{self.function}({', '.join([*map(str, self.arguments), *named])})"


@dataclass(frozen=True)
class Tuple:
    """A tuple."""

    items: tuple["Expression", ...]

    def __str__(self) -> str:
        """Return the tuple as source, on one line."""
        comma = "," if len(self.items) == 1 else ""
        return f"({', '.join(map(str, self.items))}{comma})"


@dataclass(frozen=True)
class Dict:
    """A dictionary with texts as keys."""

    items: tuple[tuple["Expression", "Expression"], ...]

    def __str__(self) -> str:
        """Return the dictionary as source, on one line."""
        return f"{{{', '.join(f'{key}: {value}' for key, value in self.items)}}}"


@dataclass(frozen=True)
class List:
    """A list."""

    items: tuple["Expression", ...]

    def __str__(self) -> str:
        """Return the list as source, on one line."""
        return f"[{', '.join(map(str, self.items))}]"


type Expression = Source | Call | Tuple | List | Dict


@dataclass(frozen=True)
class Import:
    """One import: ``from module import name``, or ``import module`` without a name."""

    module: str
    name: str = ""


def call(function: str, /, *arguments: Expression, **keywords: Expression) -> Call:
    """Return a call of a function whose name comes from this program, not from data."""
    named = tuple((Source(name), value) for name, value in keywords.items())
    return Call(Source(function), arguments, named)


def texts(items: Iterable[str]) -> Tuple:
    """Return a tuple of text literals."""
    return Tuple(tuple(map(literal, items)))


def words_in(expression: Expression) -> Iterator[Source]:
    """Yield every function that an expression calls, and its names and literals."""
    match expression:
        case Call(function, arguments, keywords):
            yield function
            inner = (*arguments, *(value for _, value in keywords))
        case Tuple(items) | List(items):
            inner = items
        case Dict(pairs):
            inner = tuple(chain.from_iterable(pairs))
        case Source():
            yield expression
            inner = ()
    for item in inner:
        yield from words_in(item)


def import_lines(*sections: Iterable[Import]) -> Source:
    """Return import statements, an empty line between the sections that have any.

    They are in the order of ruff, which cannot sort them itself: it tells packages of
    the project from others by their folders, and a new app has none yet.
    """
    return Source("\n\n".join(filter(None, map(_section, sections))))


def _section(imports: Iterable[Import]) -> str:
    names: dict[str, set[str]] = {}
    for item in imports:
        names.setdefault(item.module, set()).add(item.name)
    # Whole modules stand before those of which names are taken.
    ordered = sorted(names, key=lambda name: ("" not in names[name], name.lower()))
    return "\n".join(_import(module, names[module]) for module in ordered)


def _import(module: str, names: set[str]) -> str:
    if "" in names:
        return f"import {module}"
    return f"from {module} import {', '.join(sorted(names, key=_name_order))}"


def _name_order(name: str) -> tuple[int, str]:
    """Order constants before classes before functions."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1, name) if name[0].isupper() else (2, name)
