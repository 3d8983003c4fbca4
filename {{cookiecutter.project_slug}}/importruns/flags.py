"""The options of a run on record, as a shell would give them to its command."""

from argparse import Action
from collections.abc import Iterator, Mapping
from typing import Any

from importkit.errors import ConfigurationError
from importkit.import_data import ImportDataBaseCommand
from importruns.records import MASK


def flags_of(command: ImportDataBaseCommand, options: Mapping[str, Any]) -> list[str]:
    """Return flags and arguments from which the parser of a command makes these options.

    Args:
        command: The import.
        options: Its options by name, as ``records.options_of`` gives them.

    Raises:
        ConfigurationError: An option is not on record, or the command does not have it.
    """
    parser = command.create_parser("manage.py", "")
    actions = {action.dest: action for action in parser._actions}
    unknown = [name for name in options if name not in actions]
    if unknown:
        raise ConfigurationError(
            f"The import has no option {', '.join(map(_quoted, unknown))} any more."
        )
    secret = [name for name, value in options.items() if value == MASK]
    if secret:
        raise ConfigurationError(
            f"{', '.join(map(_quoted, secret))}: the value is a secret, which is not on "
            "record. Let the import read it from the settings instead."
        )
    # What stands without a flag comes last, behind what takes several values.
    ordered = sorted(options, key=lambda name: not actions[name].option_strings)
    return [text for name in ordered for text in _texts(actions[name], options[name])]


def _texts(action: Action, value: Any) -> Iterator[str]:
    """Yield the texts that give an option its value."""
    flag = action.option_strings[-1] if action.option_strings else None
    if flag is None:
        yield from map(str, value if isinstance(value, list) else [value])
    elif action.nargs == 0 and type(value) is int:  # It is counted.
        yield from [flag] * value
    elif action.nargs == 0:
        # Of one that switches off, True is what it is without the flag.
        if value != action.default:
            yield flag
    elif isinstance(value, list) and action.nargs is None:  # It is given several times.
        for each in value:
            yield from (flag, str(each))
    elif isinstance(value, list):
        yield from (flag, *map(str, value))
    else:
        # In one text: a value may begin with a minus.
        yield f"{flag}={value}"


def _quoted(name: str) -> str:
    return f'"{name}"'
