"""What the user is told to do next, by what the settings of the project hold."""

from pathlib import Path

from tests.adding.running import add


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
