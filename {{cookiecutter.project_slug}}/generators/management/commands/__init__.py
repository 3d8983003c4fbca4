"""Loaded when startimport is run, before what it imports."""

from shutil import which

from importkit.errors import refuse_missing_packages

TOOLS = ("anyascii", "chardet", "jinja2")

# A ruff that is a program of the machine will do.
refuse_missing_packages(
    "startimport and imports", *TOOLS, *([] if which("ruff") else ["ruff"])
)
