"""A run on record is started again with the options that it had."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from importkit.errors import ConfigurationError
from importruns.flags import checked, flags_of
from importruns.records import options_of
from tests.importkit.shop.imports import Import


class Command(Import):
    """An import with an option of each kind."""

    def __init__(self) -> None:
        super().__init__({})

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("places", nargs="*", type=Path)
        parser.add_argument("--file", type=Path, required=True)
        parser.add_argument("--day", dest="of_day")
        parser.add_argument("--offset", type=int, default=5)
        parser.add_argument("--tag", action="append", default=[])
        parser.add_argument("--columns", nargs="+", default=["a"])
        parser.add_argument("--strict", action="store_true")
        parser.add_argument("--no-header", dest="header", action="store_false")
        parser.add_argument("--depth", action="count", default=0)
        parser.add_argument("--api-token")


def parsed(flags: list[str]) -> dict[str, Any]:
    return vars(Command().create_parser("manage.py", "import").parse_args(flags))


@pytest.mark.parametrize(
    "flags",
    [
        [],
        ["--mode", "sync", "--delete", "--yes", "--max-delete", "100%"],
        ["--on-error", "skip", "--allow-rejects", "3", "--wait", "7", "--dry-run"],
        ["--day=-1 day", "--offset", "-3", "--tag=-x", "--tag", "y z"],
        ["--columns", "b", "c", "--strict", "--depth", "--depth"],
        ["one.csv", "two.csv"],
        ["--columns", "b", "--", "one.csv"],
        ["--no-header"],
        ["--offset", "0"],
    ],
)
def test_the_options_of_a_run_are_those_of_the_shell(flags: list[str]) -> None:
    given = parsed(["--file", "/some where/a.csv", *flags])

    again = parsed(flags_of(Command(), options_of(given)))

    given["places"] = [path.absolute() for path in given["places"]]
    assert again == given


def test_a_secret_is_not_on_record_and_is_told() -> None:
    given = parsed(["--file", "/a.csv", "--api-token", "s3cret"])

    with pytest.raises(ConfigurationError) as error:
        flags_of(Command(), options_of(given))

    assert str(error.value) == (
        '"api_token": the value is a secret, which is not on record. Let the import read '
        "it from the settings instead."
    )


def test_an_option_that_the_import_has_no_more_is_told() -> None:
    with pytest.raises(ConfigurationError, match='has no option "colour" any more'):
        flags_of(Command(), {"file": "/a.csv", "colour": "red"})


def test_a_value_that_an_option_does_not_take_is_told() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        checked(Command(), {"file": "/a.csv", "mode": "nothing"})


def test_a_run_is_on_record_with_the_same_options_from_the_shell_and_from_python() -> (
    None
):
    given = checked(Command(), {"file": "a.csv", "strict": True})

    assert given == options_of(parsed(["--file", "a.csv", "--strict"]))
    assert given["file"] == str(Path("a.csv").absolute())
