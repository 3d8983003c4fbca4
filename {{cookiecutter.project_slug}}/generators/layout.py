"""Source with room to breathe: an expression laid out as ruff would lay it out."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from generators.names import Source

LINE_LENGTH = 88
INDENT = 4


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


def flat(expression: Expression) -> Source:
    """Return an expression on one line."""
    if isinstance(expression, Source):
        return expression
    if isinstance(expression, Call):
        return Source(
            f"{expression.function}({', '.join(_flat_arguments(expression))})"
        )
    opening, closing = expression.opening, expression.closing
    comma = "," if len(expression.items) == 1 and opening == "(" else ""
    return Source(f"{opening}{', '.join(map(flat, expression.items))}{comma}{closing}")


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
    if not _can_break(expression) or indent + width(line) <= LINE_LENGTH:
        return Source(line)
    if isinstance(expression, Items):
        lines = [laid_out(item, indent + INDENT, "", ",") for item in expression.items]
        opening = f"{before}{expression.opening}"
        return _block(opening, lines, f"{expression.closing}{after}", indent)
    opening = f"{before}{expression.function}("
    together = ", ".join(_flat_arguments(expression))
    if indent + INDENT + width(together) <= LINE_LENGTH:
        return _block(opening, [together], f"){after}", indent)
    lines = [
        *(laid_out(item, indent + INDENT, "", ",") for item in expression.arguments),
        *(
            laid_out(item, indent + INDENT, f"{name}=", ",")
            for name, item in expression.keywords
        ),
    ]
    return _block(opening, lines, f"){after}", indent)


def _can_break(expression: Expression) -> TypeGuard[Call | Items]:
    if isinstance(expression, Source):
        return False
    if isinstance(expression, Call):
        return bool(expression.arguments or expression.keywords)
    return bool(expression.items)


def _flat_arguments(call: Call) -> list[str]:
    keywords = [f"{name}={flat(value)}" for name, value in call.keywords]
    return [*map(flat, call.arguments), *keywords]


def _block(opening: str, lines: Sequence[str], closing: str, indent: int) -> Source:
    inner = [f"{' ' * (indent + INDENT)}{line}" for line in lines]
    return Source("\n".join([opening, *inner, f"{' ' * indent}{closing}"]))


def width(text: str) -> int:
    """Return how many columns a text takes; ideographs and emoji take two."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
