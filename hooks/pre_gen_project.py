"""Refuse a folder name that could not be a Python name, before a file is written."""

import json
import re
import sys

slug = json.loads(r'''{{ cookiecutter.project_slug|tojson }}''')
taken = json.loads(r'''{{ cookiecutter._taken|tojson }}''').split()


def advice(name: str) -> str:
    """Turn what was typed into a name that would do."""
    words = re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")[:50].strip("_")
    if not words:
        return "my_project"
    return "my_" + words if words[0].isdigit() or words in taken else words


def refusal(name: str) -> str:
    """Say in one sentence why the name cannot be used; nothing if it can."""
    if not re.fullmatch("[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?", name):
        why = "is not made of letters, digits and single words joined by underscores"
    elif name.lower() in taken:
        why = "is already taken by Python or by a package of the project"
    else:
        return ""
    return (
        f"project_slug {name[:60]!a} {why}: choose another one, such as "
        f"'{advice(name)}'."
    )


sys.exit(refusal(slug) or 0)
