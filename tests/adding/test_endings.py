"""How the command ends where somebody, or something, stops it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adding import project
from tests.adding.running import PYTHON, names
from tests.processes import environment
from tests.template.baking import REPOSITORY

# A project that does not answer, and says when it was asked.
SLOW = "import pathlib, time\npathlib.Path('asked').touch()\ntime.sleep(600)\n"


def start(site: Path, **variables: str) -> subprocess.Popen[str]:
    places = [PYTHON, REPOSITORY / "add_importkit.py", site]
    return subprocess.Popen(  # noqa: S603  the command itself
        [*places, "--python", PYTHON],
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_interrupt_is_told_in_one_line(site: Path) -> None:
    (site / "manage.py").write_text(SLOW)
    before = names(site)

    with start(site) as process:
        while not (site / "asked").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate()

    assert (printed, said) == ("", "Interrupted. Nothing was written.\n")
    assert process.returncode == 3
    assert names(site) == before | {"asked"}


def test_a_project_that_gives_no_answer_is_not_waited_for(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "manage.py").write_text(SLOW)
    monkeypatch.setattr(project, "SECONDS", 1)

    with pytest.raises(project.RefusedError, match="gave no answer within 1 seconds"):
        project.ask(site / "manage.py", sys.executable, ())


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_nothing_is_said_where_nobody_reads_on(unbuffered: str, site: Path) -> None:
    with start(site, PYTHONUNBUFFERED=unbuffered) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()

    assert said == ""
