"""A long sample is read with a bar, on a terminal only."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from generators.sample import rows


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "DELAY", 0)


def bar(capsys: pytest.CaptureFixture[str], *args: object, stderr: StringIO) -> str:
    call_command("startimport", "gadgets", *args, stdout=StringIO(), stderr=stderr)
    return capsys.readouterr().err


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("flag", ["--dry_run", "--schema"])
def test_a_terminal_shows_how_many_rows_were_read(
    capsys: pytest.CaptureFixture[str], sample: Path, flag: str
) -> None:
    assert "sample: " in bar(capsys, sample, flag, stderr=Terminal())


@pytest.mark.usefixtures("project")
def test_a_pipe_and_a_silent_run_show_no_bar(
    capsys: pytest.CaptureFixture[str], sample: Path
) -> None:
    assert bar(capsys, sample, "--dry_run", stderr=StringIO()) == ""
    assert bar(capsys, sample, "--dry_run", "-v0", stderr=Terminal()) == ""


@pytest.mark.usefixtures("project")
def test_an_interruption_leaves_no_file(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "generators.management.commands.startimport.make_plan", interrupt
    )

    with pytest.raises(CommandError, match=r"^Interrupted\. Nothing was written\.$"):
        call_command("startimport", "gadgets", sample)
