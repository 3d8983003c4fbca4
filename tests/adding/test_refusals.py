"""What the command refuses before anything is written, each told in a sentence."""

import shutil
from pathlib import Path

import pytest

from tests.adding.running import add, names
from tests.template.baking import FOLDER, REPOSITORY


@pytest.mark.parametrize(
    "name",
    ["importkit.py", "generators.py", "importkit/ours.py", "generators/__init__.py"],
)
def test_a_name_that_the_project_has_itself_is_refused(name: str, site: Path) -> None:
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).write_text("# Ours.\n")
    before = names(site)

    printed = add(site, "--force", code=2)

    taken = name.partition("/")[0].removesuffix(".py")
    assert f'The name "{taken}" is taken: there is one in {site}.' in printed
    assert ("--without-generators" in printed) is (taken == "generators")
    assert names(site) == before
    if taken == "generators":
        add(site, "--without-generators")


def test_a_folder_that_was_copied_by_hand_is_gone_on_with(site: Path) -> None:
    shutil.copytree(REPOSITORY / FOLDER / "importkit", site / "importkit")

    printed = add(site)

    assert "identical  importkit/ (" in printed
