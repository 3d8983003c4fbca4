"""Step 1, import: packages that only some sources need."""

from importlib import import_module
from typing import Any

from importkit.errors import SourceError


def needed(module: str, extra: str, what: str) -> Any:
    """Import a module of an optional package.

    Args:
        module: Its name.
        extra: The extra of this project that installs it.
        what: What cannot be read without it.

    Raises:
        SourceError: It is not installed; says how to install it.
    """
    try:
        return import_module(module)
    except ImportError:
        raise SourceError(
            f'{what} cannot be read without the extra "{extra}": install it with '
            f"uv sync --extra {extra}."
        ) from None
