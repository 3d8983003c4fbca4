"""What the command refuses before anything is written, each told in a sentence."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.adding.running import add, names
from tests.template.baking import FOLDER, REPOSITORY


@pytest.mark.parametrize(
    "name",
    [
        "importkit.py",
        "importruns.py",
        "generators.py",
        "importkit/ours.py",
        "importruns/models.py",
        "generators/__init__.py",
    ],
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


def test_all_places_that_cannot_be_written_are_told_first(site: Path) -> None:
    (site / "importkit/bulk.py").mkdir(parents=True)
    (site / ".importkit.json").mkdir()
    (site / "docs").touch()
    before = names(site)

    printed = add(site, code=2)

    assert printed == (
        f"{site}/docs is a file, where a folder is to be made: move it away.\n"
        f"{site}/importkit/bulk.py is a folder, where a file is to be written: move it away.\n"
        f"{site}/.importkit.json is a folder, where a file is to be written: move it away.\n"
        "Nothing was written.\n"
    )
    assert names(site) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere.")
def test_places_without_the_right_to_write_are_told_first(site: Path) -> None:
    settings, docs = site / "site_of_ours/settings.py", site / "docs"
    docs.mkdir(mode=0o500)
    settings.chmod(0o400)
    before = names(site)

    printed = add(site, code=2)

    assert printed == (
        f"{docs} cannot be written: you have no right to.\n"
        f"{settings} cannot be written: you have no right to.\n"
        "Nothing was written.\n"
    )
    assert names(site) == before


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("raise OSError('no vault')", "OSError: no vault"),
        (
            "import django.core.management as m; m.execute_from_command_line([])",
            "manage.py names no DJANGO_SETTINGS_MODULE",
        ),
        (
            "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'none_of_ours.settings'\n"
            "import django.core.management as m; m.execute_from_command_line([])",
            "ModuleNotFoundError: No module named 'none_of_ours'",
        ),
    ],
)
def test_a_project_that_does_not_start_is_refused(
    written: str, error: str, site: Path
) -> None:
    (site / "manage.py").write_text(written)
    before = names(site)

    printed = add(site, code=2)

    assert f"{site}/manage.py stops before it runs a command ({error})" in printed
    assert printed.endswith("Nothing was written.\n")
    assert names(site) == before


@pytest.mark.parametrize("folder", ["importkit", "generators"])
def test_startimport_is_left_out_only_where_that_ends_the_conflict(
    folder: str, site: Path
) -> None:
    add(site)
    name = f"{folder}/__init__.py"
    (site / name).write_text("# Mine.\n")
    note = json.loads((site / ".importkit.json").read_text())
    note["files"][name] = "another"
    (site / ".importkit.json").write_text(json.dumps(note))

    printed = add(site, code=1)

    is_named = "--without-generators leaves startimport out." in printed
    assert is_named is (folder == "generators")
    if is_named:
        add(site, "--without-generators")
