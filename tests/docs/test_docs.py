"""Run every example of the documentation as its reader would, and compare."""

import doctest
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.processes import run, succeed
from tests.template.baking import FOLDER, REPOSITORY, bake, copy_template

GUIDES = sorted(
    [*(REPOSITORY / "docs").glob("*.md"), *(REPOSITORY / FOLDER / "docs").glob("*.md")]
)
SAMPLE = REPOSITORY / "examples" / "products.csv"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHAT_IT_DID = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Example(NamedTuple):
    """One fenced block: a file to write, or commands with what they print."""

    language: str
    path: str
    text: str


def examples(guide: Path) -> list[Example]:
    return [Example(*found) for found in BLOCK.findall(guide.read_text())]


def commands(transcript: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a transcript with the output that follows it."""
    for part in re.split(r"^\$ ", transcript, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


@pytest.fixture(scope="session")
def imported_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which the sample of the README is imported; not to be changed."""
    folder = tmp_path_factory.mktemp("docs")
    copy_template(folder / "template")
    project = bake(folder / "template", folder / "out")
    shutil.copy(SAMPLE, project.parent)
    for command in (
        "startimport products ../products.csv",
        "migrate -v0",
        "import_products --file ../products.csv",
    ):
        succeed(["python", "manage.py", *command.split()], project)
    return project


@pytest.fixture
def shop(imported_shop: Path, tmp_path: Path) -> Path:
    """A copy of the project, for one guide to work in."""
    shutil.copytree(imported_shop.parent, tmp_path / "out")
    return tmp_path / "out" / imported_shop.name


def having(language: str) -> list[Path]:
    """Return the guides that have a block of a language."""
    return [
        guide
        for guide in GUIDES
        if any(example.language == language for example in examples(guide))
    ]


@pytest.mark.parametrize("guide", having("console"), ids=lambda guide: guide.stem)
def test_what_a_guide_shows_is_what_happens(guide: Path, shop: Path) -> None:
    for example in examples(guide):
        if example.path:
            path = shop / example.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(example.text)
        if example.language == "console":
            for command, expected in commands(example.text):
                result = run(shlex.split(command), shop)

                same = doctest.OutputChecker().check_output(
                    expected, result.stdout, WHAT_IT_DID
                )
                assert same, f"$ {command}\n{result.stdout}\nnot\n{expected}"


@pytest.mark.parametrize("guide", having("python"), ids=lambda guide: guide.stem)
def test_the_code_of_a_guide_is_as_clean_as_the_code_it_speaks_of(
    guide: Path, shop: Path
) -> None:
    for example in examples(guide):
        if example.language == "python":
            assert example.path, f"A block without a path is not run:\n{example.text}"
            path = shop / example.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(example.text)

    succeed(["ruff", "check", "."], shop)
    succeed(["ruff", "format", "--check", "."], shop)
    succeed(["mypy", "."], shop, timeout=300)


def test_guides_show_commands_in_blocks_that_are_run() -> None:
    """Only pictures, which are text, are not run."""
    languages = {example.language for guide in GUIDES for example in examples(guide)}

    assert languages <= {"console", "python", "csv", "text"}
