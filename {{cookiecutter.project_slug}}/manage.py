#!/usr/bin/env python
"""Run Django's commands for this project."""

import gc
import os
import sys
from typing import NoReturn

# What is loaded stays. Python would look for objects to free in it again and again, which takes
# a tenth of the time in which a command starts.
OBJECTS = 200_000


def main() -> None:
    """Hand the command line to Django."""
    gc.set_threshold(OBJECTS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        # Django reads the variable above.
        from django.conf import settings  # noqa: PLC0415
        from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
        from django.core.management import execute_from_command_line  # noqa: PLC0415
        from environs import EnvError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        end(
            f"The package {error.name} is not installed for {sys.executable}: take uv run "
            "manage.py, or activate the environment of the project."
        )

    try:
        if sys.argv[1:2] == ["startimport"] and not settings.DEBUG:
            end("startimport is a tool of development: run it where DEBUG is on.")
        execute_from_command_line(sys.argv)
    except (EnvError, ImproperlyConfigured) as error:
        if "--traceback" in sys.argv:
            raise
        end(str(error))


def end(message: str) -> NoReturn:
    """End with a message and the exit code of wrong usage."""
    sys.stderr.write(f"{message}\n")
    sys.exit(2)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # Before a command has begun, which tells more.
        sys.stderr.write("Interrupted.\n")
        sys.exit(3)
