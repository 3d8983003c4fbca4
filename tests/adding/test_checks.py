"""The checks of a project are told what to leave out, and then do leave it out."""

from pathlib import Path

import pytest

from tests.adding.running import add
from tests.processes import run

SAID = "The checks of the project may leave out what you did not write:\n"
RUFF = '   ruff: extend-exclude = ["importkit", "importruns", "generators"]\n'
BLACK = "   black: extend-exclude = '/(importkit|importruns|generators)/'\n"
OVERRIDES = """\
   mypy, in pyproject.toml:
   [[tool.mypy.overrides]]
   module = ["importkit.*", "importruns.*", "generators.*"]
   ignore_errors = true
"""
INI = """\
   mypy, in mypy.ini:
   [mypy-importkit.*,importruns.*,generators.*]
   ignore_errors = True
"""


def followed(hint: str) -> str:
    """Return what a person writes into the configuration."""
    lines = hint.splitlines()
    told = [line for line in lines if not line.startswith("   mypy, in")]
    return "\n".join(line.strip().split(": ", 1)[-1] for line in told) + "\n"


@pytest.mark.parametrize(
    ("file", "section", "hint"),
    [
        ("pyproject.toml", "[tool.ruff]", RUFF),
        ("ruff.toml", "line-length = 99", RUFF),
        ("pyproject.toml", "[tool.black]", BLACK),
        ("pyproject.toml", "[tool.mypy]", OVERRIDES),
        ("mypy.ini", "[mypy]", INI),
    ],
)
def test_a_check_is_told_once_what_to_leave_out(
    file: str, section: str, hint: str, site: Path
) -> None:
    (site / ".git").mkdir()
    (site / file).write_text(f"{section}\n")

    assert f"\n{SAID}{hint}\n" in add(site)

    (site / file).write_text(f"{section}\n{followed(hint)}")
    assert SAID not in add(site)


@pytest.mark.parametrize(
    ("file", "section", "hint"),
    [("pyproject.toml", "[tool.mypy]", OVERRIDES), ("mypy.ini", "[mypy]", INI)],
)
def test_mypy_says_nothing_of_what_code_of_ours_imports(
    file: str, section: str, hint: str, site: Path
) -> None:
    package = site / "importkit"
    package.mkdir()
    (package / "__init__.py").write_text('NUMBER: int = "none"\n')
    (site / "ours.py").write_text("from importkit import NUMBER\n")
    checked = ["mypy", "ours.py", "importkit"]

    (site / file).write_text(f"{section}\n")
    before = run(checked, site)
    (site / file).write_text(f"{section}\n{followed(hint)}")
    after = run(checked, site)

    assert before.returncode == 1, before.stdout
    assert after.returncode == 0, after.stdout
