"""The options of a run on record, as a shell would give them to its command."""

from argparse import Action
from collections.abc import Iterator, Mapping
from typing import Any

from importkit.errors import ConfigurationError
from importkit.import_data import ImportDataBaseCommand
from importruns.records import MASK, options_of


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
    flags = [name for name in options if actions[name].option_strings]
    places = [name for name in options if name not in flags]
    texts = [text for name in flags for text in _texts(actions[name], options[name])]
    # Behind all flags, of which the last one may take several values.
    end = ["--"] if places else []
    return [*texts, *end, *(text for name in places for text in _listed(options[name]))]


def checked(
    command: ImportDataBaseCommand, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all options of a run for its record, as if a shell had given these.

    Raises:
        ConfigurationError: There is no such option.
        CommandError: An option does not take its value, or one is missing.
    """
    flags = flags_of(command, options_of(options))
    parser = command.create_parser("manage.py", "")
    return options_of(vars(parser.parse_args(flags)))


def _texts(action: Action, value: Any) -> Iterator[str]:
    """Yield the flag of an option with its value, which may begin with a minus."""
    flag = action.option_strings[-1]
    if action.nargs == 0 and type(value) is int:  # It is counted.
        yield from [flag] * value
    elif action.nargs == 0:
        # Of one that switches off, True is what it is without the flag.
        if value != action.default:
            yield flag
    elif isinstance(value, list) and action.nargs is not None:
        yield from (flag, *map(str, value))
    else:  # A list is that of an option which is given several times.
        yield from (f"{flag}={each}" for each in _listed(value))


def _listed(value: Any) -> list[str]:
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def _quoted(name: str) -> str:
    return f'"{name}"'
