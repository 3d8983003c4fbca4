"""Refuse what could not become a project, before a file is written; tell what was changed."""

import json
import re
import sys

slug = json.loads(r'''{{ cookiecutter.project_slug|tojson }}''')
typed = json.loads(r'''{{ cookiecutter.__typed_slug|default('')|tojson }}''')
taken = json.loads(r'''{{ cookiecutter._taken|tojson }}''').split()
use_docker = json.loads(r'''{{ cookiecutter.use_docker|tojson }}''')


def refusal() -> str:
    """Say in one sentence why no project can be made; nothing if it can."""
    # Versions before 2.2 know no answer of yes or no, and would add Docker unasked.
    if not isinstance(use_docker, bool):
        return (
            "This template needs cookiecutter 2.2 or later: update cookiecutter, or "
            "run the same command with 'uvx cookiecutter'."
        )
    # cookiecutter.json has turned what was typed; answers replayed from an older
    # version of the template come past it.
    if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", slug) or slug.lower() in taken:
        return (
            f"project_slug {slug[:60]!a} cannot name the folder of a Python project: "
            "run cookiecutter without --replay."
        )
    return ""


def change() -> str:
    """Say that the folder is not named as typed; nothing if it is."""
    if typed in ("", slug):
        return ""
    why = (
        "Python, Windows or a package of the project has that name"
        if typed.lower() in taken
        else "its name begins with a small letter, and has small letters, digits and "
        "single underscores"
    )
    return f"The folder is named '{slug}', not {typed[:60]!r}: {why}.\n"


def tell(text: str) -> None:
    """Print a text, if anybody reads it, with what their terminal knows."""
    try:
        sys.stdout.reconfigure(errors="backslashreplace")
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        sys.stdout = None  # A closed pipe would otherwise fail the exit.


reason = refusal()
if not reason:
    tell(change())
sys.exit(reason or 0)
