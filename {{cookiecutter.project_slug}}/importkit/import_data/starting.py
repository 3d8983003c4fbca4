"""An import that is started from Python instead of a shell."""

from typing import Any

from django.core.management import (
    CommandError,
    call_command,
    get_commands,
    load_command_class,
)
from django.core.management.base import BaseCommand

from importkit.errors import ConfigurationError, did_you_mean
from importkit.import_data.command import ImportDataBaseCommand
from importkit.import_data.reports.outcome import Outcome


def run_import(command: str | ImportDataBaseCommand, **options: Any) -> Outcome:
    """Run an import, and return what it did, however it ended.

    Nothing is printed unless ``verbosity`` is given.

    Args:
        command: The name of the command, such as ``import_products``, or the command.
        options: Its options by name, such as ``file=path`` and ``dry_run=True``.

    Raises:
        CommandError: The options are wrong, so that no run has begun.
        ConfigurationError: There is no such import.
    """
    found = import_named(command) if isinstance(command, str) else command
    try:
        call_command(found, **{"verbosity": 0, **options})
    except CommandError:
        if found.outcome is None:
            raise
    if found.outcome is None:
        raise ConfigurationError(f"{type(found).__name__} has run no import.")
    return found.outcome


def import_named(name: str) -> ImportDataBaseCommand:
    """Return the import that is a command of the project.

    Raises:
        ConfigurationError: There is no command of this name, or it is no import.
    """
    names = get_commands()
    if name not in names:
        meant = did_you_mean(name, names)
        raise ConfigurationError(f'There is no command "{name}"{meant}.')
    app: str | BaseCommand = names[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    if not isinstance(command, ImportDataBaseCommand):
        raise ConfigurationError(f'The command "{name}" is no import.')
    return command
