"""A project that Django started, and a Python that has nothing but Django."""

import sys
from pathlib import Path

import pytest

from tests.processes import succeed

# What a site-packages folder with nothing but Django has.
DJANGO = ("django", "django-*", "asgiref", "asgiref-*", "sqlparse", "sqlparse-*")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A project as ``django-admin startproject`` makes one."""
    folder = tmp_path / "site"
    folder.mkdir()
    succeed(["python", "-m", "django", "startproject", "site_of_ours", "."], folder)
    return folder


@pytest.fixture
def bare_python(tmp_path: Path) -> Path:
    """A Python that has Django and no other package."""
    installed = Path(packages_folder())
    lib = tmp_path / "lib"
    lib.mkdir()
    for pattern in DJANGO:
        for path in installed.glob(pattern):
            (lib / path.name).symlink_to(path)
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={lib} exec {sys.executable} -S "$@"\n')
    program.chmod(0o755)
    return program


def packages_folder() -> str:
    return next(path for path in sys.path if path.endswith("site-packages"))
