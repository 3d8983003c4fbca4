"""The parser of a command: a short usage, options in groups, and the nearest option."""

import difflib
import re
from argparse import ArgumentParser
from typing import NoReturn

# The options that Django adds to each command, and --help.
OF_DJANGO = {
    *("help", "version", "verbosity", "settings", "pythonpath"),
    *("traceback", "no_color", "force_color", "skip_checks"),
}
UNKNOWN = re.compile(r"unrecognized arguments: (.*)", re.DOTALL)


def made_readable(parser: ArgumentParser) -> ArgumentParser:
    """Make the help and the errors of a parser short, once it has all of its options."""
    options = parser._optionals._group_actions
    group = parser.add_argument_group("every Django command")
    for action in [each for each in options if each.dest in OF_DJANGO]:
        options.remove(action)
        group._group_actions.append(action)
    if parser.usage is None:
        parser.usage = _usage(parser)
    tell = parser.error

    def error(message: str) -> NoReturn:
        tell(_with_nearest(message, parser))

    parser.error = error  # type: ignore[method-assign]
    return parser


def _usage(parser: ArgumentParser) -> str:
    """Return how a command is called, with the arguments that it needs."""
    words = ["%(prog)s"]
    for action in parser._actions:
        if not action.required:
            continue
        name = action.metavar or (action.choices and "|".join(action.choices))
        shown = str(name or action.dest.upper()).replace("%", "%%")
        words += [*action.option_strings[:1], shown]
    return " ".join([*words, "[options]"])


def _with_nearest(message: str, parser: ArgumentParser) -> str:
    """Add to an error about unknown options the options that may be meant."""
    match = UNKNOWN.fullmatch(message)
    if match is None:
        return message
    known = [
        flag
        for action in parser._actions
        for flag in action.option_strings
        if flag.startswith("--")
    ]
    named = [text.partition("=")[0] for text in match[1].split()]
    near = [
        found
        for name in named
        if name.startswith("-")
        for found in difflib.get_close_matches(f"--{name.lstrip('-')}", known, n=1)
    ]
    hint = f" (did you mean {' '.join(near)}?)" if near else ""
    return f"there is no such option or argument: {match[1]}{hint}"
