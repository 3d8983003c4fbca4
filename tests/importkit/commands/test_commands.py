"""What every command does with its options."""

import gc
import os
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.color import color_style

from importkit.commands import ABCBaseCommand
from importkit.commands.base import COUNTS, SWITCHES
from importkit.errors import CleaningError, ConfigurationError
from tests.importkit.shop.commands import Command
from tests.processes import succeed


def run(command: BaseCommand, *flags: str) -> int:
    """Run a command as a shell does and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", "work", *flags, "--skip-checks"])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def options_of(*flags: str) -> dict[str, Any]:
    """Return what a command is passed for some flags."""
    return vars(Command().create_parser("manage.py", "work").parse_args(flags))


def test_the_options_have_names() -> None:
    names = {v for k, v in vars(ABCBaseCommand.Options.__base__).items() if k.isupper()}

    assert names == {*SWITCHES, *COUNTS}
    assert Command.Options.DRY_RUN == "dry_run"


def test_the_names_can_be_extended() -> None:
    class Mine(Command):
        class Options(Command.Options):
            FILE = "file"

    command = Mine()
    call_command(command, file="a.csv", skip_checks=True)

    assert command.get_option(Mine.Options.FILE) == "a.csv"
    assert command.get_option(Mine.Options.YES) is False


def test_without_flags_every_option_has_its_default() -> None:
    options = options_of()

    assert {name: options[name] for name in SWITCHES} == dict.fromkeys(SWITCHES, False)
    assert {name: options[name] for name in COUNTS} == dict.fromkeys(COUNTS)


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("joint", ["_", "-"])
def test_a_switch_is_turned_on(name: str, joint: str) -> None:
    assert options_of(f"--{name.replace('_', joint)}")[name] is True


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("joint", ["_", "-"])
def test_a_count_is_read(name: str, joint: str) -> None:
    assert options_of(f"--{name.replace('_', joint)}", "7")[name] == 7


@pytest.mark.parametrize("text", ["0", "-5", "1.5", "many", "", "9" * 20])
@pytest.mark.parametrize("name", COUNTS)
def test_a_count_that_is_not_a_positive_number_is_wrong_usage(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Command(), f"--{name}={text}") == 2

    message = f'"{text}" is not a whole number from 1 to 2147483647.'
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("value", [0, -5, 1.5, True, "7"])
@pytest.mark.parametrize("name", COUNTS)
def test_a_wrong_count_from_python_is_refused_too(name: str, value: object) -> None:
    with pytest.raises(CommandError, match=rf'^--{name}: "{value}" is not') as caught:
        call_command(Command(), **{name: value}, skip_checks=True)

    assert caught.value.returncode == 2


def test_options_of_django_stay() -> None:
    options = options_of("--verbosity", "2", "--no-color", "--traceback")

    assert (options["verbosity"], options["no_color"]) == (2, True)
    assert options["traceback"] is True


def test_a_command_runs_without_any_option() -> None:
    command = Command(lambda: "done")

    assert command.handle() == "done"
    assert command.get_option("batch_size") is None


def test_the_work_can_be_done_without_handle() -> None:
    command = Command()
    command.work = lambda: str(command.get_option("dry_run"))

    assert command.handle_command() == "False"


def test_options_are_kept_exactly_as_passed() -> None:
    command = Command()

    command.base_handle("one", "two", test_option="x")

    assert command.args == ("one", "two")
    assert command.options == {"test_option": "x"}
    assert command.get_option("test_option") == "x"


def test_what_the_work_returns_is_printed() -> None:
    out = StringIO()

    result = call_command(Command(lambda: "all done"), stdout=out, skip_checks=True)

    assert result == "all done"
    assert out.getvalue() == "all done\n"


def test_a_misspelt_option_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Command().get_option("batchsize")

    assert str(caught.value) == (
        'There is no option "batchsize" (did you mean "batch_size"?).'
        " Options are declared in add_command_arguments."
    )


def test_both_abstract_methods_stay_abstract() -> None:
    assert ABCBaseCommand.__abstractmethods__ == {
        "add_command_arguments",
        "handle_command",
    }


def test_handle_cannot_be_overridden() -> None:
    with pytest.raises(ConfigurationError, match="Implement handle_command instead"):
        type("Mine", (Command,), {"handle": lambda self: None})
    assert getattr(ABCBaseCommand.handle, "__final__", False)


class Refusing(Command):
    """A command that has no use for threads."""

    refused_options: ClassVar[Mapping[str, str]] = {
        "threads": "rows are written one after the other, 100% so",
        "yes": "no",
    }


def test_an_option_that_cannot_be_honoured_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(Refusing(), "--threads", "2") == 2
    assert capsys.readouterr().err == (
        "CommandError: --threads: rows are written one after the other, 100% so\n"
    )
    assert Refusing(lambda: "done").handle(threads=None, yes=False) == "done"


def test_help_says_which_options_are_refused_and_why() -> None:
    text = " ".join(Refusing().create_parser("manage.py", "work").format_help().split())

    refused = "Rows are written one after the other, 100% so."
    assert "refused by this command:" in text
    assert f"--threads N {refused}" in text
    assert "--processes N Use N processes." in text


@pytest.mark.parametrize("option", ["yes", "force"])
def test_a_question_is_answered_by_an_option(
    option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    command = Command()
    command.base_handle(**{option: True})

    assert command.confirm("Delete 3 rows?")


def test_a_question_that_nobody_can_answer_is_wrong_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = Command()
    command.work = lambda: str(command.confirm("Delete 3 rows?"))

    assert run(command) == 2
    assert capsys.readouterr().err == (
        "CommandError: Delete 3 rows? Nobody can answer here: run again with --yes.\n"
    )


class Terminal(StringIO):
    """Somebody at the keyboard."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize(
    ("answer", "agreed"),
    [("y\n", True), (" YES \n", True), ("\n", False), ("n\n", False), ("", False)],
)
def test_a_question_is_asked(
    answer: str,
    agreed: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))

    assert Command().confirm("Delete 3 rows?") is agreed
    assert capsys.readouterr().out == "Delete 3 rows? [y/N] "


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (CleaningError("row 3 is wrong"), 1, "row 3 is wrong"),
        (ConfigurationError("no such hook"), 2, "no such hook"),
        (
            BrokenPipeError(),
            1,
            "The output could not be written to its end: its reader has gone.",
        ),
        (
            KeyboardInterrupt(),
            3,
            "Interrupted. The transaction that was open, if any, was rolled back;"
            " what had been committed before stays.",
        ),
    ],
)
def test_an_error_is_a_message_and_an_exit_code(
    error: BaseException, code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        raise error

    assert run(Command(work), "--verbosity=0") == code
    assert capsys.readouterr().err == f"CommandError: {text}\n"
    with pytest.raises(CommandError) as caught:
        Command(work).run_from_argv(
            ["manage.py", "work", "--traceback", "--skip-checks"]
        )
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("flags", [(), ("--help",)])
def test_a_process_that_ends_does_not_look_for_objects_to_free(
    flags: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    gc.unfreeze()
    try:
        with nullcontext() if not flags else pytest.raises(SystemExit):
            Command().run_from_argv(["manage.py", "work", "--skip-checks", *flags])
        # None is left that the next search would look at.
        assert len(gc.get_objects()) < gc.get_freeze_count()
    finally:
        gc.unfreeze()


def test_only_the_first_line_of_an_error_is_in_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def work() -> None:
        raise CleaningError("2 problems:\n  4 | 2,two\n    |   ^^^")

    terminal = StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)

    run(Command(work))

    first, *others = terminal.getvalue().splitlines()
    assert (
        first == f"{color_style(force_color=True).ERROR('CommandError: 2 problems:')}"
    )
    assert others == ["  4 | 2,two", "    |   ^^^"]


def test_other_errors_keep_their_traceback() -> None:
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Command(work).handle()


def test_a_command_needs_its_two_methods() -> None:
    class Half(ABCBaseCommand):
        def add_command_arguments(self, parser: ArgumentParser) -> None: ...

    with pytest.raises(TypeError, match="handle_command"):
        Half()  # type: ignore[abstract]  # the point of the test


def test_the_help_of_a_command_loads_nothing_heavy() -> None:
    code = "import sys, importkit.commands; print('polars' in sys.modules)"

    path = os.pathsep.join(sys.path)
    output = succeed(["python", "-c", code], Path.cwd(), variables={"PYTHONPATH": path})

    assert output == "False\n"
