"""The file in which a project lists its apps is found, wherever its settings are."""

from itertools import count
from pathlib import Path

import pytest

from generators.writing.settings_files import find_settings_file

NUMBERS = count()
LIST = 'INSTALLED_APPS = ["a"]\n'


@pytest.mark.parametrize(
    ("files", "settings", "found"),
    [
        ({"x.py": LIST}, "x", "x.py"),
        ({"__init__.py": LIST}, "", "__init__.py"),
        ({"base.py": LIST, "dev.py": "from .base import *\n"}, "dev", "base.py"),
        (
            {
                "base.py": LIST,
                "dev.py": "from .base import *\n\nif DEBUG:\n"
                '    INSTALLED_APPS += ["generators"]\n',
            },
            "dev",
            "base.py",
        ),
        (
            {
                "base.py": LIST,
                "dev.py": "from .base import *\nfrom .base import INSTALLED_APPS\n"
                'INSTALLED_APPS = [*INSTALLED_APPS, "toolbar"]\n',
            },
            "dev",
            "base.py",
        ),
        (
            {"parts/__init__.py": "", "parts/apps.py": LIST}
            | {"base.py": "from .parts.apps import INSTALLED_APPS\n"}
            | {"dev.py": "from .base import *\n"},
            "dev",
            "parts/apps.py",
        ),
        ({"base.py": LIST, "__init__.py": "from .base import *\n"}, "", "base.py"),
        ({"base.py": LIST, "dev.py": "from .base import *\n" + LIST}, "dev", "dev.py"),
        ({"dev.py": "include('parts/*.py')\n"}, "dev", "dev.py"),
        ({"dev.py": "from .dev import *\n"}, "dev", "dev.py"),
    ],
)
def test_the_file_is_the_one_that_makes_the_list(
    files: dict[str, str],
    settings: str,
    found: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A name of its own: Python keeps the modules that it has seen.
    package = f"settings_{next(NUMBERS)}"
    for name, text in {"__init__.py": "", **files}.items():
        path = tmp_path / package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = f"{package}.{settings}".rstrip(".")

    made = find_settings_file(module, tmp_path)

    assert made == tmp_path / package / found


def test_settings_outside_the_project_are_no_file_of_the_project(
    tmp_path: Path,
) -> None:
    assert find_settings_file("django.conf.global_settings", tmp_path) is None
