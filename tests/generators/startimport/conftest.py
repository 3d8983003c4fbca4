"""Samples, and projects in which startimport runs."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tests.generators.golden import copy_project
from tests.generators.startimport.runs import SAMPLE, Start
from tests.processes import succeed


@pytest.fixture
def project(tmp_path: Path, settings: Settings) -> Path:
    """An empty folder that counts as the project."""
    folder = tmp_path / "project"
    folder.mkdir()
    settings.BASE_DIR = folder
    return folder


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.csv"
    path.write_text(SAMPLE, encoding="utf-8")
    return path


@pytest.fixture
def start(project: Path, sample: Path) -> Start:
    """Run the command in this process; return what it prints."""

    def run_command(name: str = "gadgets", *flags: str, path: Path = sample) -> str:
        out = StringIO()
        call_command("startimport", name, path, *flags, stdout=out)
        return out.getvalue()

    return run_command


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of its own, with the bytecode of its modules; not to be changed."""
    folder = tmp_path_factory.mktemp("startimport") / "compiled"
    copy_project(folder)
    succeed(["python", "-m", "compileall", "-q", "."], folder)
    return folder


@pytest.fixture(scope="session")
def started(compiled: Path) -> Path:
    """A project in which the import of gadgets was started; not to be changed."""
    folder = compiled.with_name("started")
    shutil.copytree(compiled, folder)
    sample = folder.with_name("sample.csv")
    sample.write_text(SAMPLE, encoding="utf-8")
    succeed(["python", "manage.py", "startimport", "gadgets", sample], folder)
    return folder


@pytest.fixture
def untouched(compiled: Path, tmp_path: Path) -> Path:
    """A project of its own, without an import."""
    return Path(shutil.copytree(compiled, tmp_path / "untouched"))


@pytest.fixture
def made(started: Path, tmp_path: Path) -> Path:
    """A project of its own, in which the import of gadgets was started."""
    return Path(shutil.copytree(started, tmp_path / "made"))
