"""Source with room to breathe: expressions and imports, laid out as ruff does it."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from generators.naming import Source, literal

LINE_LENGTH = 88
INDENT = 4
# Wide to Unicode, and without a width to ruff: marks beside letters, a filler.
DOUBTFUL = "\u302e\u302f\u3164\U00016ff0\U00016ff1"


@dataclass(frozen=True)
class Call:
    """A call, its positional arguments before its keywords."""

    function: Source
    arguments: tuple["Expression", ...] = ()
    keywords: tuple[tuple[Source, "Expression"], ...] = ()


@dataclass(frozen=True)
class Items:
    """A tuple, or a list where the brackets say so."""

    items: tuple["Expression", ...]
    opening: str = "("
    closing: str = ")"


type Expression = Source | Call | Items


@dataclass(frozen=True)
class Import:
    """One import: ``from module import name``, or ``import module`` without a name."""

    module: str
    name: str = ""


def call(function: str, /, *arguments: Expression, **keywords: Expression) -> Call:
    """Return a call of a function whose name comes from this program, not from data."""
    named = tuple((Source(name), value) for name, value in keywords.items())
    return Call(Source(function), arguments, named)


def texts(items: Iterable[str]) -> Items:
    """Return a tuple of text literals."""
    return Items(tuple(map(literal, items)))


def flat(expression: Expression) -> Source:
    """Return an expression on one line."""
    opening, inner, closing = _parts(expression)
    items = [f"{before}{flat(item)}" for before, item in inner]
    comma = "," if opening == "(" and len(items) == 1 else ""
    return Source(f"{opening}{', '.join(items)}{comma}{closing}")


def assigned(name: str, expression: Expression, indent: int) -> Source:
    """Return an assignment; what cannot be broken gets parentheses if that helps."""
    line = laid_out(expression, indent, f"{name} = ")
    value = flat(expression)
    fits = indent + width(line) <= LINE_LENGTH or "\n" in line
    if fits or indent + INDENT + width(value) > LINE_LENGTH:
        return line
    return _block(f"{name} = (", [value], ")", indent)


def laid_out(
    expression: Expression, indent: int, before: str = "", after: str = ""
) -> Source:
    """Return a statement or an item of a collection, without its first indent.

    Args:
        expression: What may be broken over several lines.
        indent: How many spaces stand before the first line.
        before: What stands before the expression on its first line.
        after: What stands behind it on its last line.

    Returns:
        One line if it fits into 88 columns or cannot be broken, else several.
    """
    line = f"{before}{flat(expression)}{after}"
    opening, inner, closing = _parts(expression)
    if not inner or fits(line, indent):
        return Source(line)
    opening, closing = f"{before}{opening}", f"{closing}{after}"
    # Where ruff might fit the line, only a comma at the end keeps it broken.
    if isinstance(expression, Call) and indent + _least_width(line) > LINE_LENGTH:
        together = ", ".join(f"{name}{flat(item)}" for name, item in inner)
        if fits(together, indent + INDENT):
            return _block(opening, [together], closing, indent)
    lines = [laid_out(item, indent + INDENT, name, ",") for name, item in inner]
    return _block(opening, lines, closing, indent)


def width(text: str) -> int:
    """Return how many columns a text takes; ideographs and emoji take two."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def fits(line: str, indent: int) -> bool:
    """Say whether a line is short enough, however wide ruff takes its characters for."""
    doubtful = sum(2 - _char_width(char) for char in line if _is_doubtful(char))
    return indent + width(line) + doubtful <= LINE_LENGTH


def words_in(expression: Expression) -> Iterator[Source]:
    """Yield every function that an expression calls, and its names and literals."""
    if isinstance(expression, Source):
        yield expression
    if isinstance(expression, Call):
        yield expression.function
    for _, item in _parts(expression)[1]:
        yield from words_in(item)


def import_lines(*sections: Iterable[Import]) -> list[Source]:
    """Return import statements, an empty line between the sections that have any.

    In a section they are sorted, and the names of one module stand together.
    """
    lines: list[Source] = []
    for section in sections:
        names: dict[str, set[str]] = {}
        for item in section:
            names.setdefault(item.module, set()).add(item.name)
        # Whole modules stand before those of which names are taken.
        ordered = sorted(names, key=lambda name: ("" not in names[name], name.lower()))
        lines += [Source("")] if lines and ordered else []
        lines += [_import(module, names[module]) for module in ordered]
    return lines


def _parts(
    expression: Expression,
) -> tuple[str, Sequence[tuple[str, Expression]], str]:
    """Take an expression apart: opening, what stands inside, each after what, closing.

    What has nothing inside cannot be broken over lines.
    """
    match expression:
        case Call(function, arguments, keywords):
            named = [(f"{name}=", value) for name, value in keywords]
            return f"{function}(", [*(("", item) for item in arguments), *named], ")"
        case Items(items, opening, closing):
            return opening, [("", item) for item in items], closing
        case _:
            return expression, [], ""


def _block(opening: str, lines: Sequence[str], closing: str, indent: int) -> Source:
    inner = [f"{' ' * (indent + INDENT)}{line}" for line in lines]
    return Source("\n".join([opening, *inner, f"{' ' * indent}{closing}"]))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _least_width(line: str) -> int:
    return width(line) - sum(_char_width(char) for char in line if _is_doubtful(char))


def _is_doubtful(char: str) -> bool:
    """Say whether versions of Unicode, and programs, differ on the width of a character."""
    if char.isascii() or unicodedata.category(char) in {"Lu", "Ll", "Nd"}:
        return False
    return unicodedata.east_asian_width(char) not in {"W", "F"} or char in DOUBTFUL


def _import(module: str, names: set[str]) -> Source:
    if "" in names:
        return Source(f"import {module}")
    ordered = sorted(names, key=_name_order)
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= LINE_LENGTH:
        return Source(line)
    inner = "".join(f"    {name},\n" for name in ordered)
    return Source(f"from {module} import (\n{inner})")


def _name_order(name: str) -> tuple[int, str]:
    """Order constants before classes before the rest."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1, name) if name[0].isupper() else (2, name)
