#!/usr/bin/env python
"""Run Django's commands for this project."""

import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  Django reads the variable above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # Before a command has begun, which tells more.
        sys.stderr.write("Interrupted.\n")
        sys.exit(3)
