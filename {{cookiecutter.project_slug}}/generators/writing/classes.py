"""Add the class of a model to models.py, and the class of its admin to admin.py."""

import ast
import builtins

from generators.writing.edits import (
    AlreadyThere,
    Cannot,
    Differs,
    Edited,
    bound,
    line_end,
    parse,
    proved,
    split,
)
from generators.writing.files import same_code


def put_class(
    models: str, name: str, source: str
) -> Edited | AlreadyThere | Differs | Cannot:
    """Append a model class to a models module, unless the module has the class already.

    Args:
        models: The source of the module.
        name: The name of the class.
        source: The source of the class, which uses only ``models`` and builtins.
    """
    tree = parse(models)
    if tree is None:
        return Cannot("it is not valid Python in UTF-8")
    source = source.strip().replace("\r\n", "\n")
    match [node for node in tree.body if name in bound(node)]:
        case []:
            return _append_class(models, tree, source)
        case [ast.ClassDef() as holder]:
            return _compare_class(models, tree, holder, source)
    return Cannot(f"it gives the name {name} to something else")


def put_admin(module: str, model: str, source: str) -> Edited | AlreadyThere | Cannot:
    """Append the class of a model's admin, and the imports that the class needs.

    Args:
        module: The source of admin.py.
        model: The name of the model, which is new.
        source: The source of an admin.py that has only this class.
    """
    tree = parse(module)
    if tree is None:
        return Cannot("it is not valid Python in UTF-8")
    if model in _words(tree):
        return AlreadyThere()
    *imports, new = ast.parse(source).body
    if reason := _admin_hindrance(tree, imports, new):
        return Cannot(reason)
    there = {ast.dump(node) for node in tree.body}
    missing = [node for node in imports if ast.dump(node) not in there]
    last = _last_import(tree)
    before, after = _below(module, last)
    lines = "".join(f"{ast.unparse(node)}\n" for node in missing)
    body = source[source.index("@admin.register") :].strip()
    text = f"{before}{lines}{after}".rstrip() + f"\n\n\n{body}\n"
    place = tree.body.index(last) + 1 if last else 0
    tree.body[place:place] = missing
    tree.body.append(new)
    return proved(text.replace("\r\n", "\n").replace("\n", line_end(module)), tree)


def _admin_hindrance(
    tree: ast.Module, imports: list[ast.stmt], new: ast.stmt
) -> str | None:
    """Return why the class of an admin may not be the only one, or not find its names."""
    nodes = [*ast.walk(tree)]
    if any(isinstance(node, ast.alias) and node.name == "*" for node in nodes):
        return "it imports *, which may bind any name"
    if "AdminSite" in _words(tree):
        return "it has an AdminSite of its own"
    if any(map(_registers_in_loop, nodes)):
        return "it registers models in a loop, which may reach this one"
    there = [node for node in tree.body if ast.dump(node) in map(ast.dump, imports)]
    wanted = {name for node in (*imports, new) for name in bound(node)}
    others = (name for n in tree.body if n not in there for name in bound(n))
    if taken := sorted(wanted & {*others}):
        return f"it gives the name {taken[0]} to something else"
    return None


def _registers_in_loop(node: ast.AST) -> bool:
    loops = (ast.For, ast.While, ast.comprehension, ast.ListComp, ast.Starred)
    return isinstance(node, loops) and "register" in _words(node)


def _words(tree: ast.AST) -> set[str]:
    """Return all names that stand in a source: of variables, attributes and imports."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name)
    return found


def _last_import(tree: ast.Module) -> ast.stmt | None:
    """Return the last of the imports with which a module begins."""
    last = None
    for node in tree.body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(
            node.value, ast.Constant
        )
        if isinstance(node, ast.Import | ast.ImportFrom):
            last = node
        elif not is_docstring:
            break
    return last


def _below(source: str, node: ast.stmt | None) -> tuple[str, str]:
    """Split a source below the line of a statement; before all of it without one."""
    if node is None:
        return "", source
    lines = source.splitlines(keepends=True)
    before = "".join(lines[: node.end_lineno])
    end = "" if before.endswith(("\n", "\r")) else "\n"
    return before + end, source[len(before) :]


def _append_class(models: str, tree: ast.Module, source: str) -> Edited | Cannot:
    new = ast.parse(source).body
    if reason := _hindrance(tree, new):
        return Cannot(reason)
    tree.body += new
    addition = f"\n\n\n{source}\n".replace("\n", line_end(models))
    return proved(models.rstrip() + addition, tree)


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
    replacement = source.replace("\n", line_end(models))
    result = proved(before + replacement + after, tree)
    return Differs(result.text) if isinstance(result, Edited) else result


def _around(source: str, node: ast.ClassDef) -> tuple[str, str, str]:
    """Split a source into what is before a class, the class, and what is after."""
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    before, _ = split(source, first, 0)
    until, after = split(source, node.end_lineno, node.end_col_offset)
    return before, until[len(before) :], after


def _hindrance(tree: ast.Module, new: list[ast.stmt]) -> str | None:
    """Return why the new class may not find ``models``, or a builtin, in the module."""
    nodes = [*ast.walk(tree)]
    if any(isinstance(node, ast.alias) and node.name == "*" for node in nodes):
        return "it imports *, which may bind any name"
    if not any(map(_imports_models, tree.body)):
        return 'it does not say "from django.db import models"'
    taken = [name for statement in tree.body for name in bound(statement)]
    taken += [name for n in nodes if isinstance(n, ast.Global) for name in n.names]
    if taken.count("models") > 1:
        return "it gives the name models to something else as well"
    used = {n.id for s in new for n in ast.walk(s) if isinstance(n, ast.Name)}
    if hidden := sorted(used & {*dir(builtins)} & {*taken}):
        return f"it hides the builtin {hidden[0]}"
    return None


def _imports_models(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.ImportFrom):
        return False
    names = [n.name for n in statement.names if (n.asname or n.name) == "models"]
    return (statement.level, statement.module, names) == (0, "django.db", ["models"])
