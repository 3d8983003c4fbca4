"""Add to source that a person wrote, where the syntax tree proves that this is all."""

import ast
import builtins
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from generators.naming import literal
from generators.writing.files import same_code

INSTALLED_APPS = "INSTALLED_APPS"
# A list of a project's own apps that INSTALLED_APPS takes in, as many projects have it.
LOCAL_APPS = "LOCAL_APPS"


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


def add_installed_app(settings: str, app: str) -> Edited | AlreadyThere | Cannot:
    """Add an app to a settings module, behind the last app of the project.

    The app goes into LOCAL_APPS where INSTALLED_APPS takes that list in, and else into
    INSTALLED_APPS itself.

    Args:
        settings: The source of the module.
        app: The dotted name of the app's package.
    """
    tree = _parse(settings)
    if tree is None:
        return Cannot("it is not valid Python in UTF-8")
    installed = _plain_list(tree, INSTALLED_APPS)
    apps = _local_apps(tree) or installed
    if apps is None:
        return Cannot(f"{INSTALLED_APPS} is not one plain list")
    lists = [apps, installed or apps]
    if any(_is_app(item, app) for items in lists for item in items.elts):
        return AlreadyThere()
    if any(_is_app(node, app) for use in _uses(tree) for node in ast.walk(use)):
        return Cannot(f"it names {literal(app)} outside the list {INSTALLED_APPS}")
    text = _with_item(settings, apps, literal(app))
    apps.elts.append(ast.Constant(app))
    return _proved(text, tree)


def put_class(
    models: str, name: str, source: str
) -> Edited | AlreadyThere | Differs | Cannot:
    """Append a model class to a models module, unless the module has the class already.

    Args:
        models: The source of the module.
        name: The name of the class.
        source: The source of the class, which uses only ``models`` and builtins.
    """
    tree = _parse(models)
    if tree is None:
        return Cannot("it is not valid Python in UTF-8")
    source = source.strip().replace("\r\n", "\n")
    match [node for node in tree.body if name in _bound(node)]:
        case []:
            return _append_class(models, tree, source)
        case [ast.ClassDef() as holder]:
            return _compare_class(models, tree, holder, source)
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
        symtable.symtable(source, "", "exec")  # Refuses more than the parser does.
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _proved(text: str, tree: ast.Module) -> Edited | Cannot:
    """Accept a text only if its syntax tree is the one that was intended."""
    result = _parse(text)
    if result is None or ast.dump(result) != ast.dump(tree):
        return Cannot("its layout is too unusual to add to")
    return Edited(text)


def _local_apps(tree: ast.Module) -> ast.List | None:
    """Return the list of the project's own apps, if INSTALLED_APPS takes it in."""
    uses = [*_uses(tree)]
    made = [use for use in uses if not _only_adds(use, INSTALLED_APPS)]
    if len(made) != 1 or not any(map(_takes_in, uses)):
        return None
    return _plain_list(tree, LOCAL_APPS)


def _takes_in(node: ast.AST | None) -> bool:
    """Return whether a statement or sum has all items of LOCAL_APPS."""
    match node:
        case ast.Name(id=name):
            return name == LOCAL_APPS
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Starred():
            return _takes_in(node.value)
        case ast.BinOp(op=ast.Add()):
            return _takes_in(node.left) or _takes_in(node.right)
        case ast.List():
            return any(_takes_in(i) for i in node.elts if isinstance(i, ast.Starred))
    return False


def _plain_list(tree: ast.Module, name: str) -> ast.List | None:
    """Return the list of a name, if the module assigns it once, at its top level."""
    bindings = [node for node in tree.body if name in _bound(node)]
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
        start, rest = _split(source, items.end_lineno, bracket)
        return f"{start}    {item},{_line_end(source)}{rest}"
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
    """Split a text into its first line, the end of that line, and the lines below."""
    line, eol, below = re.split(r"(\r\n|\n|\r)", text, maxsplit=1)
    return line, eol, below


def _line_of(source: str, number: int) -> str:
    return _split(source, number, 0)[1]


def _split(source: str, line: int | None, column: int | None) -> tuple[str, str]:
    """Split a source at a place of its syntax tree, whose columns are bytes."""
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
    """Return why the new class may not find ``models``, or a builtin, in the module."""
    nodes = [*ast.walk(tree)]
    if any(isinstance(node, ast.alias) and node.name == "*" for node in nodes):
        return "it imports *, which may bind any name"
    if not any(map(_imports_models, tree.body)):
        return 'it does not say "from django.db import models"'
    bound = [name for statement in tree.body for name in _bound(statement)]
    bound += [name for n in nodes if isinstance(n, ast.Global) for name in n.names]
    if bound.count("models") > 1:
        return "it gives the name models to something else as well"
    used = {n.id for s in new for n in ast.walk(s) if isinstance(n, ast.Name)}
    if hidden := sorted(used & {*dir(builtins)} & {*bound}):
        return f"it hides the builtin {hidden[0]}"
    return None


def _imports_models(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.ImportFrom):
        return False
    names = [n.name for n in statement.names if (n.asname or n.name) == "models"]
    return (statement.level, statement.module, names) == (0, "django.db", ["models"])


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement of a module binds, or deletes, in the module."""
    return {
        name.get_name()
        for name in symtable.symtable(ast.unparse(statement), "", "exec").get_symbols()
        # Declared global: by ":=" in a comprehension.
        if name.is_assigned() or name.is_imported() or name.is_declared_global()
    }
