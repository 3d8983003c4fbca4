"""A long sample is read with a bar, on a terminal only."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

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
