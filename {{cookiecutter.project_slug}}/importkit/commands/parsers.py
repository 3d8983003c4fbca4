"""The parser of a command: a short usage, options in groups, and the nearest option."""

import difflib
import re
import shlex
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, NoReturn

# The options that Django adds to each command, and --help.
OF_DJANGO = {
    *("help", "version", "verbosity", "settings", "pythonpath"),
    *("traceback", "no_color", "force_color", "skip_checks"),
}
UNKNOWN = re.compile(r"unrecognized arguments: (.*)", re.DOTALL)
REQUIRED = re.compile(r"the following arguments are required: (--\S+)")


def made_readable(parser: ArgumentParser) -> ArgumentParser:
    """Make the help and the errors of a parser short, once it has all of its options."""
    options = parser._optionals._group_actions
    group = parser.add_argument_group("every Django command")
    for action in [each for each in options if each.dest in OF_DJANGO]:
        options.remove(action)
        group._group_actions.append(action)
    if parser.usage is None:
        parser.usage = _usage(parser)
    parse, tell, find = parser.parse_known_args, parser.error, parser._get_option_tuples
    given: list[str] = []

    def parse_known_args(args: Any = None, namespace: Any = None) -> Any:
        given[:] = sys.argv[1:] if args is None else args
        return parse(args, namespace)

    def error(message: str) -> NoReturn:
        tell(_with_value(_with_nearest(message, parser), given, parser))

    def find_options(option_string: str) -> Any:
        """Return the options that a short form may mean, each in its first spelling."""
        found: dict[int, Any] = {}
        for option in find(option_string):
            found.setdefault(id(option[0]), option)
        return [*found.values()]

    parser.parse_known_args = parse_known_args  # type: ignore[method-assign]
    parser.error = error  # type: ignore[method-assign]
    parser._get_option_tuples = find_options  # type: ignore[method-assign]
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


def _with_value(message: str, given: Sequence[str], parser: ArgumentParser) -> str:
    """Add to an error about a missing option the value that may be meant for it."""
    match = REQUIRED.fullmatch(message)
    takes_others = any(not action.option_strings for action in parser._actions)
    if match is None or takes_others or not given or given[0].startswith("-"):
        return message
    flag = match[1].partition("/")[0]
    return f"{message} (did you mean {flag} {shlex.quote(given[0])}?)"
