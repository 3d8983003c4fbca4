"""The first commands of the README work as they stand, in a clone of the template."""

import re
import sys
from pathlib import Path

from tests.docs import pictures
from tests.processes import succeed
from tests.template import baking
from tests.template.baking import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_first_commands_start_a_project_and_import_a_file(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    baking.copy_template(clone)
    baking.commit(clone, "v1")
    [first, *_] = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    # The packages of this environment, instead of those that uv would fetch.
    commands = first.replace("uvx ", f"{sys.executable} -m ")
    commands = commands.replace("uv run ", f"{sys.executable} ")

    printed = succeed(
        ["sh", "-e", "-c", commands],
        clone,
        answers="\n" * 5,
        variables=home(tmp_path),
    )

    assert "Products: 3,000 new, 0 changed, 0 unchanged." in printed


def home(folder: Path) -> dict[str, str]:
    """Keep what cookiecutter remembers out of this person's home."""
    (folder / "home").mkdir()
    return {"HOME": str(folder / "home")}


def test_the_pictures_show_what_the_commands_print() -> None:
    drawn = {
        path.stem: path.read_text(encoding="utf-8")
        for path in pictures.FOLDER.glob("*.svg")
    }

    # uv run python -m tests.docs.pictures
    assert drawn == pictures.draw()
    assert all(f"docs/pictures/{name}.svg" in README for name in drawn)
