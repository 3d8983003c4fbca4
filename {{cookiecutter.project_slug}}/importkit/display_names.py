"""The names by which messages call files that are stored under other ones.

A file that was sent over a page is stored as ``imports/41/source.csv``, and whoever sent it
knows it as ``products.csv``. Each message asks here what to call a path.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from importkit.errors import visible

# By absolute path. Not a ContextVar: rows are read in threads, which do not know those.
_names: dict[str, str] = {}


@contextmanager
def display_names(names: Mapping[Path, str]) -> Iterator[None]:
    """Call files by other names in all messages of the block.

    A file beside one of them whose name only adds an end to its name, such as the rejects
    of ``source.csv`` in ``source.csv.rejects.csv``, adds it to the name that is shown.

    Args:
        names: The path of each file, with the name to show.
    """
    own = {_key(path): visible(name) for path, name in names.items()}
    before = {key: _names[key] for key in own if key in _names}
    _names.update(own)
    try:
        yield
    finally:
        for key in own:
            del _names[key]
        _names.update(before)


def display_name(path: Path) -> str | None:
    """Return the name by which a file is shown; None if it is shown by its path."""
    key = _key(path) if _names else ""
    for known, name in [*_names.items()]:  # Another thread may change them.
        rest = key.removeprefix(known)
        if not rest or (rest != key and rest[0] == "." and os.sep not in rest):
            return f"{name}{rest}"
    return None


def shown(path: Path) -> str:
    """Return what a message calls a file: its display name, or else its path."""
    return display_name(path) or str(path)


def shown_name(path: Path) -> str:
    """Return the last part of what a message calls a file."""
    return display_name(path) or path.name


def with_shown_paths(text: str) -> str:
    """Return a text of another library, in which display names stand for paths."""
    here = f"{Path.cwd()}{os.sep}"
    for key, name in [*_names.items()]:
        text = text.replace(key, name).replace(key.removeprefix(here), name)
    return text


def _key(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100  Path.absolute keeps ".." in a path
