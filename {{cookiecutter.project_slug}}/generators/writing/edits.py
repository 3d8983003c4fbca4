"""Add to source that a person wrote, where the syntax tree proves that this is all."""

import ast
import symtable
from dataclasses import dataclass


@dataclass(frozen=True)
class Edited:
    """The addition is safe: the text with the addition in it."""

    text: str


@dataclass(frozen=True)
class AlreadyThere:
    """The text has the addition already."""


@dataclass(frozen=True)
class Differs:
    """The text has another class of the name.

    Attributes:
        replaced: The text in which the new class takes the place of the old one.
    """

    replaced: str


@dataclass(frozen=True)
class Cannot:
    """The addition is not safe.

    Attributes:
        reason: Why, as the end of a sentence.
    """

    reason: str


def line_end(text: str) -> str:
    """Return how the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of a module; None where it is not valid."""
    try:
        symtable.symtable(source, "", "exec")  # Refuses more than the parser does.
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def proved(text: str, tree: ast.Module) -> Edited | Cannot:
    """Accept a text only if its syntax tree is the one that was intended."""
    result = parse(text)
    if result is None or ast.dump(result) != ast.dump(tree):
        return Cannot("its layout is too unusual to add to")
    return Edited(text)


def bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement of a module binds, or deletes, in the module."""
    return {
        name.get_name()
        for name in symtable.symtable(ast.unparse(statement), "", "exec").get_symbols()
        # Declared global: by ":=" in a comprehension.
        if name.is_assigned() or name.is_imported() or name.is_declared_global()
    }


def split(source: str, line: int | None, column: int | None) -> tuple[str, str]:
    """Split a source at a place of its syntax tree, whose columns are bytes."""
    data = source.encode()
    lines = data.splitlines(keepends=True)[: (line or 1) - 1]
    place = sum(map(len, lines)) + (column or 0)
    return data[:place].decode(), data[place:].decode()
