"""Add an app to the settings: to the list that holds the apps of the project."""

import ast
import re
from collections.abc import Iterable, Iterator

from generators.naming import literal
from generators.writing.edits import (
    AlreadyThere,
    Cannot,
    Edited,
    bound,
    line_end,
    parse,
    proved,
    split,
)

INSTALLED_APPS = "INSTALLED_APPS"
# Names of a list of a project's own apps that INSTALLED_APPS takes in.
OWN_APPS = ("LOCAL_APPS", "PROJECT_APPS", "OWN_APPS", "MY_APPS", "FIRST_PARTY_APPS")


def add_installed_app(
    settings: str, app: str, own: Iterable[str] = ()
) -> Edited | AlreadyThere | Cannot:
    """Add an app to a settings module, behind the last app of the project.

    The app goes into the list with apps of the project; where none has any, into one with
    the name of such a list, and else into INSTALLED_APPS itself.

    Args:
        settings: The source of the module.
        app: The dotted name of the app's package.
        own: The dotted names of the project's apps.
    """
    tree = parse(settings)
    if tree is None:
        return Cannot("it is not valid Python in UTF-8")
    lists = _lists_of_apps(tree)
    apps = _list_for(lists, [*own])
    if apps is None:
        several = len(lists) > 1
        what = "is made of several lists" if several else "is not one plain list"
        return Cannot(f"{INSTALLED_APPS} {what}")
    if any(_is_app(item, app) for items in lists.values() for item in items.elts):
        return AlreadyThere()
    if any(_is_app(node, app) for use in _uses(tree) for node in ast.walk(use)):
        return Cannot(f"it names {literal(app)} outside the list {INSTALLED_APPS}")
    text = _with_item(settings, apps, literal(app))
    apps.elts.append(ast.Constant(app))
    return proved(text, tree)


def makes_installed_apps(settings: str) -> bool:
    """Return whether a module makes INSTALLED_APPS, and not only adds to what it has."""
    tree = parse(settings)
    return tree is not None and any(map(_makes, tree.body))


def _lists_of_apps(tree: ast.Module) -> dict[str, ast.List]:
    """Return the plain lists that INSTALLED_APPS is, or takes in, by name."""
    uses = [*_uses(tree)]
    made = [use for use in uses if not _only_adds(use, INSTALLED_APPS)]
    taken = {name for use in uses for name in _taken_in(use)} if len(made) == 1 else ()
    lists = {name: _plain_list(tree, name) for name in (INSTALLED_APPS, *sorted(taken))}
    return {name: items for name, items in lists.items() if items}


def _list_for(lists: dict[str, ast.List], own: list[str]) -> ast.List | None:
    """Return the list that holds the project's own apps, if that is sure."""
    with_own = [
        items
        for items in lists.values()
        if any(_is_app(item, app) for item in items.elts for app in own)
    ]
    named = [items for name, items in lists.items() if name in OWN_APPS]
    if len(with_own) == 1:
        return with_own[0]
    if len(named) == 1:
        return named[0]
    return lists.get(INSTALLED_APPS)


def _taken_in(node: ast.AST | None) -> Iterator[str]:
    """Yield the names of lists of which a statement or sum has all items."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Starred():
            yield from _taken_in(node.value)
        case ast.BinOp(op=ast.Add()):
            yield from _taken_in(node.left)
            yield from _taken_in(node.right)
        case ast.List():
            for item in node.elts:
                if isinstance(item, ast.Starred):
                    yield from _taken_in(item)


def _makes(node: ast.stmt) -> bool:
    """Return whether a statement gives INSTALLED_APPS a value that is not made of it."""
    uses = _names(node, INSTALLED_APPS)
    return (
        INSTALLED_APPS in bound(node)
        and not _only_adds(node, INSTALLED_APPS)
        and not any(isinstance(use.ctx, ast.Load) for use in uses)
    )


def _plain_list(tree: ast.Module, name: str) -> ast.List | None:
    """Return the list of a name, if the module assigns it once, at its top level."""
    bindings = [node for node in tree.body if name in bound(node)]
    match [node for node in bindings if not _only_adds(node, name)]:
        case [ast.Assign(targets=[ast.Name()], value=ast.List() as apps)]:
            return apps
        case [ast.AnnAssign(value=ast.List() as apps)]:
            return apps
    return None


def _only_adds(node: ast.stmt, name: str) -> bool:
    """Return whether ``+=`` is all by which a statement changes the list."""
    adding = {
        id(part.target) for part in ast.walk(node) if isinstance(part, ast.AugAssign)
    }
    return all(
        id(part) in adding or isinstance(part.ctx, ast.Load)
        for part in _names(node, name)
    )


def _uses(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements of a module that use INSTALLED_APPS."""
    return (node for node in tree.body if _names(node, INSTALLED_APPS))


def _names(node: ast.stmt, name: str) -> list[ast.Name]:
    parts = ast.walk(node)
    return [n for n in parts if isinstance(n, ast.Name) and n.id == name]


def _is_app(node: ast.AST, app: str) -> bool:
    """Return whether an item of the list is the app, or its AppConfig."""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    config = rf"{re.escape(app)}(\.\w+)?\.[A-Z]\w*"
    return node.value == app or re.fullmatch(config, node.value) is not None


def _with_item(source: str, items: ast.List, item: str) -> str:
    """Add an item to a list, with the indent and comma of the last item."""
    if not items.elts and items.lineno != items.end_lineno:
        bracket = (items.end_col_offset or 1) - 1
        start, rest = split(source, items.end_lineno, bracket)
        return f"{start}    {item},{line_end(source)}{rest}"
    if not items.elts:
        start, rest = split(source, items.lineno, items.col_offset + 1)
        return start + item + rest
    last = items.elts[-1]
    start, rest = split(source, last.end_lineno, last.end_col_offset)
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
    """Split a text into its first line, the end of that line, and the lines below."""
    line, eol, below = re.split(r"(\r\n|\n|\r)", text, maxsplit=1)
    return line, eol, below


def _line_of(source: str, number: int) -> str:
    return split(source, number, 0)[1]
