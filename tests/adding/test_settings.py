"""What the user is told to do next, by what the settings of the project hold."""

from pathlib import Path

from tests.adding.running import add
from tests.processes import succeed


def test_settings_that_need_something_are_followed_by_another_run(site: Path) -> None:
    settings = site / "site_of_ours/settings.py"
    whole = settings.read_text()
    settings.write_text("import os\n\nSECRET_KEY = os.environ['NOT_SET_HERE']\n")

    printed = add(site)

    assert printed.endswith(
        "\nRun this command again once the settings can be imported. "
        "Now they cannot: KeyError: 'NOT_SET_HERE'\n"
    )
    assert "Next:" not in printed
    settings.write_text(whole)
    assert add(site).endswith(
        "Next:\n   python manage.py startimport products sample.csv\n"
    )


def test_settings_without_debug_are_told_to_be_no_place_for_startimport(
    site: Path,
) -> None:
    settings = site / "site_of_ours/settings.py"
    whole = settings.read_text()
    settings.write_text(whole.replace("DEBUG = True", "DEBUG = False"))
    develop = "from .settings import *\n\nDEBUG = True\n"
    (site / "site_of_ours/develop.py").write_text(develop)

    printed = add(site)

    assert "startimport runs where DEBUG is on: in site_of_ours.settings" in printed
    assert "Next:" not in printed
    named = {"DJANGO_SETTINGS_MODULE": "site_of_ours.develop"}
    assert "Next:" in add(site, variables=named)
    command = ["python", "manage.py", "startimport", "--help"]
    succeed(command, site, variables=named)
