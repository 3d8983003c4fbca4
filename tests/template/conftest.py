"""The template as a committed repository, and one bake for each set of options."""

import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.template import baking
from tests.template.baking import Options

type Bakery = Callable[[Options], Path]


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Give cookiecutter a folder for its copies of the hooks, which it never removes."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the working tree as its one commit; not to be changed."""
    folder = tmp_path_factory.mktemp("made") / "template.git"
    baking.copy_template(folder)
    baking.commit(folder, "v1")
    return folder


@pytest.fixture(scope="session")
def baked(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Bakery:
    """Bake one set of options, once; the project is not to be changed."""

    @cache
    def bake(options: Options) -> Path:
        out = tmp_path_factory.mktemp("baked") / "out"
        return baking.bake(template, out, **options._asdict())

    return bake
