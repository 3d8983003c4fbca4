"""Import statements in the order and the shape that ruff gives them."""

from collections.abc import Iterable
from dataclasses import dataclass

from generators.names import Source

LINE_LENGTH = 88


@dataclass(frozen=True)
class Import:
    """One import: ``from module import name``, or ``import module`` without a name."""

    module: str
    name: str = ""
    alias: str = ""


def import_lines(imports: Iterable[Import]) -> list[Source]:
    """Return the statements of one section, sorted; names of a module together."""
    wanted = set(imports)
    plain = sorted((item for item in wanted if not item.name), key=lambda i: i.module)
    modules = sorted({item.module for item in wanted if item.name}, key=_module_order)
    return [
        *(Source(_plain(item)) for item in plain),
        *(
            Source(_from(module, [i.name for i in wanted if i.module == module]))
            for module in modules
        ),
    ]


def sections(*groups: Iterable[Import]) -> list[Source]:
    """Return the statements of several sections, with an empty line between them."""
    lines: list[Source] = []
    for group in map(import_lines, groups):
        if group and lines:
            lines.append(Source(""))
        lines.extend(group)
    return lines


def _plain(item: Import) -> str:
    return f"import {item.module}" + (f" as {item.alias}" if item.alias else "")


def _from(module: str, names: list[str]) -> str:
    ordered = sorted((name for name in names if name), key=_name_order)
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= LINE_LENGTH:
        return line
    inner = "".join(f"    {name},\n" for name in ordered)
    return f"from {module} import (\n{inner})"


def _module_order(module: str) -> tuple[str, str]:
    return module.lower(), module


def _name_order(name: str) -> tuple[int, str]:
    """Order constants before classes before the rest."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1, name) if name[0].isupper() else (2, name)
