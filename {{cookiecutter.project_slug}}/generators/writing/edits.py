"""Splices into source that a person wrote: proved on the syntax tree, or not done."""

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generators.naming import literal
from generators.writing.files import same_code

INSTALLED_APPS = "INSTALLED_APPS"

# What has a body of its own, whose names are no business of the module.
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Edited:
    """The text with the addition in it."""

    text: str


@dataclass(frozen=True)
class AlreadyThere:
    """The text holds the addition as it is."""


@dataclass(frozen=True)
class Differs:
    """The text holds something else under the name.

    Attributes:
        replaced: The text in which the new takes the place of the old.
    """

    replaced: str


@dataclass(frozen=True)
class Cannot:
    """The addition is not safe; the reason is the end of a sentence."""

    reason: str


def add_installed_app(settings: str, app: str) -> Edited | AlreadyThere | Cannot:
    """Add an app behind the last one in a settings module's INSTALLED_APPS.

    Args:
        settings: The source of the module.
        app: The dotted name of the app's package.
    """
    tree = _parse(settings)
    if tree is None:
        return Cannot("it is not valid Python in UTF-8")
    apps = _installed_apps(tree)
    if apps is None:
        return Cannot(f"{INSTALLED_APPS} is not one plain list")
    if any(_is_app(item, app) for item in apps.elts):
        return AlreadyThere()
    if any(_is_app(node, app) for use in _uses(tree) for node in ast.walk(use)):
        return Cannot(f"it names {literal(app)} outside the list {INSTALLED_APPS}")
    text = _with_item(settings, apps, literal(app))
    apps.elts.append(ast.Constant(app))
    return _proved(text, tree)


def put_class(
    models: str, name: str, source: str
) -> Edited | AlreadyThere | Differs | Cannot:
    """Append a model class to a models module, or find it there.

    Args:
        models: The source of the module.
        name: The name of the class.
        source: The source of the class; it uses ``models`` and builtins, no more.
    """
    tree = _parse(models)
    if tree is None:
        return Cannot("it is not valid Python in UTF-8")
    match [node for node in tree.body if name in _bound(node)]:
        case []:
            return _append_class(models, tree, source.strip())
        case [ast.ClassDef() as holder]:
            return _compare_class(models, tree, holder, source.strip())
    return Cannot(f"it gives the name {name} to something else")


def _append_class(models: str, tree: ast.Module, source: str) -> Edited | Cannot:
    new = ast.parse(source).body
    if reason := _hindrance(tree, new):
        return Cannot(reason)
    tree.body += new
    addition = f"\n\n\n{source}\n".replace("\n", _line_end(models))
    return _proved(models.rstrip() + addition, tree)


def _compare_class(
    models: str, tree: ast.Module, holder: ast.ClassDef, source: str
) -> AlreadyThere | Differs | Cannot:
    before, old, after = _around(models, holder)
    if same_code(old, source):
        return AlreadyThere()
    new = ast.parse(source).body
    if reason := _hindrance(tree, new):
        return Cannot(reason)
    tree.body[tree.body.index(holder)] = new[0]
    replacement = source.replace("\n", _line_end(models))
    result = _proved(before + replacement + after, tree)
    return Differs(result.text) if isinstance(result, Edited) else result


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _proved(text: str, tree: ast.Module) -> Edited | Cannot:
    """Accept a text only if it parses to the tree that was meant."""
    result = _parse(text)
    if result is None or ast.dump(result) != ast.dump(tree):
        return Cannot("its layout is too unusual to add to")
    return Edited(text)


def _installed_apps(tree: ast.Module) -> ast.List | None:
    """Return the list, if the module assigns it once, at its top level."""
    bindings = [node for node in tree.body if INSTALLED_APPS in _bound(node)]
    match [node for node in bindings if not _only_adds(node)]:
        case [ast.Assign(targets=[ast.Name()], value=ast.List() as apps)]:
            return apps
        case [ast.AnnAssign(value=ast.List() as apps)]:
            return apps
    return None


def _only_adds(node: ast.stmt) -> bool:
    """Say whether a statement binds the name by ``+=`` alone."""
    adding = {
        id(part.target) for part in ast.walk(node) if isinstance(part, ast.AugAssign)
    }
    return all(
        id(part) in adding or isinstance(part.ctx, ast.Load)
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and part.id == INSTALLED_APPS
    )


def _uses(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the module's statements in which the name stands."""
    for node in tree.body:
        names = (part for part in ast.walk(node) if isinstance(part, ast.Name))
        if any(name.id == INSTALLED_APPS for name in names):
            yield node


def _is_app(node: ast.AST, app: str) -> bool:
    """Say whether an item names the app, or the AppConfig of it."""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    config = rf"{re.escape(app)}(\.\w+)?\.[A-Z]\w*"
    return node.value == app or re.fullmatch(config, node.value) is not None


def _with_item(source: str, items: ast.List, item: str) -> str:
    """Write one more item as the last one of the list is written."""
    if not items.elts:
        start, rest = _split(source, items.lineno, items.col_offset + 1)
        return start + item + rest
    last = items.elts[-1]
    start, rest = _split(source, last.end_lineno, last.end_col_offset)
    comma = re.match(r"[ \t]*,", rest)
    if last.end_lineno == items.end_lineno:
        end = comma.end() if comma else 0
        addition = f" {item}," if comma else f", {item}"
        return start + rest[:end] + addition + rest[end:]
    line, eol, below = _partition_line(rest)
    own_line = last.lineno != items.lineno
    indent = (
        re.split(r"[^ \t]", _line_of(source, last.lineno))[0] if own_line else " " * 4
    )
    if comma:
        return f"{start}{line}{eol}{indent}{item},{eol}{below}"
    return f"{start},{line}{eol}{indent}{item}{eol}{below}"


def _partition_line(text: str) -> tuple[str, str, str]:
    """Split a text behind its first line: the line, how it ends, what is below."""
    line, eol, below = re.split(r"(\r\n|\n|\r)", text, maxsplit=1)
    return line, eol, below


def _line_of(source: str, number: int) -> str:
    return _split(source, number, 0)[1]


def _split(source: str, line: int | None, column: int | None) -> tuple[str, str]:
    """Split a source at a place of the syntax tree, which counts bytes."""
    data = source.encode()
    lines = data.splitlines(keepends=True)[: (line or 1) - 1]
    place = sum(map(len, lines)) + (column or 0)
    return data[:place].decode(), data[place:].decode()


def _around(source: str, node: ast.ClassDef) -> tuple[str, str, str]:
    """Split a source into what is before a class, the class, and what is after."""
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    before, _ = _split(source, first, 0)
    until, after = _split(source, node.end_lineno, node.end_col_offset)
    return before, until[len(before) :], after


def _hindrance(tree: ast.Module, new: list[ast.stmt]) -> str | None:
    """Say why ``models`` or a builtin may not be in the module what the class needs."""
    bound = [name for node in tree.body for name in _bound(node)]
    if "*" in bound:
        return "it imports *, which may bind any name"
    if not any(map(_imports_models, tree.body)):
        return 'it does not say "from django.db import models"'
    outer = {name for node in _globals(tree) for name in node.names}
    if bound.count("models") > 1 or "models" in outer:
        return "it gives the name models to something else as well"
    nodes = (node for statement in new for node in ast.walk(statement))
    used = {node.id for node in nodes if isinstance(node, ast.Name)} & {*dir(builtins)}
    if hidden := sorted(used & {*bound, *outer}):
        return f"it hides the builtin {hidden[0]}"
    return None


def _imports_models(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.ImportFrom)
        and (node.module, node.level) == ("django.db", 0)
        and any((name.name, name.asname) == ("models", None) for name in node.names)
    )


def _globals(tree: ast.Module) -> Iterator[ast.Global]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Global))


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node of a module may bind, or unbind, in the module."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name.partition(".")[0]
        case (
            ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
            | ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
        ):
            yield name
    inner = node.body if isinstance(node, Scope) else []
    for child in ast.iter_child_nodes(node):
        if child not in inner:
            yield from _bound(child)
